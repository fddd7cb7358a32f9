import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Browser, Cache, detectBrowserPlatform, getDownloadUrl } from '@puppeteer/browsers';
import { expect } from 'chai';
import { cacheAt, standIn } from '../drivers/releases.example.ts';
import { versionOf } from '../drivers/version.ts';
import { HarnessError, messageOf } from '../errors.ts';
import { installRelease, type WantedRelease } from './install-release.ts';
import { install } from './install.ts';

const build = '150.0.7871.100';
const chrome = { id: `chrome@${build}`, kind: 'chrome', version: build } as const;

/** CRC-32 as archives use it; Node 20 has none. */
function crc32(data: Buffer): number {
  let crc = 0xff_ff_ff_ff;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xed_b8_83_20 : 0);
  }
  return (crc ^ 0xff_ff_ff_ff) >>> 0;
}

/** A zip archive with one program: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT */
function zipOf(name: string, content: string): Buffer {
  const data = Buffer.from(content);
  const path = Buffer.from(name);
  const shared = Buffer.alloc(26);
  shared.writeUInt16LE(20, 0);
  shared.writeUInt32LE(crc32(data), 10);
  shared.writeUInt32LE(data.length, 14);
  shared.writeUInt32LE(data.length, 18);
  shared.writeUInt16LE(path.length, 22);
  const local = Buffer.concat([Buffer.from('PK\u0003\u0004'), shared, path, data]);
  const rest = Buffer.alloc(14);
  rest.writeUInt32LE(0o100_755 * 0x1_00_00, 6); // the mode of a file on Unix
  const central = Buffer.concat([Buffer.from('PK\u0001\u0002\u0014\u0003'), shared, rest, path]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, central, Buffer.from('PK\u0005\u0006'), end]);
}

/** How the server of a test answers. */
type Answers = 'archives' | '404' | 'nothing' | 'half';

