interface Line<Level extends string> {
  /** Milliseconds since the epoch. */
  at: number;
  level: Level;
  text: string;
}

/**
 * What one page wrote to its console, within bounds: a page in a loop must not fill the memory. The first lines are
 * kept, because causes come before consequences.
 */
export class ConsoleLines<Level extends string> {
  readonly #lines: Line<Level>[] = [];
  readonly #noteLevel: Level;
  readonly #most: number;
  readonly #mostCharacters: number;
  #dropped = 0;

  /** @param noteLevel the level of the last line, which says how many were left out */
  constructor(noteLevel: Level, { most = 1000, mostCharacters = 4000 } = {}) {
    this.#noteLevel = noteLevel;
    this.#most = most;
    this.#mostCharacters = mostCharacters;
  }

  add({ at, level, text }: Line<Level>): void {
    if (this.#lines.length < this.#most) this.#lines.push({ at, level, text: this.#cut(text) });
    else this.#dropped += 1;
  }

  entries(): Line<Level>[] {
    if (this.#dropped === 0) return [...this.#lines];
    const text = `${String(this.#dropped)} more lines were left out: ${String(this.#most)} are kept.`;
    return [...this.#lines, { at: Date.now(), level: this.#noteLevel, text }];
  }

  #cut(text: string): string {
    const over = text.length - this.#mostCharacters;
    if (over <= 0) return text;
    // A copy: a slice would keep the whole text in memory.
    const kept = Buffer.from(text.slice(0, this.#mostCharacters)).toString();
    return `${kept} … ${String(over)} more characters were left out.`;
  }
}
