import type { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

/** How many lines are kept of the beginning, and as many of the end. */
const kept = 1000;
const longestLine = 2000;

/** What a service wrote, line by line with the time; if it is very much, the beginning and the end. */
export class ServiceLog {
  readonly #first: { at: number; text: string }[] = [];
  readonly #last: { at: number; text: string }[] = [];
  #leftOut = 0;
  readonly #waiting: { pattern: RegExp; resolve: () => void }[] = [];

  /** Reads a stream to its end; without a reader a full pipe would stop the process. */
  follow(stream: Readable): void {
    let rest = '';
    stream.setEncoding('utf8');
    stream.on('data', (text: string) => {
      const lines = `${rest}${text}`.split('\n');
      rest = (lines.pop() ?? '').slice(-longestLine);
      for (const line of lines) this.#add(line);
    });
    stream.on('end', () => {
      if (rest !== '') this.#add(rest);
    });
  }

  /** Resolves with the first line that matches. */
  match(pattern: RegExp): Promise<void> {
    return new Promise((resolve) => this.#waiting.push({ pattern, resolve }));
  }

  /** @param since milliseconds since the epoch */
  textSince(since: number): string {
    const gap = this.#leftOut === 0 ? [] : [`… ${String(this.#leftOut)} lines left out`];
    const lines = (of: readonly { at: number; text: string }[]): string[] =>
      of.filter(({ at }) => at >= since).map(({ at, text }) => `${new Date(at).toISOString()} ${text}`);
    return [...lines(this.#first), ...gap, ...lines(this.#last)].map((line) => `${line}\n`).join('');
  }

  /** Its end, to follow a sentence; empty if there was no output. */
  get lastWords(): string {
    const lines = [...this.#first, ...this.#last].slice(-10).map(({ text }) => text);
    return lines.length === 0 ? '' : ` It said last:\n${lines.join('\n')}`;
  }

  #add(line: string): void {
    const text = stripVTControlCharacters(line).trimEnd().slice(0, longestLine);
    if (text === '') return;
    const entry = { at: Date.now(), text };
    if (this.#first.length < kept) this.#first.push(entry);
    else this.#last.push(entry);
    if (this.#last.length > kept) {
      this.#last.shift();
      this.#leftOut += 1;
    }
    for (const { pattern, resolve } of this.#waiting) if (pattern.test(text)) resolve();
  }
}
