import { expect } from 'chai';
import { startSignaling, type SignalingServer } from '../../fixtures/signaling/server.ts';
import { LaunchError } from '../errors.ts';
import { ExampleBrowser, examplePages } from './browser.example.ts';
import { BrowserHost, type HostOptions, type Seat } from './host.ts';
import type { PageSetup } from './page-server.ts';

const plain: PageSetup = { scripts: [] };
const errorOf = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

describe('a browser of a run', () => {
  let server: SignalingServer;
  const hosts: BrowserHost[] = [];
  beforeEach(async () => {
    server = await startSignaling();
  });
  afterEach(async () => {
    await Promise.all(hosts.splice(0).map((host) => host.close()));
    await server.close();
  });

  /** A host whose launches have these outcomes, one after the other; the last one repeats. */
  function host(launches: (Error | ExampleBrowser)[], options: Partial<HostOptions> = {}): BrowserHost {
    let at = 0;
    const made = new BrowserHost(
      { id: 'example', kind: 'chromium' },
      {
        server,
        pages: examplePages(server),
        start: async () => {
          const next = launches[Math.min(at, launches.length - 1)];
          at += 1;
          if (next instanceof ExampleBrowser) return next;
          throw next;
        },
        onStarted: () => undefined,
        headed: false,
        timeoutMs: 1000,
        maxPages: 4,
        retries: {
          pausesMs: [1, 1],
          mostMs: 1000,
          awayMs: 1000,
          pause: () => Promise.resolve(),
          now: () => 0,
        },
        limits: { joinMs: 300, driverMs: 100, aliveMs: 100 },
        ...options,
      },
    );
    hosts.push(made);
    return made;
  }
  const seatOf = async (from: BrowserHost): Promise<Seat> => {
    const [seat] = await from.acquire([plain]);
    if (!seat) throw new Error('there is no seat');
    return seat;
  };

  it('is launched again when it did not start, or died before its first page was open', async () => {
    const failed = new LaunchError('launch-failed', 'no');
    const dead = new ExampleBrowser();
    dead.open = () => {
      dead.die();
      return Promise.reject(new Error('closed'));
    };
    const seat = await seatOf(host([failed, dead, new ExampleBrowser()]));
    expect(seat.peer.member.isOpen).to.equal(true);
  });

  it('is given up after several launches in a row, and is not launched for later cells', async () => {
    let launches = 0;
    const given = host([], {
      start: () => Promise.reject(new LaunchError('launch-failed', `no ${String((launches += 1))}`)),
    });
    const [one, two] = await Promise.all([errorOf(given.acquire([plain])), errorOf(given.start())]);
    expect(one).to.equal(two);
    expect(String(one)).to.include('given up after 3 launches').and.to.include('no 3');
    expect(await errorOf(given.acquire([plain]))).to.equal(one);
    expect(launches).to.equal(3);
  });

  it('that cannot reach the fixture is not launched again, unless it has reached it before', async () => {
    const cutOff = () => {
      const browser = new ExampleBrowser();
      const open = browser.open.bind(browser);
      browser.open = (url) =>
        url === 'about:blank' ? open(`${server.origin}/?token=none`) : new Promise(() => undefined);
      return browser;
    };
    const pages = { ...examplePages(server), wasAskedFor: () => false };
    expect(await errorOf(host([cutOff(), new ExampleBrowser()], { pages }).start())).to.have.property(
      'code',
      'fixture-unreachable',
    );
    const [first, last] = [new ExampleBrowser(), new ExampleBrowser()];
    const known = host([first, cutOff(), last], { pages });
    await seatOf(known);
    first.die();
    expect((await seatOf(known)).browser).to.equal(last);
  });

  it('that dies is started again, and tells the seats how it ended', async () => {
    const [one, two] = [new ExampleBrowser(), new ExampleBrowser()];
    const restarted = host([one, two]);
    const seat = await seatOf(restarted);
    one.die();
    const next = await seatOf(restarted);
    expect(next.browser).to.equal(two);
    expect(restarted.exitOf(seat)).to.include({ signal: 'SIGKILL', lastWords: 'farewell' });
    expect(restarted.exitOf(next)).to.equal(undefined);
    await restarted.discard(seat);
    restarted.release(seat);
  });

  it('is waited for where its server served before and is away: at first an address has to be told soon', async () => {
    const away = new LaunchError('endpoint-unreachable', 'nothing answers');
    const waitedMs = async (launches: (Error | ExampleBrowser)[]): Promise<number> => {
      let clock = 0;
      const pause = (ms: number): Promise<void> => Promise.resolve(void (clock += ms));
      const retries = { pausesMs: [1000], awayMs: 2000, mostMs: 9000, pause, now: () => clock };
      const made = host(launches, { retries });
      const [browser] = launches;
      if (browser instanceof ExampleBrowser) {
        await made.start();
        browser.die();
        await browser.exited;
      }
      expect(await errorOf(made.start())).to.have.property('code', 'endpoint-unreachable');
      return clock;
    };
    expect(await waitedMs([away])).to.equal(2000);
    expect(await waitedMs([new ExampleBrowser(), away])).to.equal(9000);
  });

  it('is not used once a restart brought another version', async () => {
    const one = new ExampleBrowser({ version: '1.0' });
    const changed = host([one, new ExampleBrowser({ version: '2.0' })]);
    await changed.start();
    one.die();
    const error = await errorOf(changed.acquire([plain]));
    expect(error).to.have.property('code', 'browser-changed');
    expect(String(error)).to.include('Example 1.0').and.to.include('Example 2.0');
    expect(await errorOf(changed.acquire([plain]))).to.equal(error);
  });

  it('is not used where it was launched otherwise and has another version', async () => {
    const usual = host([new ExampleBrowser({ version: '1.0' })]);
    await usual.start();
    const changed = host([new ExampleBrowser({ version: '2.0' })], { launch: 'as-shipped', sameAs: usual });
    expect(await errorOf(changed.acquire([plain]))).to.have.property('code', 'browser-changed');
    const same = host([new ExampleBrowser({ version: '1.0' })], { launch: 'as-shipped', sameAs: usual });
    expect((await seatOf(same)).peer.member.isOpen).to.equal(true);
  });

  it('is the same where a restart did not say its product’s own name', async () => {
    const [one, two] = [new ExampleBrowser(), new ExampleBrowser()];
    two.details.product = 'Example, of a kind';
    const restarted = host([one, two]);
    await restarted.start();
    one.die();
    expect((await seatOf(restarted)).browser).to.equal(two);
    expect(restarted.details.product).to.equal('Example');
  });

  it('that hangs is ended; both seats of a cell hear so, and other cells that they were only there', async () => {
    const [one, two] = [new ExampleBrowser(), new ExampleBrowser()];
    const hung = host([one, two]);
    const pair = await hung.acquire([plain, plain]);
    const other = await seatOf(hung);
    one.hangs = true;
    const found = await Promise.all([...pair, other].map((seat) => hung.endIfHung(seat, false)));
    expect(found.map((each) => each.as)).to.deep.equal(['hung', 'hung', 'was-ended']);
    expect((await seatOf(hung)).browser).to.equal(two);
  });

  it('that hangs under one cell lends the next cell a page of the next browser, and the first cell hears of it', async () => {
    const [one, two] = [new ExampleBrowser(), new ExampleBrowser()];
    const hung = host([one, two]);
    const seat = await seatOf(hung);
    one.hangs = true;
    expect((await seatOf(hung)).browser).to.equal(two);
    expect(await hung.endIfHung(seat, false)).to.deep.equal({ as: 'hung', how: 'it opens no page' });
  });

  it('that lives does not hang, and the page of the look is closed', async () => {
    const one = new ExampleBrowser();
    const lives = host([one]);
    const seat = await seatOf(lives);
    expect(await lives.endIfHung(seat, false)).to.deep.equal({ as: 'lives' });
    expect(one.shown.size).to.equal(1);
  });

  it('that has a stopped process is ended though its pages answer, and the next cell gets the next browser', async () => {
    const [one, two] = [new ExampleBrowser(), new ExampleBrowser()];
    const stopped = host([one, two]);
    const seat = await seatOf(stopped);
    expect(await stopped.endIfHung(seat, true)).to.deep.equal({ as: 'lives' });
    one.stoppedProcess = 'RDD Process (process 7) is stopped';
    expect(await stopped.endIfHung(seat, true)).to.deep.equal({ as: 'hung', how: one.stoppedProcess });
    expect((await seatOf(stopped)).browser).to.equal(two);
  });

  it('that opens no page is not asked for one where the page answered', async () => {
    const one = new ExampleBrowser();
    const asked = host([one]);
    const seat = await seatOf(asked);
    one.hangs = true;
    expect(await asked.endIfHung(seat, true)).to.deep.equal({ as: 'lives' });
  });

  it('tells how the process of a page ended', async () => {
    const one = new ExampleBrowser();
    const crashed = host([one]);
    const seat = await seatOf(crashed);
    for (const page of one.shown) page.die();
    await seat.page.died;
    await seat.peer.gone;
    expect(crashed.exitOf(seat)).to.include({ of: 'page', signal: 'SIGKILL' });
    await crashed.discard(seat);
    expect(one.shown.size).to.equal(0);
  });

  it('that is closed tells who waits for a page', async () => {
    const closed = host([new ExampleBrowser()], { maxPages: 1 });
    await seatOf(closed);
    const waiting = errorOf(closed.acquire([plain]));
    await closed.close();
    expect(await waiting).to.have.property('code', 'host-closed');
    expect(await errorOf(closed.acquire([plain]))).to.have.property('code', 'host-closed');
  });

  it('leaves no page behind in a hundred cells whose browser dies, hangs or lives at random', async () => {
    const browsers: ExampleBrowser[] = [];
    const attacked = host([], {
      start: async () => {
        const browser = new ExampleBrowser();
        browsers.push(browser);
        return browser;
      },
      limits: { joinMs: 4000, driverMs: 1000, aliveMs: 400, idleMs: 4000 },
    });
    let seed = 7;
    const random = (): number => (seed = (seed * 48_271) % 2_147_483_647) / 2_147_483_647;
    const cell = async (): Promise<void> => {
      const seats = await attacked.acquire(random() < 0.5 ? [plain] : [plain, plain]);
      const dice = random();
      const browser = browsers.at(-1);
      if (dice < 0.04) browser?.die();
      if (dice > 0.98 && browser) browser.hangs = true;
      for (const seat of seats) {
        if (dice < 0.7 && seat.peer.member.isOpen) attacked.release(seat);
        else await Promise.all([attacked.endIfHung(seat, false), attacked.discard(seat)]);
      }
    };
    const ended = await Promise.allSettled(Array.from({ length: 100 }, cell));
    const lost = ended.flatMap((result) => (result.status === 'rejected' ? [String(result.reason)] : []));
    expect(lost).to.deep.equal([]);
    await attacked.close();
    expect(browsers.reduce((sum, { shown }) => sum + shown.size, 0)).to.equal(0);
  });
});
