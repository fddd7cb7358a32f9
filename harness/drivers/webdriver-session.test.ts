import { expect } from 'chai';
import { createServer, type Server } from 'node:http';
import { WebSocketServer } from 'ws';
import { until } from './deadline.ts';
import { WebDriverSession } from './webdriver-session.ts';

/** The part of Set Window Rect that says where a window is to be. */
interface Placed {
  window: string;
  x: number;
  width: number;
}

describe('windows of a session', () => {
  let server: Server;
  let url: URL;
  let placed: Placed[];
  let canPlace: boolean;
  let asked: string;
  /** Additional capabilities that the server returns. */
  let extra: Record<string, unknown>;
  let ended: number;
  /** Whether its first window can be asked for. */
  let hasHome: boolean;
  /** Whether it ends its session when it is told to. */
  let canEnd: boolean;
  beforeEach(async () => {
    hasHome = true;
    canEnd = true;
    extra = {};
    ended = 0;
    placed = [];
    let windows = 0;
    let current = 'home';
    const answer = (command: string, body: string): unknown => {
      const given: unknown = body === '' ? {} : JSON.parse(body);
      const of = (name: string): unknown =>
        typeof given === 'object' && given !== null ? Reflect.get(given, name) : undefined;
      switch (command) {
        case 'POST /session':
          asked = body;
          return {
            sessionId: 'abc',
            capabilities: { browserName: 'Safari', setWindowRect: canPlace, ...extra },
          };
        case 'DELETE /session/abc':
          ended += 1;
          return null;
        case 'GET /session/abc/window':
          return current;
        case 'POST /session/abc/window/new':
          return { handle: `window ${String((windows += 1))}`, type: 'window' };
        case 'POST /session/abc/window':
          current = String(of('handle'));
          return null;
        case 'POST /session/abc/window/rect':
          placed.push({ window: current, x: Number(of('x')), width: Number(of('width')) });
          return given;
        default:
          return null;
      }
    };
    server = createServer((request, response) => {
      let body = '';
      request.on('data', (data: Buffer) => (body += data.toString()));
      request.on('end', () => {
        const command = `${request.method ?? ''} ${request.url ?? ''}`;
        const isNone =
          (!hasHome && command === 'GET /session/abc/window') || (!canEnd && command.startsWith('DELETE'));
        response.writeHead(isNone ? 404 : 200, { 'content-type': 'application/json' });
        const value = isNone ? { error: 'no such window', message: '' } : answer(command, body);
        response.end(JSON.stringify({ value }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = new URL(`http://127.0.0.1:${typeof address === 'object' ? String(address?.port) : ''}/`);
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const classic = { browserName: 'safari', 'wdio:enforceWebDriverClassic': true };
  const session = (capabilities: Record<string, unknown> = classic): Promise<WebDriverSession> =>
    WebDriverSession.create({ url, headers: {} }, capabilities, 5000);

  it('stand side by side, and the next one where one was closed', async () => {
    canPlace = true;
    const opened = await session();
    const first = await opened.open('about:blank', { sideBySide: true });
    await opened.open('about:blank', { sideBySide: true });
    await first.close();
    await opened.open('about:blank', { sideBySide: true });
    expect(placed.map(({ window, x, width }) => [window, x / width])).to.deep.equal([
      ['window 1', 0],
      ['window 2', 1],
      ['window 3', 0],
    ]);
  });

  it('are asked for without what WebdriverIO alone understands: servers refuse what they do not know', async () => {
    canPlace = true;
    await session();
    expect(asked).to.include('"browserName":"safari"').and.not.include('wdio:');
  });

  it('are opened by classic commands where the WebSocket of the server leads nowhere, and it is said', async () => {
    canPlace = true;
    // nothing listens there
    extra = { webSocketUrl: 'ws://127.0.0.1:1/session/abc' };
    const opened = await session({ browserName: 'chrome' });
    expect(opened.bidi).to.equal('unreached');
    await opened.open('about:blank');
    extra = {};
    expect((await session({ browserName: 'chrome' })).bidi).to.equal('not offered');
  });

  it('leave no session behind that was given and cannot be used', async () => {
    canPlace = true;
    hasHome = false;
    await session().then(
      () => expect.fail('it has no window'),
      () => undefined,
    );
    expect(ended).to.equal(1);
  });

  it('are listened to no longer once the session is over, though its server does not end it', async () => {
    const sockets = new WebSocketServer({ server });
    sockets.on('connection', (socket) =>
      socket.on('message', (data: Buffer) => {
        const { id }: { id: unknown } = JSON.parse(data.toString());
        socket.send(JSON.stringify({ type: 'success', id, result: {} }));
      }),
    );
    extra = { webSocketUrl: `ws://${url.host}/session/abc` };
    const opened = await session({ browserName: 'chrome' });
    expect([opened.bidi, sockets.clients.size]).to.deep.equal(['spoken', 1]);
    canEnd = false;
    await opened.delete().then(
      () => expect.fail('it was not ended'),
      () => undefined,
    );
    expect(await until(() => sockets.clients.size === 0, { ms: 2000 })).to.equal(true);
    sockets.close();
  });

  it('stand where they are where nobody asks for more, or the server cannot', async () => {
    canPlace = true;
    await (await session()).open('about:blank');
    canPlace = false;
    await (await session()).open('about:blank', { sideBySide: true });
    expect(placed).to.deep.equal([]);
  });
});
