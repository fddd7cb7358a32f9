import { HarnessError, IncompleteError } from '../errors.ts';
import { DeadlineError } from '../within.ts';
import { setupKey, type PageSetup } from './page-server.ts';

/** What a pool knows about a page. */
export interface Lendable {
  readonly setup: PageSetup;
  readonly isOpen: boolean;
  /** Resolves when the page is gone. */
  readonly gone: Promise<unknown>;
}

/** Opens pages; each call has its own deadline. */
export interface PageMaker<P> {
  open(setup: PageSetup): Promise<P>;
  /** Makes a page start afresh; closes it if that fails. */
  renew(page: P, setup: PageSetup): Promise<P>;
  /** Never rejects. */
  close(page: P): Promise<void>;
}

export interface PoolOptions {
  /** The browser's, for errors. */
  id: string;
  /** The most pages at once. */
  most: number;
  /** A waiter gives up when no page was given back for this many milliseconds. */
  idleMs: number;
}

/** The browser of a pool has ended: its pages can be replaced by those of the next one. */
export class PoolEndedError extends HarnessError {}

interface Waiting<P> {
  setups: readonly PageSetup[];
  resolve(claims: (P | undefined)[]): void;
  reject(cause: Error): void;
}

/** The pages of one running browser. Each place is free, lent or starting; waiters are served in order. */
export class SeatPool<P extends Lendable> {
  readonly #maker: PageMaker<P>;
  readonly #options: PoolOptions;
  readonly #free: P[] = [];
  readonly #lent = new Set<P>();
  /** Pages that are being opened, or that start afresh. */
  #starting = 0;
  /** Those of them that start afresh without a waiter, to be free again. */
  #renewing = 0;
  #waiting: Waiting<P>[] = [];
  #patience: NodeJS.Timeout | undefined;
  #ended: Error | undefined;

  constructor(maker: PageMaker<P>, options: PoolOptions) {
    this.#maker = maker;
    this.#options = options;
  }

  /** Unused places; 0 to `most`. */
  get #unused(): number {
    return this.#options.most - this.#free.length - this.#lent.size - this.#starting;
  }

  /**
   * Lends pages, all at once so that two cells cannot each hold half of what both need.
   * @throws {IncompleteError} `too-few-pages`
   * @throws {DeadlineError} `no-page` if nothing is given back
   * @throws {PoolEndedError} if the browser ends before there is a page to lend
   */
  async take(setups: readonly PageSetup[]): Promise<P[]> {
    const { id, most } = this.#options;
    if (setups.length > most) {
      throw new IncompleteError('too-few-pages', `${id} can show ${String(most)} pages at once only.`);
    }
    if (this.#ended) throw this.#ended;
    const claims = await new Promise<(P | undefined)[]>((resolve, reject) => {
      this.#waiting.push({ setups, resolve, reject });
      this.#changed();
    });
    const taken = await Promise.allSettled(setups.map((setup, index) => this.#start(claims[index], setup)));
    const failed = taken.find((result) => result.status === 'rejected');
    const pages = taken.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    if (!failed && this.#ended === undefined) return pages;
    await Promise.all(pages.map((page) => this.discard(page)));
    throw failed?.reason ?? new HarnessError('browser-ended', `${id} ended while its pages opened`);
  }

  /** Opens pages up to that number, or as many as are allowed. */
  async prepare(count: number): Promise<void> {
    const wanted = Math.min(count, this.#options.most) - (this.#options.most - this.#unused);
    if (wanted <= 0 || this.#ended) return;
    this.#starting += wanted;
    const opened = await Promise.allSettled(
      Array.from({ length: wanted }, () => this.#start(undefined, { scripts: [] })),
    );
    for (const result of opened) if (result.status === 'fulfilled') this.#giveBack(result.value);
    const failed = opened.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  /**
   * Takes a healthy page back; it starts afresh in the background.
   * @throws {HarnessError} `not-lent` if it was given back before: two would have it
   */
  release(page: P): void {
    if (this.#ended) return;
    if (!this.#lent.delete(page))
      throw new HarnessError('not-lent', `a page of ${this.#options.id} was given back twice`);
    this.#starting += 1;
    this.#renewing += 1;
    const renewed = this.#maker.renew(page, page.setup).finally(() => (this.#renewing -= 1));
    this.#started(renewed).then(
      (fresh) => this.#giveBack(fresh),
      // The page is closed and its place is free; the next cell opens another one.
      () => undefined,
    );
  }

  /** Closes a page that cannot be trusted any more. May be called again. */
  async discard(page: P): Promise<void> {
    if (!this.#lent.has(page)) return;
    try {
      if (!this.#ended) await this.#maker.close(page);
    } finally {
      this.#lent.delete(page);
      this.#changed();
    }
  }

  /** The browser has ended: all waiters, now and later, are told why. */
  end(cause: Error): void {
    this.#ended ??= cause;
    clearTimeout(this.#patience);
    for (const { reject } of this.#waiting.splice(0)) reject(this.#ended);
  }

  /** Opens a page for a claim. */
  #start(claimed: P | undefined, setup: PageSetup): Promise<P> {
    if (claimed === undefined) return this.#started(this.#maker.open(setup));
    if (!claimed.isOpen) {
      return this.#started(this.#maker.close(claimed).then(() => this.#maker.open(setup)));
    }
    if (setupKey(claimed.setup) !== setupKey(setup)) return this.#started(this.#maker.renew(claimed, setup));
    return this.#started(Promise.resolve(claimed));
  }

  /** Lends a page once it is there; its place counts as starting until then. */
  async #started(coming: Promise<P>): Promise<P> {
    try {
      const page = await coming;
      this.#starting -= 1;
      this.#lent.add(page);
      return page;
    } catch (error) {
      this.#starting -= 1;
      this.#changed();
      throw error;
    }
  }

  #giveBack(page: P): void {
    this.#lent.delete(page);
    if (this.#ended) return;
    this.#free.push(page);
    // A page that goes while nobody uses it makes room for another.
    void page.gone.then(() => {
      const at = this.#free.indexOf(page);
      if (at < 0) return undefined;
      this.#free.splice(at, 1);
      this.#lent.add(page);
      return this.discard(page);
    });
    this.#changed();
  }

  /** Serves waiters in order; the patience of the others starts again. */
  #changed(): void {
    clearTimeout(this.#patience);
    for (let next = this.#waiting[0]; next; next = this.#waiting[0]) {
      const short = next.setups.length - this.#free.length;
      // A page that is about to be free again is there sooner than one more, which costs a process besides.
      if (short > this.#unused || (short > 0 && short <= this.#renewing)) break;
      this.#waiting.shift();
      // Everything is claimed before anything is waited for.
      next.resolve(next.setups.map((setup) => this.#claim(setup)));
    }
    if (this.#waiting.length === 0) return;
    this.#patience = setTimeout(() => this.#giveUp(), this.#options.idleMs);
  }

  /** A free page, preferably one with the same scripts. */
  #claim(setup: PageSetup): P | undefined {
    const key = setupKey(setup);
    const same = this.#free.findIndex((page) => setupKey(page.setup) === key && page.isOpen);
    const [page] = this.#free.splice(Math.max(same, 0), 1);
    this.#starting += 1;
    return page;
  }

  #giveUp(): void {
    const { id, idleMs } = this.#options;
    const error = new DeadlineError(
      'no-page',
      `waited ${String(idleMs)} ms for a page of ${id}, and none was given back: ` +
        `${String(this.#lent.size)} are lent, ${String(this.#starting)} are starting`,
    );
    for (const { reject } of this.#waiting.splice(0)) reject(error);
  }
}
