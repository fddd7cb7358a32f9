/** Something that runs beside the browsers and that all of them use, such as a display. */
export interface Helper {
  /** What a browser needs in its environment to find it. */
  env: Record<string, string>;
  lives(): boolean;
  stop(): Promise<void>;
}

/** One helper for all who use it: started for the first, at once for all who come meanwhile, stopped after the last. */
export class SharedHelper {
  readonly #start: () => Promise<Helper>;
  #running: Promise<Helper> | undefined;
  #users = 0;

  constructor(start: () => Promise<Helper>) {
    this.#start = start;
  }

  /** Its environment, once it runs. Whoever acquired it has to release it, and only then. */
  async acquire(): Promise<Record<string, string>> {
    this.#users += 1;
    const before = await this.#running?.catch(() => undefined); // Whoever started that one was told.
    // One that died is replaced; who used it has died with it, or does without.
    if (before?.lives() === false) this.#running = undefined;
    this.#running ??= this.#start();
    const running = this.#running;
    try {
      return (await running).env;
    } catch (error) {
      this.#users -= 1;
      if (this.#running === running) this.#running = undefined;
      throw error;
    }
  }

  async release(): Promise<void> {
    this.#users -= 1;
    if (this.#users > 0) return;
    const running = this.#running;
    this.#running = undefined;
    await (await running)?.stop();
  }
}
