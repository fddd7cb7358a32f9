import { expect } from 'chai';
import { createServer, type Server } from 'node:http';
import { WebDriverSession } from './webdriver-session.ts';

/** What of Set Window Rect says where a window is to be. */
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
  beforeEach(async () => {
    placed = [];
    let windows = 0;
    let current = 'home';
    const answer = (asked: string, body: string): unknown => {
      const given: unknown = body === '' ? {} : JSON.parse(body);
      const of = (name: string): unknown =>
        typeof given === 'object' && given !== null ? Reflect.get(given, name) : undefined;
      switch (asked) {
        case 'POST /session':
          return { sessionId: 'abc', capabilities: { browserName: 'Safari', setWindowRect: canPlace } };
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
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ value: answer(`${request.method ?? ''} ${request.url ?? ''}`, body) }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = new URL(`http://127.0.0.1:${typeof address === 'object' ? String(address?.port) : ''}/`);
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const session = (): Promise<WebDriverSession> =>
    WebDriverSession.create(
      { url, headers: {} },
      { browserName: 'safari', 'wdio:enforceWebDriverClassic': true },
      5000,
    );

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

  it('stand where they are where nobody asks for more, or the server cannot', async () => {
    canPlace = true;
    await (await session()).open('about:blank');
    canPlace = false;
    await (await session()).open('about:blank', { sideBySide: true });
    expect(placed).to.deep.equal([]);
  });
});
