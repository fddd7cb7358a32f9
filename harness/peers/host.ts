import type { SignalingServer } from '../../fixtures/signaling/server.ts';
import type { BrowserSpec } from '../config/browser-spec.ts';
import type { BrowserDetails, DriverPage, Exit, LaunchOptions, RunningBrowser } from '../drivers/driver.ts';
import { HarnessError, IncompleteError, LaunchError } from '../errors.ts';
import { within } from '../within.ts';
import { HangCheck, type Found } from './hang-check.ts';
import { hostClosed, launchUntilItWorks, usualRetries, type Retries } from './launching.ts';
import { PageOpener, type OpenPage } from './page-opener.ts';
import type { PageServer, PageSetup } from './page-server.ts';
import { PageNotReadyError, type Peer } from './peer.ts';
import { PoolEndedError, SeatPool } from './seat-pool.ts';

/** A window that a cell has, and the peer that is in it; it is the cell's until `release` or `discard`. */
export interface Seat {
  /** The browser as it was started; a restarted one is another. */
  readonly browser: RunningBrowser;
  readonly page: DriverPage;
  readonly peer: Peer;
  readonly setup: PageSetup;
}

/** How long a host waits for things, in milliseconds. */
export interface HostLimits {
  /** Each step of a page that opens. It takes tens of milliseconds; this is for a machine that is very busy. */
  joinMs: number;
  /** A driver that closes a page or takes a picture of it. */
  driverMs: number;
  /** A browser that does not hang opens a page in that time, however busy the machine is. */
  aliveMs: number;
  /** A cell that waits for a page, while none is given back. */
  idleMs: number;
}

export interface HostOptions extends LaunchOptions {
  server: SignalingServer;
  pages: PageServer;
  start: (browser: BrowserSpec, options: LaunchOptions) => Promise<RunningBrowser>;
  /** The same browser, launched otherwise: one of another version is not taken. */
  sameAs?: BrowserHost;
  /** Called with each start, with the milliseconds that it took. */
  onStarted: (browser: RunningBrowser, afterMs: number) => void;
  /** Most pages it keeps open. */
  maxPages: number;
  /** Default `usualRetries`. */
  retries?: Retries;
  /** Default 15, 4 and 8 s, and for `idleMs` a minute and twice `timeoutMs`. */
  limits?: Partial<HostLimits>;
}

/** How often pages are asked for, when the browser dies or hangs meanwhile. */
const mostTries = 3;

/** A browser that runs, with what belongs to it and ends with it. */
interface Running {
  browser: RunningBrowser;
  opener: PageOpener;
  pool: SeatPool<OpenPage>;
  hang: HangCheck;
}

/** What the host knows of a seat beyond what it shows. */
interface Lent {
  running: Running;
  opened: OpenPage;
  /** The same for all seats that were lent together, to one cell. */
  owner: object;
}

/** One browser of a run: started when it is needed, started again when it died; it lends pages to cells. */
export class BrowserHost {
  readonly spec: BrowserSpec;
  readonly #options: HostOptions;
  readonly #limits: HostLimits;
  readonly #closing = new AbortController();
  /** The launch under way, or the browser that runs. */
  #running: Promise<Running> | undefined;
  /** The browser that runs, once its first page is open. */
  #current: Running | undefined;
  /** As it was when it was started first. */
  #details: BrowserDetails | undefined;
  #givenUp: unknown;
  readonly #exits = new WeakMap<RunningBrowser | DriverPage, Exit>();
  readonly #lent = new WeakMap<Seat, Lent>();
  /** Browsers that ended, until nothing of them is left. */
  readonly #clearing = new Set<Promise<unknown>>();

  constructor(spec: BrowserSpec, options: HostOptions) {
    this.spec = spec;
    this.#options = options;
    const idleMs = 60_000 + 2 * options.timeoutMs;
    this.#limits = { joinMs: 15_000, driverMs: 4000, aliveMs: 8000, idleMs, ...options.limits };
  }

