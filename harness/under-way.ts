/**
 * Work that cannot finish once something else has ended, e.g. a browser. (Racing with one promise of that end would keep
 * everything that ever raced with it in memory.)
 */
export class UnderWay {
  readonly #rejects = new Set<(cause: Error) => void>();
  #cause: Error | undefined;

  /** Rejects all work under way, and any that comes later. */
  end(cause: Error): void {
    this.#cause ??= cause;
    for (const reject of this.#rejects) reject(this.#cause);
  }

  /** Returns what a promise resolves to, unless the end comes first. */
  async orEnd<T>(work: Promise<T>): Promise<T> {
    let end: (cause: Error) => void = () => undefined;
    const ended = new Promise<never>((_, reject) => (end = reject));
    this.#rejects.add(end);
    if (this.#cause) end(this.#cause);
    try {
      return await Promise.race([work, ended]);
    } finally {
      this.#rejects.delete(end);
    }
  }
}
