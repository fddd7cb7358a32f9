import { expect } from 'chai';
import { createServer, type Server } from 'node:http';
import { DeadlineError } from '../within.ts';
import { Deadline } from './deadline.ts';
import { endpointError } from './endpoint-errors.ts';
import { wordsOfStatus } from './endpoint-status.ts';

describe('what is said of a WebDriver server that gives no session', () => {
  let server: Server;
  let url: URL;
  let answer: { status: number; body: string };
  beforeEach(async () => {
    server = createServer((_, response) => {
      response.writeHead(answer.status);
      response.end(answer.body);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    url = new URL(`http://127.0.0.1:${typeof address === 'object' ? String(address?.port) : ''}/`);
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  const said = (cause: unknown = new Error('session not created'), headers = {}) =>
    endpointError({ id: 'far', kind: 'chrome' }, { url, headers }, new Deadline(1000), cause);
  const late = new DeadlineError('timeout', 'a session took too long');

  it('is that credentials are missing or wrong', async () => {
    answer = { status: 401, body: '' };
    expect(await said()).to.include({ code: 'endpoint-refused' });
    expect((await said()).message).to.include('none were sent');
    expect((await said(undefined, { authorization: 'Basic x' })).message)
      .to.include('those that were sent are wrong')
      .and.not.include('Basic x');
  });

  it('has the own words of a Grid that is full', async () => {
    const slots = [{ session: {}, stereotype: { browserName: 'chrome', platformName: 'LINUX' } }];
    const body = { value: { ready: false, message: 'Selenium Grid not ready.', nodes: [{ slots }] } };
    answer = { status: 200, body: JSON.stringify(body) };
    const error = await said(late);
    expect(error).to.include({ code: 'launch-timeout' });
    expect(error.message).to.include('not ready: "Selenium Grid not ready."');
    expect(error.message).to.include('chrome LINUX: 1 of 1 taken');
  });

  it('is that it is no WebDriver server', async () => {
    answer = { status: 404, body: '<html>' };
    expect((await said()).message)
      .to.include('session not created')
      .and.include('is the address right');
    expect(wordsOfStatus(undefined)).to.equal(undefined);
  });

  it('is that nothing answers', async () => {
    url = new URL('http://127.0.0.1:1/');
    expect(await said()).to.include({ code: 'endpoint-unreachable' });
  });
});
