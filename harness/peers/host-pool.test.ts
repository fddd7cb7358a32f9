import { expect } from 'chai';
import { startSignaling, type SignalingServer } from '../../fixtures/signaling/server.ts';
import { LaunchError } from '../errors.ts';
import { until } from '../drivers/deadline.ts';
import { ExampleBrowser, examplePages } from './browser.example.ts';
import { HostPool } from './host-pool.ts';
import { BrowserHost, type Seat } from './host.ts';
import type { PageSetup } from './page-server.ts';

const plain: PageSetup = { scripts: [] };

describe('a browser in several sessions', () => {
  let server: SignalingServer;
  let pool: HostPool;
  /** The sessions that were asked for, by their place. */
  let asked: number[];
  let fewer: string[];
  /** A session that can be had only once. */
  let neverAgain: ExampleBrowser | undefined;

  beforeEach(async () => {
    server = await startSignaling();
    asked = [];
    fewer = [];
    neverAgain = undefined;
  });
  afterEach(async () => {
    await pool.close();
    await server.close();
  });

  /** @param sessions what each session comes to, whenever it is asked for */
  function open(...sessions: (ExampleBrowser | Error)[]): void {
    let place = 0;
    pool = new HostPool(
      { id: 'grid', kind: 'chromium' },
      {
        slots: sessions.length,
        hostOf(sameAs) {
          const mine = (place += 1);
          const session = sessions[mine - 1];
          return new BrowserHost(
            { id: 'grid', kind: 'chromium' },
            {
              server,
              pages: examplePages(server),
              sameAs,
              start: async (_, { signal }) => {
                const isFirst = !asked.includes(mine);
                asked.push(mine);
                if (!isFirst && session === neverAgain) return forever(signal);
                if (session instanceof ExampleBrowser) return session;
                throw session;
              },
              onStarted: () => undefined,
              headed: false,
              timeoutMs: 1000,
              maxPages: 4,
              retries: {
                pausesMs: [1],
                mostMs: 1000,
                awayMs: 1000,
                pause: () => Promise.resolve(),
                now: () => 0,
              },
              limits: { joinMs: 300, driverMs: 100, aliveMs: 100 },
            },
          );
        },
        onFewer: ({ message }) => fewer.push(message),
      },
    );
  }
  /** A server that is full: it keeps the request until it is taken back. */
  const forever = (signal?: AbortSignal): Promise<never> =>
    new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('taken back'))));
  const seatOf = async (): Promise<Seat> => {
    const [seat] = await pool.acquire([plain]);
    if (!seat) throw new Error('there is no seat');
    return seat;
  };
  const become = async (what: string, condition: () => boolean): Promise<void> => {
    expect(await until(condition, { ms: 2000 }), what).to.equal(true);
  };

  it('asks for another one when each that is there has a cell, and lends its pages meanwhile', async () => {
    const [one, two] = [new ExampleBrowser(), new ExampleBrowser()];
    open(one, two);
    const first = await seatOf();
    pool.release(first);
    const second = await seatOf();
    expect([first.browser, second.browser, asked]).to.deep.equal([one, one, [1]]);
    const third = await seatOf();
    expect(third.browser).to.equal(one);
    await become('the other session', () => two.shown.size > 0);
    const fourth = await seatOf();
    expect(fourth.browser).to.equal(two);
    pool.release(second);
    await pool.discard(third);
    await pool.discard(third);
    expect((await seatOf()).browser, 'that with the fewest cells').to.equal(one);
  });

  it('lends both pages of a cell from one of them, and counts them as one cell', async () => {
    const [one, two] = [new ExampleBrowser(), new ExampleBrowser()];
    open(one, two);
    const both = await pool.acquire([plain, plain]);
    expect(both.map(({ browser }) => browser)).to.deep.equal([one, one]);
    for (const seat of both) pool.release(seat);
    expect((await seatOf()).browser).to.equal(one);
    expect(asked).to.deep.equal([1]);
  });

  it('goes on with those that are to be had, says so once, and ends with the last', async () => {
    const one = new ExampleBrowser();
    open(one, new LaunchError('launch-failed', 'no slot is free'));
    const seats = [await seatOf(), await seatOf(), await seatOf()];
    await become('the end of the other session', () => fewer.length > 0);
    expect(fewer).to.have.lengthOf(1);
    expect(fewer[0]).to.include('no slot is free');
    expect(seats.map(({ browser }) => browser)).to.deep.equal([one, one, one]);
    expect((await seatOf()).browser).to.equal(one);
    expect(asked).to.deep.equal([1, 2, 2]);
  });

  it('fails with what the last one was given up for, where there is none', async () => {
    open(new LaunchError('launch-failed', 'one'), new LaunchError('launch-failed', 'two'));
    const error = await seatOf().catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(LaunchError).with.property('message').that.includes('two');
    expect(fewer).to.have.lengthOf(1);
  });

  it('leaves out a session with another version: one run does not mix them', async () => {
    open(new ExampleBrowser(), new ExampleBrowser({ version: '2.0' }));
    await seatOf();
    await seatOf();
    await become('the end of the other session', () => fewer.length > 0);
    expect(fewer[0]).to.match(/1\.0.*2\.0/);
    expect(pool.details.version).to.equal('1.0');
  });

  it('lends a page of the others to a cell whose session ended under it, and whose place stays empty', async () => {
    const [one, two] = [new ExampleBrowser(), new ExampleBrowser()];
    open(one, two);
    neverAgain = two;
    await seatOf();
    await seatOf();
    await become('the other session', () => two.shown.size > 0);
    two.open = () => {
      two.die();
      return Promise.reject(new Error('closed'));
    };
    const both = await pool.acquire([plain, plain]);
    expect(both.map(({ browser }) => browser)).to.deep.equal([one, one]);
    expect(fewer).to.deep.equal([]);
  });

  it('tells how the browser of a page ended, and lends pages of the others', async () => {
    const [one, two] = [new ExampleBrowser(), new ExampleBrowser()];
    open(one, two);
    const seat = await seatOf();
    await seatOf();
    await become('the other session', () => two.shown.size > 0);
    one.die();
    await one.exited;
    await become('the end of the first', () => pool.exitOf(seat) !== undefined);
    expect(pool.exitOf(seat)).to.include({ signal: 'SIGKILL' });
    expect((await seatOf()).browser).to.equal(two);
  });
});