describe('the installation of a version', function () {
  this.timeout(30_000);
  const platform = detectBrowserPlatform();
  const kept = { ...process.env };
  let folder = '';
  let server: Server;
  let origin = '';
  let answers: Answers = 'archives';
  let asked: string[] = [];
  let said: string[] = [];
  const log = (line: string): void => void said.push(line);

  before((done) => {
    server = createServer(({ url = '' }, response) => {
      asked.push(url);
      if (answers === 'nothing') return;
      if (answers === '404') {
        response.writeHead(404).end();
        return;
      }
      const program = url.includes('chromedriver') ? Browser.CHROMEDRIVER : Browser.CHROME;
      const place = new Cache('/').computeExecutablePath({ browser: program, buildId: build });
      const name = place.split(build)[1]?.slice(1) ?? '';
      const archive = zipOf(name, `#!/bin/sh\necho Google Chrome for Testing ${build}\n`);
      response.writeHead(200, { 'content-length': archive.length });
      if (answers === 'half') response.write(archive.subarray(0, 50));
      else response.end(archive);
    });
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      if (typeof address === 'object' && address) origin = `http://127.0.0.1:${address.port}`;
      done();
    });
  });
  after(() => {
    server.closeAllConnections();
    server.close();
  });

  let restore = (): void => undefined;
  beforeEach(async function () {
    if (process.platform !== 'linux' || platform === undefined) return this.skip();
    folder = await mkdtemp(join(tmpdir(), 'wi-install-'));
    restore = cacheAt(folder);
    process.env['PUPPETEER_CHROME_DOWNLOAD_BASE_URL'] = origin;
    // the lists of builds have fixed addresses: requests for them go to this server as if it were a proxy
    for (const name of ['HTTPS_PROXY', 'https_proxy']) process.env[name] = origin;
    for (const name of ['NO_PROXY', 'no_proxy']) process.env[name] = '127.0.0.1';
    answers = 'archives';
    [asked, said] = [[], []];
  });
  afterEach(async () => {
    restore();
    for (const name of [
      'HTTPS_PROXY',
      'https_proxy',
      'NO_PROXY',
      'no_proxy',
      'PUPPETEER_CHROME_DOWNLOAD_BASE_URL',
    ]) {
      if (kept[name] === undefined) delete process.env[name];
      else process.env[name] = kept[name];
    }
    await rm(folder, { recursive: true, force: true });
  });

  const failing = async (wanted: WantedRelease, quietMs?: number): Promise<HarnessError> => {
    const error: unknown = await installRelease(wanted, log, quietMs).catch((thrown: unknown) => thrown);
    if (error instanceof HarnessError) return error;
    throw new Error(`it did not fail as it should: ${messageOf(error)}`);
  };
  /** Checks that a failed attempt left nothing but empty folders. */
  const expectNothingLeft = async (): Promise<void> => {
    const left = await readdir(folder, { recursive: true, withFileTypes: true });
    expect(left.filter((entry) => entry.isFile() || entry.name.startsWith('.'))).to.deep.equal([]);
  };

  it('downloads the archive, says so, and asks nobody the next time', async () => {
    const { release, isNew } = await installRelease(chrome, log);
    expect(isNew).to.equal(true);
    expect(release.executable.startsWith(folder)).to.equal(true);
    expect(await versionOf(release.executable)).to.deep.equal({
      product: 'Google Chrome for Testing',
      version: build,
    });
    const url = platform && getDownloadUrl(Browser.CHROME, platform, build, origin).href;
    expect(said.join('\n')).to.include(`chrome@${build}: downloading ${url} to ${folder}`);
    expect((await readdir(folder)).filter((name) => name.startsWith('.'))).to.deep.equal([]);
    [asked, said] = [[], []];
    const again = await installRelease({ ...chrome, version: '150' }, log);
    expect([again.isNew, again.release.version, asked, said]).to.deep.equal([false, build, [], []]);
  });

  it('brings the driver program of the same build, for whoever drives it by WebDriver', async () => {
    await installRelease(chrome, log);
    const { release, isNew } = await installRelease({ ...chrome, driver: 'webdriverio' }, log);
    expect(isNew).to.equal(true);
    expect(release.driverProgram).to.include(join('chromedriver', `${platform}-${build}`));
    expect(asked.map((url) => /chrome(?:driver)?-/.exec(url)?.[0])).to.deep.equal([
      'chrome-',
      'chromedriver-',
    ]);
  });

  it('says which release there is not', async () => {
    answers = '404';
    const error = await failing(chrome);
    expect(error.code).to.equal('no-such-release');
    expect(error.message).to.include(`cannot download ${origin}/${build}/`).and.include('code 404');
    await expectNothingLeft();
  });

  for (const how of ['nothing', 'half'] as const) {
    it(`gives up a server that answers ${how}, and says what to do without a network`, async () => {
      answers = how;
      const error = await failing(chrome, 1500);
      expect(error.code).to.equal('not-downloaded');
      expect(error.message).to.include('no answer for 1.5 s');
      expect(error.message).to.include(`--browsers chrome@${build}=chrome:/path/to/executable`);
      await expectNothingLeft();
    });
  }

  it('says where it is said which build a channel is, if nobody can be asked there', async () => {
    const error = await failing({ id: 'chrome@beta', kind: 'chrome', version: 'beta' });
    expect(error.code).to.equal('not-downloaded');
    expect(error.message).to.include('cannot ask https://googlechromelabs.github.io/chrome-for-testing/');
    expect(error.message).to.include('--browsers chrome@beta=chrome:/path/to/executable');
  });

  it('takes what the channel was last time, and says so, if nobody can be asked', async () => {
    const path = await standIn(folder, 'firefox', 'esr_140.12.0esr', 'exit');
    new Cache(folder).writeMetadata(Browser.FIREFOX, { aliases: { esr: 'esr_140.12.0esr' } });
    const esr = { id: 'firefox@esr', kind: 'firefox', version: 'esr' } as const;
    const { release, isNew } = await installRelease(esr, log);
    expect([release.executable, isNew]).to.deep.equal([path, false]);
    expect(said.join()).to.include('It stays 140.12.0esr');
  });

  it('says which folder it cannot write to', async () => {
    await writeFile(join(folder, 'file'), '');
    const undo = cacheAt(join(folder, 'file', 'below'));
    const error = await failing(chrome).finally(undo);
    expect(error.code).to.equal('not-downloaded');
    expect(error.message)
      .to.include(`cannot write to ${join(folder, 'file', 'below')}`)
      .and.include('PUPPETEER_CACHE_DIR');
  });

  it('fails by itself beside others, whose installation goes on', async () => {
    answers = '404';
    const { failed, installed } = await install([chrome], log);
    expect([failed, installed]).to.deep.equal([[chrome.id], []]);
    answers = 'archives';
    expect((await install([chrome], log)).installed).to.deep.equal([chrome.id]);
    expect(said.at(-1)).to.match(new RegExp(`^chrome@${build}: installed chrome ${build}: /`));
  });
});