  /** What the driver knows of it; available once it was started. */
  get details(): BrowserDetails {
    if (!this.#details) throw new HarnessError('not-started', `${this.spec.id} was not started yet`);
    return this.#details;
  }

  /** How what a seat was in has ended, if it has: the browser, else the page's own process. */
  exitOf({ browser, page }: Seat): Exit | undefined {
    return this.#exits.get(browser) ?? this.#exits.get(page);
  }

  /**
   * Starts it unless it runs: again and again, with growing pauses, until its first page is open. One that was given
   * up is not tried again in this run.
   * @throws {LaunchError} if it was given up, with what the last launch said
   * @throws {IncompleteError} `browser-changed` if a restart brought another version; `host-closed`
   */
  async start(): Promise<RunningBrowser> {
    return (await this.#run()).browser;
  }

  async #run(): Promise<Running> {
    const { signal } = this.#closing;
    if (signal.aborted) throw hostClosed(this.spec.id);
    if (this.#givenUp !== undefined) throw this.#givenUp;
    const usual = this.#options.retries ?? usualRetries;
    // an address where there is no server has to be told soon; one that gave a browser may be started again
    const retries = this.#details === undefined ? usual : { ...usual, awayMs: usual.mostMs };
    this.#running ??= launchUntilItWorks(this.spec.id, () => this.#launch(), signal, retries).catch(
      (error: unknown) => {
        this.#givenUp = error;
        throw error;
      },
    );
    return this.#running;
  }

  /** One launch; it counts once a page of the browser has joined. */
  async #launch(): Promise<Running> {
    const { start, headed, timeoutMs, launch = 'usual', maxPages, onStarted, server, pages } = this.#options;
    const { id } = this.spec;
    const began = performance.now();
    const browser = await start(this.spec, { headed, timeoutMs, launch });
    const onDied = (page: DriverPage, exit: Exit): void => void this.#exits.set(page, exit);
    const opener = new PageOpener(browser, { id, server, pages, onDied, ...this.#limits });
    const most = Math.min(maxPages, browser.maxPages, this.spec.maxPages ?? maxPages);
    const pool = new SeatPool(opener, { id, most, idleMs: this.#limits.idleMs });
    const running: Running = { browser, opener, pool, hang: this.#hangCheck(() => running) };
    this.#watch(running);
    try {
      this.#keepDetails(browser.details);
      onStarted(browser, Math.round(performance.now() - began));
      await pool.prepare(1);
      if (!this.#exits.has(browser)) {
        this.#current = running;
        return running;
      }
    } catch (error) {
      if (!this.#exits.has(browser)) {
        this.#forget(running, await browser.close());
        throw error;
      }
    }
    throw new LaunchError('launch-failed', toldBy(await browser.close()));
  }

  #watch(running: Running): void {
    const { browser } = running;
    // A browser that died by itself leaves a profile, and helpers that were started for it; closing takes them away.
    const cleared = browser.exited
      .then((exit) => {
        this.#forget(running, exit);
        return browser.close();
      })
      .finally(() => this.#clearing.delete(cleared));
    this.#clearing.add(cleared);
    // Whoever closes the host hears of it.
    cleared.catch(() => undefined);
  }

  /** One id is one version: cells of two would be compared as if they were of one. */
  #keepDetails(details: BrowserDetails): void {
    this.#details ??= details;
    const { sameAs } = this.#options;
    const before = (sameAs && sameAs.#details) ?? this.#details;
    // The product is what the executable says of itself, which a busy machine may leave unsaid.
    if (before.version === details.version) return;
    const name = ({ product, version }: BrowserDetails): string => `${product} ${version}`;
    throw new IncompleteError(
      'browser-changed',
      `${this.spec.id} was ${name(before)} and is ${name(details)} since it was started again: ` +
        'it was updated during the run, and one run does not mix versions. Run it again.',
    );
  }

  #forget(running: Running, exit: Exit): void {
    this.#exits.set(running.browser, exit);
    running.pool.end(new PoolEndedError('browser-ended', toldBy(exit)));
    if (this.#current !== running) return;
    this.#current = undefined;
    this.#running = undefined;
  }

  /**
   * Lends pages, all at once so that two cells cannot each hold half of what both need. The seats are one cell's.
   * @throws {LaunchError} if the browser was given up
   * @throws {PageNotReadyError} if a page says that it cannot start
   * @throws {DeadlineError} `no-page` if no page is given back
   */
  async acquire(setups: readonly PageSetup[]): Promise<Seat[]> {
    for (let tries = 1; ;) {
      const running = await this.#run();
      try {
        const taken = await running.pool.take(setups);
        const owner = {};
        return taken.map((opened) => this.#lend({ running, opened, owner }));
      } catch (error) {
        // A browser that hung or died under another cell is no fault of this one: it gets a page of the next.
        if (error instanceof PoolEndedError) continue;
        if (this.#closing.signal.aborted) throw hostClosed(this.spec.id);
        if (tries === mostTries || error instanceof IncompleteError || error instanceof PageNotReadyError)
          throw error;
        tries += 1;
        // The browser is ended where it hangs; the hang is left for a cell to answer for.
        await running.hang.ask(false);
      }
    }
  }

  #lend(lent: Lent): Seat {
    const { page, peer, setup } = lent.opened;
    const seat = { browser: lent.running.browser, page, peer, setup };
    this.#lent.set(seat, lent);
    return seat;
  }

  #lentAs(seat: Seat): Lent {
    const lent = this.#lent.get(seat);
    if (!lent) throw new HarnessError('not-lent', `this page was not lent by ${this.spec.id}`);
    return lent;
  }

  /** Has as many pages open as that, ahead of need; a failure shows when the page is needed. */
  async prepare(count: number): Promise<void> {
    const { pool } = await this.#run();
    await pool.prepare(count).catch(() => undefined);
  }

  /**
   * Takes a page back after a cell that went well; it starts afresh in the background.
   * @throws {HarnessError} `not-lent` if it was given back before
   */
  release(seat: Seat): void {
    const { running, opened } = this.#lentAs(seat);
    running.pool.release(opened);
  }

  /** Closes a page that cannot be trusted any more; at once where its browser has ended. May be called again. */
  async discard(seat: Seat): Promise<void> {
    const { running, opened } = this.#lentAs(seat);
    await running.pool.discard(opened);
  }

  /**
   * Whether the browser that a page was in hangs: one with a process that is stopped, or that opens no page any more, is
   * ended, so that the next cell starts it again. Of several cells that ask, the first hears `hung`, for each of its
   * seats; the others were only there and hear `was-ended`. A browser that died by itself was no hang: `lives`.
   * @param answers whether the page answered: then its browser is asked for no other one
   */
  endIfHung(seat: Seat, answers: boolean): Promise<Found> {
    const { running, owner } = this.#lentAs(seat);
    return running.hang.ask(answers, owner);
  }

  #hangCheck(running: () => Running): HangCheck {
    const end = async (how: string): Promise<string | undefined> => {
      const { browser } = running();
      // Not answering is all there is to know; the cell that hung it says so. One that died was no hang.
      if (this.#exits.has(browser)) return undefined;
      this.#forget(running(), await browser.close());
      return how;
    };
    const quick = async (): Promise<string | undefined> => {
      const stopped = await running().browser.stopped();
      return stopped === undefined ? undefined : end(stopped);
    };
    return new HangCheck(quick, async () =>
      (await this.#opensPage(running())) ? undefined : end('it opens no page'),
    );
  }

  /** Opens a page of its own: those that are open may answer for themselves while the browser behind them hangs. */
  async #opensPage({ opener }: Running): Promise<boolean> {
    const opening = opener.open({ scripts: [] });
    try {
      await opener.close(await within(this.#limits.aliveMs, `${this.spec.id} to open a page`, opening));
      return true;
    } catch {
      // One that comes after all is closed with its browser.
      opening.catch(() => undefined);
      return false;
    }
  }

  /** Ends the browser for good; who waits for it is told. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#current?.pool.end(hostClosed(this.spec.id));
    // A launch under way has to come to its end before it can be ended; why it failed matters no more.
    const running = await this.#running?.catch(() => undefined);
    await running?.browser.close();
    await Promise.all(this.#clearing);
  }
}

const toldBy = ({ description, lastWords }: Exit): string =>
  lastWords === undefined || lastWords === '' ? description : `${description} Its last words:\n${lastWords}`;
