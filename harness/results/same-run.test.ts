import { expect } from 'chai';
import { exampleHeader } from '../report/example.ts';
import {
  browsersOfRun,
  differentBrowsers,
  differentFlags,
  differentHarness,
  differentlyNamed,
  differentScenarios,
  differentScripts,
} from './same-run.ts';

const { run, browsers, scenarios } = exampleHeader();

describe('a run that is to go on', () => {
  it('is the same run where nothing differs, whatever else is there', () => {
    expect(differentHarness(run, structuredClone(run))).to.deep.equal([]);
    expect(differentBrowsers(browsers.slice(0, 1), browsers)).to.deep.equal([]);
    expect(differentScenarios(scenarios.slice(0, 1), scenarios)).to.deep.equal([]);
    expect(differentFlags({ repeat: 2 }, { repeat: 2, timeout: 7 }, ['repeat'])).to.deep.equal([]);
  });

  it('names a browser of another version or under another driver', () => {
    const now = browsers.map((browser) => ({ ...browser, version: '9' }));
    expect(differentBrowsers(browsers, now.slice(0, 1))).to.deep.equal([
      'the browser chromium was Chromium 156.0.8078.79 under playwright 1.64.1 and is Chromium 9 under playwright 1.64.1',
    ]);
    const driven = browsers.map((browser) => ({ ...browser, driver: { name: 'webdriverio', version: '1' } }));
    expect(differentBrowsers(browsers, driven)).to.have.length(browsers.length);
  });

  it('has its browsers as it began, and what those were started with since', () => {
    const [one, two] = browsers.map(({ id }) => id);
    const asShipped = { launchArgs: ['--no-sandbox'], prefs: {} };
    const now = browsers.slice(0, 2).map((browser) => ({ ...browser, launchArgs: ['--other'], asShipped }));
    const ids = [two, one, 'never-started'].flatMap((id) => id ?? []);
    expect(browsersOfRun(ids, browsers.slice(0, 1), now)).to.deep.equal([
      now[1],
      { ...browsers[0], asShipped },
    ]);
    expect(browsersOfRun(ids, now, browsers), 'the second time without').to.deep.equal(now.toReversed());
  });

  it('knows columns of one browser by what they load', () => {
    const columns = ['a.js', 'b.js'].map((name) => ({ text: 'chromium', spec: { id: `chromium-${name}` } }));
    expect(differentlyNamed(columns, columns.toReversed())).to.deep.equal([]);
    expect(differentlyNamed(columns, columns.slice(1))).to.deep.equal([
      'the browser chromium was {"id":"chromium-a.js"} and is {"id":"chromium-b.js"}',
    ]);
    expect(differentlyNamed(columns.slice(0, 1), [])).to.have.length(1);
  });

  it('names a scenario that is judged otherwise now, or is gone', () => {
    const [first] = scenarios;
    const now = scenarios.slice(1).map((scenario, at) => (at === 0 ? { ...scenario, version: 2 } : scenario));
    expect(differentScenarios(scenarios, now)).to.deep.equal([
      `the version of ${first?.id ?? ''} was 1 and is not there`,
      `the version of ${now[0]?.id ?? ''} was 1 and is 2`,
    ]);
  });

  it('names another harness and another machine', () => {
    const harness = { version: '0.2.0', commit: null };
    const environment = { ...run.environment, node: 'v22.0.0' };
    const said = differentHarness(run, { harness, environment });
    expect(said[0]).to.equal("webrtc-interop's version was 0.1.0 and is 0.2.0");
    expect(said[1]).to.match(/commit was 0123.* and is null/);
    expect(said[2]).to.match(/the machine was .*20\.20\.2.* and is .*v22\.0\.0/);
  });

  it('names a script of other content, and another list of scripts', () => {
    const script = { use: 'offerer', name: 'fault.js', sha256: 'a' };
    expect(differentScripts([script], [{ ...script }])).to.deep.equal([]);
    expect(differentScripts([script], [{ ...script, sha256: 'b' }])).to.deep.equal([
      'fault.js (offerer) has other content',
    ]);
    expect(differentScripts([script], [])).to.deep.equal([
      'the list of what it loads was ["fault.js (offerer)"] and is []',
    ]);
  });

  it('names a flag that was given otherwise, and ignores the defaults', () => {
    const before = { repeat: 2, scenarios: ['a'] };
    const now = { repeat: 3, scenarios: ['a'], timeout: 7, failOnFlaky: true };
    expect(differentFlags(before, now, ['repeat', 'failOnFlaky'])).to.deep.equal([
      '--repeat was 2 and is 3',
      '--fail-on-flaky was not there and is true',
    ]);
  });
});
