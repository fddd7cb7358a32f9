import type { BrowserSpec } from '../config/browser-spec.ts';
import type { BrowserDetails, Exit } from '../drivers/driver.ts';
import { HarnessError, IncompleteError } from '../errors.ts';
import type { Found } from './hang-check.ts';
import type { BrowserHost, KnownDetails, Seat } from './host.ts';
import type { PageSetup } from './page-server.ts';
import { PoolEndedError } from './seat-pool.ts';

export interface HostPoolOptions {
  /** The most sessions, at least 1. */
  slots: number;
  /**
   * Makes the host of one session.
   * @param sameAs whose version its browser has to have
   */
  hostOf: (sameAs: KnownDetails) => BrowserHost;
  /** Called when a session is given up and others are left: the run goes on with fewer. */
  onFewer: (error: IncompleteError) => void;
}

/**
 * One browser of a run in several sessions, on as many nodes as its server has for it. Another session is asked for when
 * each of those that are there has a cell; until it comes, or if it never does, those that are there lend the pages.
 */
export class HostPool implements KnownDetails {
  readonly spec: BrowserSpec;
  readonly #hosts: BrowserHost[];
  readonly #onFewer: HostPoolOptions['onFewer'];
  /** How many cells each host has, or has waiting for pages. */
  readonly #cells = new Map<BrowserHost, number>();
  /** For each seat, the host that lent it, and the seats of its cell that are not back yet. */
  readonly #lent = new WeakMap<Seat, { host: BrowserHost; left: Set<Seat> }>();
  #known: BrowserDetails | undefined;

  constructor(spec: BrowserSpec, { slots, hostOf, onFewer }: HostPoolOptions) {
    this.spec = spec;
    this.#onFewer = onFewer;
    this.#hosts = Array.from({ length: slots }, () => hostOf(this));
  }

  /** As it was at the first start of any session. */
  get known(): BrowserDetails | undefined {
    return (this.#known ??= this.#hosts.find(({ known }) => known !== undefined)?.known);
  }

  /** What the driver knows about it; available once it was started. */
  get details(): BrowserDetails {
    if (this.known) return this.known;
    throw new HarnessError('not-started', `${this.spec.id} was not started yet`);
  }

  /**
   * Lends pages, all of the session that has the fewest cells.
   * @throws {IncompleteError} what the last session was given up for
   * @throws what `BrowserHost.acquire` throws
   */
  async acquire(setups: readonly PageSetup[]): Promise<Seat[]> {
    for (;;) {
      const host = await this.#freest();
      this.#count(host, 1);
      try {
        const seats = await host.acquire(setups, false);
        const left = new Set(seats);
        for (const seat of seats) this.#lent.set(seat, { host, left });
        return seats;
      } catch (error) {
        this.#count(host, -1);
        // another session need not wait until there is one in its place
        if (!(error instanceof PoolEndedError)) this.#giveUp(host, error);
      }
    }
  }

  /** Opens that many pages in advance; a failure shows when the page is needed. */
  async prepare(count: number): Promise<void> {
    await (await this.#freest()).prepare(count);
  }

  release(seat: Seat): void {
    this.#back(seat).release(seat);
  }

  async discard(seat: Seat): Promise<void> {
    await this.#back(seat).discard(seat);
  }

  exitOf(seat: Seat): Exit | undefined {
    return this.#lentAs(seat).host.exitOf(seat);
  }

  endIfHung(seat: Seat, answers: boolean): Promise<Found> {
    return this.#lentAs(seat).host.endIfHung(seat, answers);
  }

  /** Ends all of its browsers for good. */
  async close(): Promise<void> {
    await Promise.all(this.#hosts.map((host) => host.close()));
  }

  /** The host with the fewest cells among those whose browser is there, else the first one, once it has come. */
  async #freest(): Promise<BrowserHost> {
    for (;;) {
      const there = this.#hosts.filter(({ isThere }) => isThere);
      const [freest] = there.toSorted((a, b) => this.#cellsOf(a) - this.#cellsOf(b));
      if (freest !== undefined && this.#cellsOf(freest) === 0) return freest;
      const next = this.#hosts.find(({ isThere }) => !isThere);
      const coming = next && this.#start(next);
      if (freest !== undefined) {
        // the run is ending, as those who have its pages are told
        coming?.catch(() => undefined);
        return freest;
      }
      await coming;
    }
  }

  async #start(host: BrowserHost): Promise<void> {
    try {
      await host.start();
    } catch (error) {
      this.#giveUp(host, error);
    }
  }

  /** Goes on without a host that was given up; throws any other error, and this one where it was the last host. */
  #giveUp(host: BrowserHost, error: unknown): void {
    const isEnd = error instanceof IncompleteError && error.code === 'host-closed';
    if (!host.isGivenUp || isEnd || !(error instanceof IncompleteError)) throw error;
    const at = this.#hosts.indexOf(host);
    if (at < 0) return;
    if (this.#hosts.length === 1) throw error;
    this.#hosts.splice(at, 1);
    this.#onFewer(error);
  }

  #cellsOf(host: BrowserHost): number {
    return this.#cells.get(host) ?? 0;
  }

  #count(host: BrowserHost, by: number): void {
    this.#cells.set(host, this.#cellsOf(host) + by);
  }

  #lentAs(seat: Seat): { host: BrowserHost; left: Set<Seat> } {
    const lent = this.#lent.get(seat);
    if (!lent) throw new HarnessError('not-lent', `this page was not lent by ${this.spec.id}`);
    return lent;
  }

  /** Counts a page as given back; returns the host that takes it. */
  #back(seat: Seat): BrowserHost {
    const { host, left } = this.#lentAs(seat);
    if (left.delete(seat) && left.size === 0) this.#count(host, -1);
    return host;
  }
}
