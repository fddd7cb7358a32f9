import { expect } from 'chai';
import { createServer, type RequestListener } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import { createServer as createTcpServer, type Server, type Socket } from 'node:net';
import { certificateFor } from '../../fixtures/signaling/certificate.ts';
import type { DrivenSpec } from '../config/browser-spec.ts';
import { webdriverioDriver } from '../drivers/webdriverio.ts';
import { HarnessError } from '../errors.ts';
import { launchUntilItWorks, usualRetries } from './launching.ts';

/** How long a user waits at most to be told of bad input. */
const mostMs = 30_000;

describe('an endpoint that gives no browser', () => {
  const servers: Server[] = [];
  afterEach(() =>
    Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve)))),
  );

  const listen = async (server: Server): Promise<number> => {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    if (address === null || typeof address === 'string') throw new Error('it has no port');
    return address.port;
  };
  const json = (value: unknown): string => JSON.stringify({ value });
  /** As a run launches it: again and again, until it is given up. */
  const said = async (endpoint: string): Promise<HarnessError> => {
    const spec: DrivenSpec = { id: 'far', kind: 'chrome', endpoint };
    // Pauses are left out, and counted.
    let pausedMs = 0;
    const now = (): number => performance.now() + pausedMs;
    const begun = now();
    const error: unknown = await launchUntilItWorks(
      'far',
      () => webdriverioDriver.start(spec, { headed: false, timeoutMs: 60_000 }),
      new AbortController().signal,
      { ...usualRetries, now, pause: async (ms) => void (pausedMs += ms) },
    ).catch((reason: unknown) => reason);
    expect(now() - begun, 'ms').to.be.below(mostMs);
    if (!(error instanceof HarnessError)) throw error;
    return error;
  };

  it('is told within 30 s where it is no WebDriver server', async () => {
    const port = await listen(createServer((_, response) => void response.writeHead(404).end('<html>')));
    const { message } = await said(`http://127.0.0.1:${String(port)}`);
    expect(message).to.include('not as a WebDriver server does: is the address right');
  });

  it('is told within 30 s where nothing is', async () => {
    const port = await listen(createTcpServer());
    await new Promise((resolve) => servers.splice(0)[0]?.close(resolve));
    const error = await said(`http://127.0.0.1:${String(port)}`);
    expect(error.code).to.equal('endpoint-unreachable');
    expect(error.message).to.include('Start it, or correct the address');
  });

  it('is told at once where credentials are wrong, of its sessions alone, too', async () => {
    const guarded: RequestListener = ({ url }, response) => {
      if (url === '/status') response.end(json({ ready: true, message: '' }));
      else response.writeHead(401, { 'content-type': 'text/plain' }).end('Unauthorized');
    };
    const everywhere: RequestListener = (_, response) => void response.writeHead(401).end();
    for (const answer of [guarded, everywhere]) {
      const port = await listen(createServer(answer));
      const error = await said(`http://me:wrong@127.0.0.1:${String(port)}`);
      expect(error.code).to.equal('endpoint-refused');
      expect(error.message).to.include('those that were sent are wrong').and.not.include('me:wrong');
    }
  });

  it('is told within 30 s where it takes connections and answers nothing', async function () {
    this.timeout(mostMs);
    const held: Socket[] = [];
    const port = await listen(createTcpServer((socket) => void held.push(socket)));
    const error = await said(`http://127.0.0.1:${String(port)}`).finally(() =>
      held.forEach((socket) => socket.destroy()),
    );
    expect(error.code).to.equal('endpoint-silent');
    expect(error.message).to.include('takes connections and answers nothing').and.include('http or https');
  });

  it('is told within 30 s where it does not know a capability, in its own words', async () => {
    const port = await listen(
      createServer(({ url }, response) => {
        const isStatus = url === '/status';
        const said = { error: 'session not created', message: 'unknown capability x:y' };
        response.writeHead(isStatus ? 200 : 500, { 'content-type': 'application/json' });
        response.end(json(isStatus ? { ready: true, message: 'Here.' } : said));
      }),
    );
    const { message } = await said(`http://127.0.0.1:${String(port)}`);
    expect(message).to.include('unknown capability x:y').and.include('It says that it is ready: "Here."');
  });

  it('is told at once where its certificate is not trusted', async () => {
    const { cert, key } = await certificateFor(['127.0.0.1']);
    const port = await listen(createTlsServer({ cert, key }, (_, response) => void response.end(json({}))));
    const error = await said(`https://127.0.0.1:${String(port)}`);
    expect(error.code).to.equal('endpoint-untrusted');
    expect(error.message).to.include('NODE_EXTRA_CA_CERTS');
  });
});
