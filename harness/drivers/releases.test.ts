import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Browser, Cache } from '@puppeteer/browsers';
import { expect } from 'chai';
import { factsOf } from '../config/browsers.ts';
import { drivenSpec } from './driven.example.ts';
import { findBrowser } from './find-browser.ts';
import { buildOf, findRelease, isVersion, releasesHere } from './releases.ts';
import { cacheAt, standIn } from './releases.example.ts';

describe('a version of a browser', () => {
  for (const [asked, versions, others] of [
    ['150', ['150.0.7871.100', '150.0.1', '150'], ['15.0', '1500.0', '151.0', '150.0esr', '150.0b3']],
    ['150.0.7871', ['150.0.7871.100'], ['150.0.78711.1', '150.0.787']],
    ['153esr', ['153.7.0esr'], ['153.7.0', '152.9esr']],
    ['154.0a1', ['154.0a1'], ['154.0', '154.0b1']],
  ] as const) {
    it(`${asked} is ${versions.join(', ')}, and not ${others.join(', ')}`, () => {
      expect(versions.filter((version) => !isVersion(version, asked))).to.deep.equal([]);
      expect(others.filter((version) => isVersion(version, asked))).to.deep.equal([]);
    });
  }

  it('is a build of the channel that its name tells', () => {
    const { releases: firefox } = factsOf('firefox');
    const { releases: chrome } = factsOf('chrome');
    if (!firefox || !chrome) throw new Error('they have releases');
    for (const [version, build] of [
      ['150', 'stable_150.0'],
      ['150.0.1', 'stable_150.0.1'],
      ['153.7.0esr', 'esr_153.7.0esr'],
      ['153esr', 'esr_153.0esr'],
      ['160.0b3', 'beta_160.0b3'],
      ['161.0a1', 'nightly_161.0a1'],
    ] as const)
      expect(buildOf(firefox, version)).to.equal(build);
    expect(buildOf(chrome, '150.0.7871.100')).to.equal('150.0.7871.100');
  });
});

describe('the releases that were downloaded', () => {
  let folder = '';
  let restore = (): void => undefined;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'wi-releases-'));
    restore = cacheAt(folder);
  });
  afterEach(async () => {
    restore();
    await rm(folder, { recursive: true });
  });

  it('are none where nothing was downloaded', async () => {
    expect(await releasesHere()).to.deep.equal([]);
    expect(await findRelease('chrome', '150')).to.equal(undefined);
    expect(await findRelease('firefox', 'esr')).to.equal(undefined);
  });

  it('are found by their number, the newest that has it', async () => {
    await standIn(folder, 'chrome', '150.0.7871.9', 'exit');
    const newest = await standIn(folder, 'chrome', '150.0.7871.100', 'exit');
    await standIn(folder, 'chrome', '151.0.1.1', 'exit');
    await standIn(folder, 'firefox', 'stable_150.0', 'exit');
    expect((await findRelease('chrome', '150'))?.executable).to.equal(newest);
    expect((await findRelease('chrome', '150.0.7871.9'))?.version).to.equal('150.0.7871.9');
    expect((await findRelease('firefox', '150'))?.build).to.equal('stable_150.0');
    expect(await findRelease('chrome', '152')).to.equal(undefined);
    expect((await releasesHere()).map(({ kind, version }) => `${kind} ${version}`)).to.deep.equal([
      'chrome 150.0.7871.9',
      'chrome 150.0.7871.100',
      'chrome 151.0.1.1',
      'firefox 150.0',
    ]);
  });

  it('are of a channel as it was when it was installed', async () => {
    await standIn(folder, 'firefox', 'esr_140.12.0esr', 'exit');
    await standIn(folder, 'firefox', 'esr_153.7.0esr', 'exit');
    expect(await findRelease('firefox', 'esr')).to.equal(undefined);
    new Cache(folder).writeMetadata(Browser.FIREFOX, { aliases: { esr: 'esr_140.12.0esr' } });
    expect((await findRelease('firefox', 'esr'))?.version).to.equal('140.12.0esr');
  });

  it('bring the driver program of their own build, and no other', async () => {
    await standIn(folder, 'chrome', '150.0.7871.100', 'exit');
    await standIn(folder, 'chrome', '151.0.1.1', 'exit');
    const program = await standIn(folder, 'chromedriver', '151.0.1.1', 'exit');
    expect((await findBrowser(drivenSpec('chrome+webdriverio@151'))).driverProgram).to.equal(program);
    expect((await findBrowser(drivenSpec('chrome+webdriverio@150'))).driverProgram).to.equal(undefined);
  });

  it('are not those whose program is not there, and what is missing says how it is installed', async () => {
    await chmod(await standIn(folder, 'chrome', '150.0.7871.100', 'exit'), 0o644);
    const missing = findBrowser(drivenSpec('chrome@150'));
    const error: unknown = await missing.catch((thrown: unknown) => thrown);
    expect(error).to.have.property('code', 'browser-not-found');
    expect(String(error)).to.include(`looked for chrome 150 in ${folder}`);
    expect(String(error)).to.include('`npx webrtc-interop install chrome@150`');
  });
});
