import { expect } from 'chai';
import { createServer, type Server } from 'node:http';
import type { Endpoint } from '../config/endpoint.ts';
import { until } from './deadline.ts';
import { rememberLost } from './lost-sessions.ts';
import { unlessNoSlotFits } from './slot-watch.ts';

describe('a request for a session in the queue of a Grid', () => {
  let server: Server;
  let grid: Endpoint;
  let browsers: string[];
  let sessionId: string | null;
  let ended: string[];
  /** How often the Grid was asked for its status. */
  let asked: number;
  beforeEach(async () => {
    sessionId = null;
    ended = [];
    asked = 0;
    server = createServer(({ method, url }, response) => {
      if (method === 'DELETE') ended.push(url ?? '');
      else asked += 1;
      const session = sessionId === null ? null : { sessionId };
      const slots = browsers.map((browserName) => ({ session, stereotype: { browserName } }));
      const nodes = [{ uri: new URL('node', grid.url).href, slots }];
      response.end(JSON.stringify({ value: { ready: true, message: 'Ready.', nodes } }));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    grid = { url: new URL(`http://127.0.0.1:${port}/`), headers: {} };
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const ask = <T>(session: Promise<T>, browserName = 'firefox', ms = 100): Promise<unknown> =>
    unlessNoSlotFits({ id: 'far', kind: 'firefox' }, grid, { browserName }, session, {
      ms,
      everyMs: 10,
    }).catch((error: unknown) => error);
  const never = new Promise<never>(() => undefined);

  it('ends when no slot fits it, with the slots that there are', async () => {
    browsers = ['chrome'];
    const error = await ask(never);
    expect(error).to.have.property('code', 'endpoint-lacks-slot');
    expect(error)
      .to.have.property('message')
      .that.includes('has no slot for "firefox"')
      .and.includes('chrome: 0 of 1 taken');
  });

  it('waits for a node that starts on demand', async () => {
    browsers = ['chrome'];
    const session = new Promise((resolve) => {
      setTimeout(() => (browsers = ['chrome', 'firefox']), 50);
      setTimeout(() => resolve('session'), 400);
    });
    expect(await ask(session, 'firefox', 200)).to.equal('session');
  });

  it('waits where a slot fits, taken or not', async () => {
    browsers = ['firefox'];
    const session = new Promise((resolve) => setTimeout(() => resolve('session'), 300));
    expect(await ask(session)).to.equal('session');
  });

  it('ends, at the node that has it, a session of ours that the Grid has forgotten, and no other', async () => {
    browsers = ['firefox'];
    sessionId = 'of-somebody-else';
    const sessionAfter = (condition: () => boolean) => until(condition, { ms: 5000, everyMs: 5 });
    await ask(sessionAfter(() => asked >= 3));
    expect(ended).to.deep.equal([]);
    sessionId = 'ours';
    rememberLost('ours');
    await ask(sessionAfter(() => ended.length > 0));
    expect(ended).to.deep.equal(['/node/session/ours']);
  });
});
