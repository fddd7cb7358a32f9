import { expect } from 'chai';
import { execa } from 'execa';
import { createServer, request, type Server } from 'node:http';
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { findDriverProgram, findExecutable } from '../drivers/executables.ts';
import { Family } from '../drivers/family.ts';
import { startWebDriverServer, type WebDriverServer } from '../drivers/webdriver-server.ts';
import { packageRoot } from '../own-files.ts';
import { readRun } from '../results/read-run.ts';

const examinations = z.array(z.object({ findings: z.array(z.object({ what: z.string(), is: z.string() })) }));

const secret = 'p4ss-w0rd-of-the-test';
const allowed = `Basic ${Buffer.from(`me:${secret}`).toString('base64')}`;

/** WebSockets that the proxy let through. */
const opened = { sockets: 0 };

/** Lets requests with the credentials through to a WebDriver server, including those for its WebSocket. */
async function startProxy(server: URL): Promise<{ proxy: Server; port: number }> {
  const target = { host: server.hostname, port: server.port };
  const proxy = createServer((asked, answer) => {
    if (asked.headers.authorization !== allowed) {
      answer.writeHead(401).end();
      return;
    }
    const { authorization: _, ...headers } = asked.headers;
    const passed = request({ ...target, method: asked.method, path: asked.url, headers }, (got) => {
      answer.writeHead(got.statusCode ?? 502, got.headers);
      got.pipe(answer);
    });
    passed.on('error', () => answer.destroy());
    asked.pipe(passed);
  });
  proxy.on('upgrade', (asked, socket) => {
    if (asked.headers.authorization !== allowed) {
      socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
      return;
    }
    const passed = connect({ host: target.host, port: Number(target.port) });
    const { authorization: _, ...headers } = asked.headers;
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${String(value)}`);
    passed.write(`GET ${String(asked.url)} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    socket.pipe(passed).pipe(socket);
    for (const end of [socket, passed]) {
      end.on('error', () => end.destroy());
      end.on('close', () => (end === socket ? passed : socket).destroy());
    }
    opened.sockets += 1;
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  const address = proxy.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy has no port');
  return { proxy, port: address.port };
}

/** A port of 127.0.0.1 at which nothing listens. */
const nobody = 1;

describe('a run with a browser behind a WebDriver server', function () {
  this.timeout(180_000);
  let folder: string;
  let family: Family;
  let server: WebDriverServer;
  let proxy: Server;
  let port: number;

  before(async function () {
    const path = await findDriverProgram('chromedriver');
    if (path === undefined || (await findExecutable('chromium')) === undefined) return this.skip();
    folder = await mkdtemp(join(tmpdir(), 'webrtc-interop-endpoint-'));
    family = await Family.create();
    server = await startWebDriverServer('chromedriver', path, family, family.env(), 30_000);
    ({ proxy, port } = await startProxy(server.url));
  });

  after(async () => {
    proxy?.close();
    proxy?.closeAllConnections();
    await family?.end();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  const run = async (config: object, args: readonly string[], env: Record<string, string> = {}) => {
    await writeFile(join(folder, 'webrtc-interop.config.json'), JSON.stringify(config));
    const bin = join(packageRoot, 'harness/cli/bin.js');
    return execa(process.execPath, [bin, 'run', '--out', join(folder, 'out'), ...args], {
      cwd: folder,
      reject: false,
      all: true,
      env: { NO_COLOR: '1', ...env },
    });
  };
  const scenarios = (...ids: string[]): string[] => ['--scenarios', ids.join(',')];

  it('sends its credentials, finds the fixture at its public address, by TLS, and tells the credentials to nobody', async () => {
    const far = {
      name: 'far',
      kind: 'chromium',
      url: `http://me:\${GRID_KEY}@127.0.0.1:${String(port)}`,
      signaling: 'public',
    };
    const { exitCode, all } = await run(
      { browsers: [far], signaling: { host: '0.0.0.0' } },
      scenarios('data-channels/message/text-echo', 'dom-capture/origin/foreign-video-protected'),
      { GRID_KEY: secret },
    );
    expect(exitCode, all).to.equal(0);
    expect(opened.sockets, 'WebDriver BiDi goes the same way').to.equal(1);
    const { cells } = await readRun(join(folder, 'out'), () => undefined);
    expect(cells.map(({ scenario, status }) => `${scenario} ${status}`)).to.include.members([
      'data-channels/message/text-echo pass',
      'dom-capture/origin/foreign-video-protected pass',
    ]);
    const names = await readdir(join(folder, 'out'), { recursive: true, withFileTypes: true });
    const files = names.filter((entry) => entry.isFile());
    expect(files.length).to.be.above(5);
    const encoded = allowed.slice('Basic '.length);
    for (const { parentPath, name } of files) {
      const text = await readFile(join(parentPath, name), 'latin1');
      expect(text.includes(secret) || text.includes(encoded), name).to.equal(false);
    }
    expect(all).to.not.include(secret);
    await rm(join(folder, 'out'), { recursive: true });
  });

  it('is looked at by the doctor: its server, its session, its way to the fixture, and what its pages have', async () => {
    const bin = join(packageRoot, 'harness/cli/bin.js');
    const doctor = (...browsers: string[]) =>
      execa(process.execPath, [bin, 'doctor', '--json', '--browsers', browsers.join(',')], {
        cwd: folder,
        reject: false,
        env: { NO_COLOR: '1', GRID_KEY: secret },
      });
    const far = { name: 'far', kind: 'chromium', url: `http://me:\${GRID_KEY}@127.0.0.1:${String(port)}` };
    const lost = { ...far, name: 'lost', signaling: 'public' };
    const publicUrl = `http://127.0.0.1:${String(nobody)}`;
    const config = { browsers: [far, lost], signaling: { publicUrl } };
    await writeFile(join(folder, 'webrtc-interop.config.json'), JSON.stringify(config));
    const { exitCode, stdout } = await doctor('far', 'lost');
    const looks: unknown = JSON.parse(stdout);
    const found = examinations
      .parse(looks)
      .map(({ findings }) => findings.map(({ what, is }) => `${what} ${is}`));
    const served = ['server good', 'session good', 'WebDriver BiDi good'];
    expect(found[0]?.slice(0, 7)).to.deep.equal([
      ...served,
      'fixture good',
      'secure context good',
      'RTCPeerConnection good',
      'sound good',
    ]);
    expect(found[1]).to.deep.equal([...served, 'fixture broken']);
    expect(stdout).to.include(`none at ${publicUrl}`).and.not.include(secret);
    expect(exitCode).to.equal(3);
  });

  it('says once that credentials are wrong, and what to do', async () => {
    const began = performance.now();
    const url = `far=chromium@http://me:wrong@127.0.0.1:${String(port)}`;
    const { exitCode, all } = await run({}, [
      '--browsers',
      url,
      ...scenarios('data-channels/message/text-echo'),
    ]);
    expect(exitCode, all).to.equal(3);
    expect(all).to.include('those that were sent are wrong').and.not.include('me:wrong');
    expect(await readFile(join(folder, 'out', 'results.json'), 'utf8')).to.not.include('me:wrong');
    expect(performance.now() - began).to.be.below(30_000);
    await rm(join(folder, 'out'), { recursive: true });
  });

  it('says that the browser does not reach the fixture, with the address that was tried', async () => {
    const far = { name: 'far', kind: 'chromium', url: server.url.href, signaling: 'public' };
    const publicUrl = `http://127.0.0.1:${String(nobody)}`;
    const { exitCode, all } = await run(
      { browsers: [far], signaling: { publicUrl } },
      scenarios('data-channels/message/text-echo'),
    );
    expect(exitCode, all).to.equal(3);
    expect(all).to.include(`far opens pages, but none at ${publicUrl}`);
    await rm(join(folder, 'out'), { recursive: true });
  });

  it('is refused ahead of everything where it is on another host that finds nothing at loopback', async () => {
    const { exitCode, all } = await run({}, [
      '--browsers',
      'far=chromium@http://192.0.2.7:4444',
      ...scenarios('data-channels/message/text-echo'),
    ]);
    expect(exitCode, all).to.equal(2);
    expect(all).to.include("signaling: { host: '0.0.0.0' }");
  });
});
