/**
 * Work that cannot come to its end when something has ended, e.g. a browser. A race with one promise of that end would
 * keep all that was ever raced with it.
 */
export class UnderWay {
  readonly #rejects = new Set<(cause: Error) => void>();
  #cause: Error | undefined;

  /** Rejects all that is under way, and what comes later. */
  end(cause: Error): void {
    this.#cause ??= cause;
    for (const reject of this.#rejects) reject(this.#cause);
  }

  /** Returns what a promise gives, unless the end comes first. */
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
