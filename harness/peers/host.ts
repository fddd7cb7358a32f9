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

/** A window lent to a cell, and the peer in it; it is the cell's until `release` or `discard`. */
export interface Seat {
  /** The browser as started; a restarted one is another object. */
  readonly browser: RunningBrowser;
  readonly page: DriverPage;
  readonly peer: Peer;
  readonly setup: PageSetup;
}

/** How long a host waits for things, in milliseconds. */
export interface HostLimits {
  /** Each step of opening a page. It takes tens of milliseconds, more on a very busy machine. */
  joinMs: number;
  /** For a driver to close a page or to take a picture of it. */
  driverMs: number;
  /** For a browser that does not hang to open a page, however busy the machine is. */
  aliveMs: number;
  /** How long a cell waits for a page while none is given back. */
  idleMs: number;
}

export interface HostOptions extends LaunchOptions {
  server: SignalingServer;
  pages: PageServer;
  start: (browser: BrowserSpec, options: LaunchOptions) => Promise<RunningBrowser>;
  /** The same browser in another session, or under another launch mode: it must have the same version. */
  sameAs?: KnownDetails;
  /** Called with each start, with the milliseconds that it took. */
  onStarted: (browser: RunningBrowser, afterMs: number) => void;
  /** The most pages that it keeps open. */
  maxPages: number;
  /** Default `usualRetries`. */
  retries?: Retries;
  /** Default 15, 4 and 8 s, and for `idleMs` a minute plus twice `timeoutMs`. */
  limits?: Partial<HostLimits>;
}

/** What is known about a browser; undefined until it was started. */
export interface KnownDetails {
  readonly known: BrowserDetails | undefined;
}

/** How often pages are requested if the browser dies or hangs meanwhile. */
const mostTries = 3;

/** A browser that runs, with what belongs to it and ends with it. */
interface Running {
  browser: RunningBrowser;
  opener: PageOpener;
  pool: SeatPool<OpenPage>;
  hang: HangCheck;
}

/** What the host knows about a seat beyond what it exposes. */
interface Lent {
  running: Running;
  opened: OpenPage;
  /** The same for all seats that were lent together, to one cell. */
  owner: object;
}

/** One browser of a run: started when it is needed, started again when it died; it lends pages to cells. */
export class BrowserHost implements KnownDetails {
  readonly spec: BrowserSpec;
  readonly #options: HostOptions;
  readonly #limits: HostLimits;
  readonly #fixture = { reached: false };
  readonly #closing = new AbortController();
  /** The launch under way, or the browser that runs. */
  #running: Promise<Running> | undefined;
  /** The browser that runs, once its first page is open. */
  #current: Running | undefined;
  /** As it was at its first start. */
  #details: BrowserDetails | undefined;
  #givenUp: unknown;
  readonly #exits = new WeakMap<RunningBrowser | DriverPage, Exit>();
  readonly #lent = new WeakMap<Seat, Lent>();
  /** Browsers that have ended but are not cleaned up yet. */
  readonly #clearing = new Set<Promise<unknown>>();

  constructor(spec: BrowserSpec, options: HostOptions) {
    this.spec = spec;
    this.#options = options;
    const idleMs = 60_000 + 2 * options.timeoutMs;
    this.#limits = { joinMs: 15_000, driverMs: 4000, aliveMs: 8000, idleMs, ...options.limits };
  }

  /** As it was at its first start. */
  get known(): BrowserDetails | undefined {
    return this.#details;
  }

