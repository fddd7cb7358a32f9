import { expect } from 'chai';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { DrivenSpec } from '../config/browser-spec.ts';
import { examine, type Finding } from './examine.ts';

describe('a look at a browser behind a WebDriver server', function () {
  this.timeout(20_000);
  const servers: Server[] = [];
  afterEach(() =>
    Promise.all(servers.splice(0).map((server) => new Promise((resolve) => server.close(resolve)))),
  );

  async function findingsAt(answer: RequestListener): Promise<Finding[]> {
    const server = createServer(answer);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' ? String(address?.port) : '';
    const spec: DrivenSpec = { id: 'far', kind: 'safari', endpoint: `http://me:no@127.0.0.1:${port}` };
    const [examination] = await examine([spec], {});
    return examination?.findings ?? [];
  }
  const json = (value: unknown): string => JSON.stringify({ value });

  it('ends with the server where that does not let it in, and says what to do', async () => {
    const [server, ...rest] = await findingsAt((_, response) => void response.writeHead(401).end());
    expect(rest).to.deep.equal([]);
    expect(server).to.include({ what: 'server', is: 'broken' });
    expect(server?.says).to.include('those that were sent are wrong').and.include('https://${GRID_USER}');
  });

  it('tells slots, and ends with the session where none is given, in the words of the server', async () => {
    const nodes = [{ slots: [{ session: {}, stereotype: { browserName: 'safari' } }] }];
    const [server, session, ...rest] = await findingsAt(({ url }, response) => {
      const isStatus = url === '/status';
      response.writeHead(isStatus ? 200 : 500, { 'content-type': 'application/json' });
      response.end(
        isStatus
          ? json({ ready: true, message: 'Grid.', nodes })
          : json({ error: 'session not created', message: 'The Safari instance is already paired' }),
      );
    });
    expect(server).to.include({ what: 'server', is: 'good' });
    expect(server?.says).to.include('safari: 1 of 1 taken');
    expect(session).to.include({ what: 'session', is: 'broken' });
    expect(session?.says)
      .to.include('already paired')
      .and.include('quit the browser')
      .and.not.include('given up');
    expect(rest).to.deep.equal([]);
  });
});
