import type { DriverConsoleEntry } from './driver.ts';

/** What one page wrote to its console: the first lines are kept, as causes come before consequences. */
export class ConsoleLog {
  readonly #entries: DriverConsoleEntry[] = [];
  readonly #most: number;
  #dropped = 0;

  constructor(most = 5000) {
    this.#most = most;
  }

  add(entry: DriverConsoleEntry): void {
    if (this.#entries.length < this.#most) this.#entries.push(entry);
    else this.#dropped += 1;
  }

  entries(): DriverConsoleEntry[] {
    if (this.#dropped === 0) return [...this.#entries];
    const note = `${this.#dropped} more lines were dropped: ${this.#most} are kept.`;
    return [...this.#entries, { at: Date.now(), level: 'warning', text: note }];
  }
}