  /** What the driver knows about it; available once it was started. */
  get details(): BrowserDetails {
    if (!this.#details) throw new HarnessError('not-started', `${this.spec.id} was not started yet`);
    return this.#details;
  }

  /** Whether it runs, and opens pages. */
  get isThere(): boolean {
    return this.#current !== undefined;
  }

  /** Whether it is not tried again in this run. */
  get isGivenUp(): boolean {
    return this.#givenUp !== undefined;
  }

  /** How the browser of a seat, or else the page's own process, has ended, if it has. */
  exitOf({ browser, page }: Seat): Exit | undefined {
    return this.#exits.get(browser) ?? this.#exits.get(page);
  }

  /**
   * Starts it unless it runs: again and again, with growing pauses, until its first page is open. A browser that was
   * given up is not tried again in this run.
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
    // an address without a server has to be reported soon; a server that gave a browser may be started again
    const retries = this.#details === undefined ? usual : { ...usual, awayMs: usual.mostMs };
    this.#running ??= launchUntilItWorks(this.spec.id, () => this.#launch(), signal, retries).catch(
      (error: unknown) => {
        this.#givenUp = error;
        throw error;
      },
    );
    return this.#running;
  }

  /** One launch; it has succeeded once a page of the browser has joined. */
  async #launch(): Promise<Running> {
    const { start, headed, timeoutMs, launch = 'usual', maxPages, onStarted, server, pages } = this.#options;
    const { id } = this.spec;
    const began = performance.now();
    const { signal } = this.#closing;
    const browser = await start(this.spec, { headed, timeoutMs, launch, signal });
    const onDied = (page: DriverPage, exit: Exit): void => void this.#exits.set(page, exit);
    const fixture = this.#fixture;
    const opener = new PageOpener(browser, { id, server, pages, fixture, onDied, ...this.#limits });
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
    // A browser that died by itself leaves a profile, and helpers that were started for it; closing removes them.
    const cleared = browser.exited
      .then((exit) => {
        this.#forget(running, exit);
        return browser.close();
      })
      .finally(() => this.#clearing.delete(cleared));
    this.#clearing.add(cleared);
    // Closing the host reports it.
    cleared.catch(() => undefined);
  }

  /** One id stands for one version: otherwise cells of two versions would be compared as if they were of one. */
  #keepDetails(details: BrowserDetails): void {
    this.#details ??= details;
    const { sameAs } = this.#options;
    const before = sameAs?.known ?? this.#details;
    // The product is what the executable says of itself, which may be missing on a busy machine.
    if (before.version === details.version) return;
    const name = ({ product, version }: BrowserDetails): string => `${product} ${version}`;
    throw new IncompleteError(
      'browser-changed',
      `${this.spec.id} was ${name(before)} and is ${name(details)} since it was started again: ` +
        'it was updated during the run, or its server has several, and one run does not mix versions. ' +
        'Run it again, at a server with browserVersion among its capabilities.',
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
   * @throws {PoolEndedError} if its browser is not there, or ends, and it may not start one
   */
  async acquire(setups: readonly PageSetup[], mayStart = true): Promise<Seat[]> {
    for (let tries = 1; ;) {
      if (!mayStart && !this.isThere) throw new PoolEndedError('browser-ended', `${this.spec.id} has ended`);
      const running = await this.#run();
      try {
        const taken = await running.pool.take(setups);
        const owner = {};
        return taken.map((opened) => this.#lend({ running, opened, owner }));
      } catch (error) {
        // If the browser hung or died under another cell, that is not this cell's fault: it gets a page of the next browser.
        if (error instanceof PoolEndedError) continue;
        if (this.#closing.signal.aborted) throw hostClosed(this.spec.id);
        if (tries === mostTries || error instanceof IncompleteError || error instanceof PageNotReadyError)
          throw error;
        tries += 1;
        // The browser is ended if it hangs; the blame is left to a cell.
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

  /** Opens that many pages in advance; a failure shows when the page is needed. */
  async prepare(count: number): Promise<void> {
    const { pool } = await this.#run();
    await pool.prepare(count).catch(() => undefined);
  }

  /**
   * Takes a page back after a cell that went well; the page starts afresh in the background.
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
   * ended, so that the next cell starts it again. Of several cells that ask, the first is told `hung`, for each
   * of its seats; the others were bystanders and are told `was-ended`. A browser that died by itself did not hang: `lives`.
   * @param answers whether the page answered: then the browser is not asked to open another page
   */
  endIfHung(seat: Seat, answers: boolean): Promise<Found> {
    const { running, owner } = this.#lentAs(seat);
    return running.hang.ask(answers, owner);
  }

  #hangCheck(running: () => Running): HangCheck {
    const end = async (how: string): Promise<string | undefined> => {
      const { browser } = running();
      // All that is known is that it does not answer; the blamed cell says so. A browser that died did not hang.
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

  /** Opens another page: those that are open may still answer while the browser behind them hangs. */
  async #opensPage({ opener }: Running): Promise<boolean> {
    const opening = opener.open({ scripts: [] });
    try {
      await opener.close(await within(this.#limits.aliveMs, `${this.spec.id} to open a page`, opening));
      return true;
    } catch {
      // A page that opens too late is closed with its browser.
      opening.catch(() => undefined);
      return false;
    }
  }

  /** Ends the browser for good; all who wait for it are told. */
  async close(): Promise<void> {
    this.#closing.abort();
    this.#current?.pool.end(hostClosed(this.spec.id));
    // A launch under way has to finish before the browser can be ended; why it failed no longer matters.
    const running = await this.#running?.catch(() => undefined);
    await running?.browser.close();
    await Promise.all(this.#clearing);
  }
}

const toldBy = ({ description, lastWords }: Exit): string =>
  lastWords === undefined || lastWords === '' ? description : `${description} Its last words:\n${lastWords}`;
