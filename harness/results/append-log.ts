import { open } from 'node:fs/promises';
import { IncompleteError } from '../errors.ts';
import { notWritable, writing } from './write-error.ts';

/** A file of lines, each on the disk before its promise resolves, none ever torn by a failed one. */
export interface AppendLog {
  /** Appends one line; calls are done one after another. */
  append(line: string): Promise<void>;
  /** Waits for what is under way and closes the file. */
  close(): Promise<void>;
}

/**
 * Opens a file to append lines to.
 * @throws {IncompleteError} `results-not-writable`
 */
export async function openAppendLog(path: string): Promise<AppendLog> {
  const file = await writing(path, () => open(path, 'a'));
  let length = (await file.stat()).size;
  let broken: IncompleteError | null = null;
  let last: Promise<unknown> = Promise.resolve();

  async function write(line: string): Promise<void> {
    if (broken !== null) throw broken;
    const bytes = Buffer.from(`${line}\n`);
    try {
      await file.writeFile(bytes);
      await file.datasync();
      length += bytes.length;
    } catch (error) {
      const failure = notWritable(path, error);
      try {
        await file.truncate(length); // so that the half that was written does not swallow the next line
      } catch {
        broken = failure; // the file now ends in half a line: nothing may follow it
      }
      throw failure;
    }
  }

  function inTurn<T>(work: () => Promise<T>): Promise<T> {
    const turn = last.then(work, work);
    last = turn.catch(() => undefined); // its caller hears of it; the next in line goes ahead
    return turn;
  }

  let closing: Promise<void> | null = null;
  return {
    append: (line) => inTurn(() => write(line)),
    close: () => (closing ??= inTurn(() => file.close())),
  };
}
