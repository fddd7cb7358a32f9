import type { Readable } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';

/** The last lines of what a process wrote, for the message of its error. */
export class LogTail {
  readonly #lines: string[] = [];
  readonly #most: number;

  constructor(most = 10) {
    this.#most = most;
  }

  /** Reads a stream to its end; without a reader a full pipe would stop the process. */
  follow(stream: Readable | null | undefined): void {
    stream?.setEncoding('utf8');
    stream?.on('data', (text: string) => this.add(text));
  }

  add(text: string): void {
    const lines = stripVTControlCharacters(text)
      .split('\n')
      .map((line) => line.trim())
      .filter((line) => line !== '');
    this.#lines.push(...lines);
    this.#lines.splice(0, this.#lines.length - this.#most);
  }

  get text(): string {
    return this.#lines.join('\n');
  }
}
