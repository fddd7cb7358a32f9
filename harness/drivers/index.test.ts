import { expect } from 'chai';
import { drivenSpec } from './driven.example.ts';
import { driverNameOf, startBrowser } from './index.ts';
import { packageVersion } from './package-version.ts';

describe('the driver of a browser', function () {
  this.timeout(60_000); // A driver's library takes seconds to load on a busy machine.
  const cases: [string, string][] = [
    ['chromium', 'playwright'],
    ['firefox', 'playwright'],
    ['webkit', 'playwright'],
    ['safari', 'webdriverio'],
    ['webkitgtk', 'webdriverio'],
    ['far=firefox@http://127.0.0.1:4444', 'webdriverio'],
    ['c=chromium+webdriverio', 'webdriverio'],
  ];
  for (const [text, driver] of cases) {
    it(`is ${driver} for ${text}`, () => expect(driverNameOf(drivenSpec(text))).to.equal(driver));
  }

  it('says which one to use instead of one that cannot', async () => {
    const spec = drivenSpec('w=webkitgtk+playwright');
    const error = await startBrowser(spec, { headed: false, timeoutMs: 1000 }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).to.include({ code: 'unsupported-driver' });
    expect(String(error)).to.include('w=webkitgtk+webdriverio');
  });

  it('names what nobody answers', async () => {
    const spec = drivenSpec('far=firefox@http://127.0.0.1:1');
    const error = await startBrowser(spec, { headed: false, timeoutMs: 5000 }).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).to.include({ code: 'endpoint-unreachable' });
    expect(String(error)).to.include('http://127.0.0.1:1');
  });

  it('has a version', async () => {
    expect(await packageVersion('webdriver')).to.match(/^9\./);
    expect(await packageVersion('playwright')).to.match(/^1\./);
  });
});
