/** Something that runs beside the browsers and that all of them use, such as a display. */
export interface Helper {
  /** What a browser needs in its environment to find it. */
  env: Record<string, string>;
  pid: number;
  lives(): boolean;
  /** Resolves with how it ended, in one sentence, when it died or was ended because it did not answer. */
  lost: Promise<string>;
  stop(): Promise<void>;
}

/** A helper as lent to one browser. */
export interface HelperLease extends Omit<Helper, 'stop'> {
  /** To be called when the browser has ended; may be called again. */
  release(): Promise<void>;
}

interface Started {
  helper: Promise<Helper>;
  users: number;
}

/** One helper for all who use it: started once for the first and all who come while it starts, stopped after the last. */
export class SharedHelper {
  readonly #start: () => Promise<Helper>;
  #latest: Started | undefined;
  #everRan = false;

  constructor(start: () => Promise<Helper>) {
    this.#start = start;
  }

  /** Whether it was started before: then this machine can run it. */
  get everRan(): boolean {
    return this.#everRan;
  }

  /** Lends it, once it runs; one that died is replaced. */
  async acquire(): Promise<HelperLease> {
    const before = await this.#latest?.helper.catch(() => undefined); // The caller that started it got the error.
    if (before?.lives() === false) this.#latest = undefined;
    const started = (this.#latest ??= { helper: this.#start(), users: 0 });
    started.users += 1;
    try {
      const { stop: _stop, ...helper } = await started.helper;
      this.#everRan = true;
      let released: Promise<void> | undefined;
      return { ...helper, release: () => (released ??= this.#release(started)) };
    } catch (error) {
      if (this.#latest === started) this.#latest = undefined;
      throw error;
    }
  }

  /** Each instance counts its own users: those of one that died do not stop the next. */
  async #release(started: Started): Promise<void> {
    started.users -= 1;
    if (started.users > 0) return;
    if (this.#latest === started) this.#latest = undefined;
    await (await started.helper).stop();
  }
}
