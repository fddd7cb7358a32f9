import { expect } from 'chai';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { resolve } from 'node:path';
import { until } from './deadline.ts';
import { startBrowser } from './index.ts';

const root = resolve(import.meta.dirname, '..', '..');

/** Starts a browser on another machine, and is killed, or ends the browser and itself. */
const harness = (endpoint: string, isKilled: boolean): string => `
  const { startBrowser } = await import('./harness/drivers/index.ts');
  const spec = { id: 'far', kind: 'chrome', endpoint: '${endpoint}' };
  const browser = await startBrowser(spec, { headed: false, timeoutMs: 10000 });
  if (${String(isKilled)}) process.kill(process.pid, 'SIGKILL');
  await browser.close();
  process.exit();
`;

describe('a session on another machine', function () {
  this.timeout(30_000);

  let server: Server;
  /** Whether it keeps requests for a session in a queue. */
  let isFull: boolean;
  let queued: IncomingMessage[];
  let ended: { path: string; authorization: string | undefined }[];
  beforeEach(async () => {
    ended = [];
    queued = [];
    isFull = false;
    server = createServer((request, response) => {
      const { method, url, headers } = request;
      if (isFull && method === 'POST' && url === '/session') return void queued.push(request);
      const value: unknown =
        method === 'POST' && url === '/session'
          ? { sessionId: 'abc', capabilities: { browserName: 'chrome', browserVersion: '150.0' } }
          : method === 'GET' && url === '/session/abc/window'
            ? 'home'
            : url === '/status'
              ? { ready: true, message: '' }
              : null;
      if (method === 'DELETE') ended.push({ path: url ?? '', authorization: headers.authorization });
      response.writeHead(url?.startsWith('/session/none') === true ? 404 : 200, {
        'content-type': 'application/json',
      });
      response.end(JSON.stringify({ value }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const portOf = (): string => {
    const address = server.address();
    return typeof address === 'object' ? String(address?.port) : '';
  };

  it('that a full server has not given yet is asked for no more when the run ends', async () => {
    isFull = true;
    const ending = new AbortController();
    const spec = { id: 'far', kind: 'chrome', endpoint: `http://127.0.0.1:${portOf()}` } as const;
    const began = performance.now();
    const starting = startBrowser(spec, { headed: false, timeoutMs: 20_000, signal: ending.signal });
    await until(() => queued.length > 0, { ms: 10_000 });
    ending.abort();
    const error = await starting.catch((thrown: unknown) => thrown);
    expect(error).to.be.an('error');
    expect(await until(() => queued[0]?.destroyed === true, { ms: 5000 })).to.equal(true);
    expect(performance.now() - began).to.be.below(15_000);
  });

  async function run(isKilled: boolean): Promise<NodeJS.Signals | null> {
    const child = spawn(
      process.execPath,
      [
        '--import',
        'tsx',
        '--input-type=module',
        '--eval',
        harness(`http://me:secret@127.0.0.1:${portOf()}`, isKilled),
      ],
      { cwd: root, stdio: ['ignore', 'inherit', 'inherit'] },
    );
    await once(child, 'exit');
    return child.signalCode;
  }
  const endedOnce = [
    { path: '/session/abc', authorization: `Basic ${Buffer.from('me:secret').toString('base64')}` },
  ];

  it('ends when the harness is killed', async function () {
    if (process.platform === 'win32') return this.skip();
    expect(await run(true)).to.equal('SIGKILL');
    await until(() => ended.length > 0, { ms: 10_000 });
    expect(ended).to.deep.equal(endedOnce);
  });

  it('is ended once by a harness that closes it', async () => {
    expect(await run(false)).to.equal(null);
    // The reaper would have ended it by now, as it does above.
    await until(() => ended.length > 1, { ms: 2000 });
    expect(ended).to.deep.equal(endedOnce);
  });
});
