import type { SignalingServer } from '../../fixtures/signaling/server.ts';
import type { BrowserSpec } from '../config/browser-spec.ts';
import type { BrowserDetails, DriverPage, Exit, LaunchOptions, RunningBrowser } from '../drivers/driver.ts';
import { HarnessError, IncompleteError, messageOf } from '../errors.ts';
import { within } from '../within.ts';
import { setupKey, type PageServer, type PageSetup } from './page-server.ts';
import { admitPeer, PageNotReadyError, type Peer } from './peer.ts';

/** A window of a browser, and the peer that is in it now. */
export interface Seat {
  /** The browser as it was started; a restarted one is another. */
  readonly browser: RunningBrowser;
  readonly page: DriverPage;
  readonly peer: Peer;
  readonly setup: PageSetup;
}

export interface HostOptions extends LaunchOptions {
  server: SignalingServer;
  pages: PageServer;
  start: (browser: BrowserSpec, options: LaunchOptions) => Promise<RunningBrowser>;
  /** Told of each start, with the milliseconds that it took. */
  onStarted: (browser: RunningBrowser, afterMs: number) => void;
  /** Most pages it keeps open. */
  maxPages: number;
}

/** A page on this machine joins in tens of milliseconds; this is for a machine that is very busy. */
const joinMs = 15_000;
/** Time that a driver has to close a page or to take a picture of it. */
const driverMs = 4_000;
/** Time in which a browser that is not hung opens a page, however busy the machine is. */
const aliveMs = 8_000;
/** How often a page is asked for before the browser is given up. */
const mostTries = 2;

/** One browser of a run: started once, kept, restarted when it died; it lends pages to cells. */
export class BrowserHost {
  readonly spec: BrowserSpec;
  readonly #options: HostOptions;
  #running: Promise<RunningBrowser> | undefined;
  #browser: RunningBrowser | undefined;
  #details: BrowserDetails | undefined;
  readonly #exits = new WeakMap<RunningBrowser, Exit>();
  /** Browsers that were looked at because a page of theirs was silent, and whether they hung and were ended. */
  readonly #looks = new WeakMap<RunningBrowser, Promise<boolean>>();
  /** Browsers that ended, until nothing of them is left. */
  readonly #clearing = new Set<Promise<unknown>>();
  #launchError: unknown;
  #free: Seat[] = [];
  #open = 0;
  /** Told whenever a page became free or its place did. */
  #waiting: (() => void)[] = [];
  #closed = false;

  constructor(spec: BrowserSpec, options: HostOptions) {
    this.spec = spec;
    this.#options = options;
  }

  /** What the driver knows of it; available once it was started. */
  get details(): BrowserDetails {
    if (!this.#details) throw new HarnessError('not-started', `${this.spec.id} was not started yet`);
    return this.#details;
  }

  /** How the browser that a page was in has ended, if it has. */
  exitOf({ browser }: Seat): Exit | undefined {
    return this.#exits.get(browser);
  }

  /**
   * Starts it unless it runs. A browser that would not start once is not tried again in this run.
   * @throws {LaunchError} when it will not start
   */
  async start(): Promise<RunningBrowser> {
    if (this.#closed)
      throw new IncompleteError('host-closed', `${this.spec.id} was closed: the run is ending`);
    if (this.#launchError !== undefined) throw this.#launchError;
    this.#running ??= this.#start().catch((error: unknown) => {
      this.#launchError = error;
      throw error;
    });
    return this.#running;
  }

  async #start(): Promise<RunningBrowser> {
    const { start, headed, timeoutMs } = this.#options;
    const began = performance.now();
    const browser = await start(this.spec, { headed, timeoutMs });
    this.#browser = browser;
    this.#details ??= browser.details;
    // A browser that died by itself leaves a profile, and helpers that were started for it; closing takes them away.
    const gone = browser.exited.then((exit) => {
      this.#forget(browser, exit);
      return browser.close();
    });
    this.#clearing.add(gone);
    this.#options.onStarted(browser, Math.round(performance.now() - began));
    return browser;
  }

  #forget(browser: RunningBrowser, exit: Exit): void {
    this.#exits.set(browser, exit);
    if (this.#browser !== browser) return;
    this.#browser = undefined;
    this.#running = undefined;
    this.#free = [];
    this.#open = 0;
    this.#wake();
  }

