import type { SignalingServer } from '../../fixtures/signaling/server.ts';
import type { BrowserSpec } from '../config/browser-spec.ts';
import type { BrowserDetails, DriverPage, Exit, LaunchOptions, RunningBrowser } from '../drivers/driver.ts';
import { HarnessError, IncompleteError, messageOf } from '../errors.ts';
import { within } from '../within.ts';
import { setupKey, type PageServer, type PageSetup } from './page-server.ts';
import { admitPeer, type Peer } from './peer.ts';

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
/** How often a browser may be found dead when a cell wants a page of it, until that is what the cell says. */
const mostLost = 2;
/** Time in which a browser that is not hung opens a page, however busy the machine is. */
const aliveMs = 8_000;

/** One browser of a run: started once, kept, restarted when it died; it lends pages to cells. */
export class BrowserHost {
  readonly spec: BrowserSpec;
  readonly #options: HostOptions;
  #running: Promise<RunningBrowser> | undefined;
  #browser: RunningBrowser | undefined;
  #details: BrowserDetails | undefined;
  readonly #exits = new WeakMap<RunningBrowser, Exit>();
  readonly #ended = new WeakSet<RunningBrowser>();
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
   */
  async acquire(setups: readonly PageSetup[]): Promise<Seat[]> {
    for (let lost = 0; ;) {
      const browser = await this.start();
      const most = Math.min(this.#options.maxPages, browser.maxPages);
      if (setups.length > most) {
        throw new IncompleteError(
          'too-few-pages',
          `${this.spec.id} can show ${String(most)} pages at once only.`,
        );
      }
      if (this.#free.length + (most - this.#open) >= setups.length) {
        try {
          return await this.#take(browser, setups);
        } catch (error) {
          lost += 1;
          if (lost > mostLost || (await browser.isAlive())) throw error;
          await this.#endLost(browser);
          continue;
        }
      }
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
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
      await this.#closePage(page);
      this.#lost(browser);
      throw error;
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
      await this.discard(seat);
      throw error;
    }
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
    const browser = this.#browser;
    seat.peer.member.close(4000, 'discarded');
    await this.#closePage(seat.page);
    if (browser) this.#lost(browser);
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

  /** Whether the browser still opens pages; one that does not is ended, so that the next cell starts it again. */
  async endIfHung(): Promise<void> {
    const browser = this.#browser;
    if (!browser) return;
    if (!(await browser.isAlive())) return this.#endLost(browser);
    try {
      const [seat] = await within(
        aliveMs,
        `${this.spec.id} to open a page`,
        this.#take(browser, [{ scripts: [] }]),
      );
      if (seat) {
        await within(driverMs, `${this.spec.id} to answer`, seat.peer.ping());
        this.release(seat);
      }
    } catch {
      // Not answering is all there is to know; the cell that hung it says so.
      await this.#endLost(browser);
    }
  }

  /** Ends a browser that is of no use any more; cells that have pages in it were only there. */
  async #endLost(browser: RunningBrowser): Promise<void> {
    this.#ended.add(browser);
    this.#forget(browser, await browser.close());
  }

  /** Whether the harness itself ended the browser that a page was in, because it hung under another page. */
  wasEnded({ browser }: Seat): boolean {
    return this.#ended.has(browser);
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
