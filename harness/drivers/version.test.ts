import { expect } from 'chai';
import { parseVersion, versionOf } from './version.ts';

describe('the version that an executable tells', () => {
  const lines: [string, string, string][] = [
    ['Chromium 156.0.8078.79 built on Debian GNU/Linux 12 (bookworm)', 'Chromium', '156.0.8078.79'],
    ['Google Chrome 156.0.8078.79 ', 'Google Chrome', '156.0.8078.79'],
    ['Mozilla Firefox 153.7.0esr', 'Firefox ESR', '153.7.0'],
    ['Mozilla Firefox 155.0a1', 'Firefox', '155.0a1'],
    ['WebKitGTK 2.50.6', 'WebKitGTK', '2.50.6'],
    ['geckodriver 0.37.1 (abc 2026-01-01)', 'geckodriver', '0.37.1'],
  ];
  for (const [line, product, version] of lines) {
    it(`is read from "${line}"`, () => expect(parseVersion(line)).to.deep.equal({ product, version }));
  }

  it('is not made up', async () => {
    expect(parseVersion('sleep (GNU coreutils) 9.1')).to.equal(undefined);
    expect(await versionOf('/bin/false')).to.equal(undefined);
    expect(await versionOf('/nowhere')).to.equal(undefined);
  });
});