  /** Whether its process lives. */
  async isAlive(): Promise<boolean> {
    return (await this.#browser?.isAlive()) ?? false;
  }

  /**
   * Lends pages, all at once so that two cells cannot each hold half of what both need.
   * @throws {LaunchError} when the browser will not start
   * @throws {PageNotReadyError} when a page says that it cannot start
   */
  async acquire(setups: readonly PageSetup[]): Promise<Seat[]> {
    for (let tries = 1; ;) {
      const browser = await this.start();
      const most = Math.min(this.#options.maxPages, browser.maxPages);
      if (setups.length > most) {
        throw new IncompleteError(
          'too-few-pages',
          `${this.spec.id} can show ${String(most)} pages at once only.`,
        );
      }
      if (this.#free.length + (most - this.#open) < setups.length) {
        await new Promise<void>((resolve) => this.#waiting.push(resolve));
        continue;
      }
      try {
        return await this.#take(browser, setups);
      } catch (error) {
        // A browser that hung or died under another cell is no fault of this one: it gets a page of the next.
        if (tries === mostTries || error instanceof PageNotReadyError) throw error;
        tries += 1;
        await this.endIfHung({ browser });
      }
    }
  }

  async #take(browser: RunningBrowser, setups: readonly PageSetup[]): Promise<Seat[]> {
    // Everything is claimed before the first await.
    const claims = setups.map((setup) => ({ setup, seat: this.#claim(setup) }));
    this.#open += claims.filter(({ seat }) => seat === undefined).length;
    const seats = await Promise.allSettled(
      claims.map(({ setup, seat }) => {
        if (!seat) return this.#openPage(browser, setup);
        return setupKey(seat.setup) === setupKey(setup) ? Promise.resolve(seat) : this.#renew(seat, setup);
      }),
    );
    const failed = seats.find((result) => result.status === 'rejected');
    const taken = seats.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    if (!failed) return taken;
    await Promise.all(taken.map((seat) => this.discard(seat)));
    throw failed.reason;
  }

  /** A free page, one with the same scripts first. */
  #claim(setup: PageSetup): Seat | undefined {
    const key = setupKey(setup);
    const index = this.#free.findIndex((seat) => setupKey(seat.setup) === key && seat.peer.member.isOpen);
    const at = index >= 0 ? index : this.#free.findIndex((seat) => seat.peer.member.isOpen);
    return at < 0 ? undefined : this.#free.splice(at, 1)[0];
  }

  /** Opens one more page ahead of need; a failure shows when the page is needed. */
  async prepare(count: number): Promise<void> {
    const browser = await this.start();
    const wanted = Math.min(count, this.#options.maxPages, browser.maxPages) - this.#open;
    if (wanted <= 0) return;
    this.#open += wanted;
    const opened = await Promise.allSettled(
      Array.from({ length: wanted }, () => this.#openPage(browser, { scripts: [] })),
    );
    for (const result of opened) if (result.status === 'fulfilled') this.#giveBack(result.value);
  }

  async #openPage(browser: RunningBrowser, setup: PageSetup): Promise<Seat> {
    const { server, pages } = this.#options;
    const admission = admitPeer(server, this.spec.id);
    let page: DriverPage | undefined;
    try {
      page = await within(
        joinMs,
        `${this.spec.id} to open a page`,
        browser.open(pages.windowUrl(admission.token, setup)),
      );
      const peer = await within(joinMs, `the page of ${this.spec.id} to join`, admission.peer);
      await within(joinMs, `the page of ${this.spec.id} to be ready`, peer.ready);
      return { browser, page, peer, setup };
    } catch (error) {
      admission.revoke(new HarnessError('revoked', 'the page was given up'));
      const told = await this.#told(error, page, setup);
      await this.#closePage(page);
      this.#lost(browser);
      throw told;
    }
  }

  /** The page starts afresh by itself: it goes to an address with a new token, and is a new peer. */
  async #renew(seat: Seat, setup: PageSetup): Promise<Seat> {
    const { server, pages } = this.#options;
    const admission = admitPeer(server, this.spec.id);
    try {
      await seat.peer.leave(pages.url(admission.token, setup));
      const peer = await within(joinMs, `the page of ${this.spec.id} to join again`, admission.peer);
      await within(joinMs, `the page of ${this.spec.id} to be ready again`, peer.ready);
      return { ...seat, peer, setup };
    } catch (error) {
      admission.revoke(new HarnessError('revoked', 'the page was given up'));
      const told = await this.#told(error, seat.page, setup);
      await this.discard(seat);
      throw told;
    }
  }

  /** What a page says of why it cannot start, in words of the user's: his browser's name, his files' names, a picture. */
  async #told(error: unknown, page: DriverPage | undefined, setup: PageSetup): Promise<unknown> {
    if (!(error instanceof PageNotReadyError)) return error;
    const message = this.#options.pages.withScriptNames(`${this.spec.id}: ${error.message}`, setup);
    let screenshot: Buffer | undefined;
    try {
      screenshot = page && (await within(driverMs, 'a screenshot', page.screenshot()));
    } catch {
      // The words say why; the picture only adds to them.
    }
    return new PageNotReadyError(error.code, message, { console: error.console, screenshot, setup });
  }

  /** Takes a page back after a cell that went well; it starts afresh in the background. */
  release(seat: Seat): void {
    if (this.#closed) return;
    this.#renew(seat, seat.setup).then(
      (fresh) => this.#giveBack(fresh),
      (error: unknown) => {
        // The page is closed and its place is free again; the next cell opens another one.
        this.#lastRenewError = error;
      },
    );
  }
  #lastRenewError: unknown;

  /** Why a page last failed to start afresh; for messages. */
  get lastRenewError(): string | undefined {
    return this.#lastRenewError === undefined ? undefined : messageOf(this.#lastRenewError);
  }

  #giveBack(seat: Seat): void {
    if (this.#closed || !seat.peer.member.isOpen) return;
    this.#free.push(seat);
    // A page that goes while nobody uses it makes room for another.
    void seat.peer.gone.then(() => {
      const at = this.#free.indexOf(seat);
      if (at < 0) return undefined;
      this.#free.splice(at, 1);
      return this.discard(seat);
    });
    this.#wake();
  }

  /** Closes a page that cannot be trusted any more. */
  async discard(seat: Seat): Promise<void> {
    seat.peer.member.close(4000, 'discarded');
    await this.#closePage(seat.page);
    this.#lost(seat.browser);
  }

  #lost(browser: RunningBrowser): void {
    if (this.#browser === browser) this.#open = Math.max(0, this.#open - 1);
    this.#wake();
  }

  async #closePage(page: DriverPage | undefined): Promise<void> {
    if (!page) return;
    try {
      await within(driverMs, `${this.spec.id} to close a page`, page.close());
    } catch {
      // A browser that does not answer is found out by `answers`, which ends it.
    }
  }

  /**
   * Whether the browser that a page was in hangs: one that opens no page any more is ended, so that the next cell
   * starts it again. Of several cells that ask, the first hears `hung`; the others were only there.
   */
  async endIfHung({ browser }: Pick<Seat, 'browser'>): Promise<'lives' | 'hung' | 'was-ended'> {
    const earlier = this.#looks.get(browser);
    if (earlier !== undefined) return (await earlier) ? 'was-ended' : 'lives';
    if (this.#browser !== browser) return 'lives';
    const look = this.#look(browser);
    this.#looks.set(browser, look);
    if (await look) return 'hung';
    // it may hang later
    this.#looks.delete(browser);
    return 'lives';
  }

  /** Opens a page of its own: those that are open may answer for themselves while the browser behind them hangs. */
  async #look(browser: RunningBrowser): Promise<boolean> {
    this.#open += 1;
    try {
      const seat = await within(
        aliveMs,
        `${this.spec.id} to open a page`,
        this.#openPage(browser, { scripts: [] }),
      );
      await this.discard(seat);
      return false;
    } catch {
      // Not answering is all there is to know; the cell that hung it says so. One that died was no hang.
      if (this.#browser !== browser) return false;
      await this.end();
      return true;
    }
  }

  /** Ends the browser; `start` would start it again. */
  async end(): Promise<void> {
    const browser = this.#browser;
    if (browser) this.#forget(browser, await browser.close());
  }

  /** Ends the browser for good. */
  async close(): Promise<void> {
    this.#closed = true;
    // A launch under way has to come to its end before it can be ended.
    await this.#running?.catch(() => undefined);
    await this.end();
    await Promise.all(this.#clearing);
  }

  #wake(): void {
    for (const resolve of this.#waiting.splice(0)) resolve();
  }
}
