import { constants } from 'node:fs';
import { open, stat } from 'node:fs/promises';
import { IncompleteError } from '../errors.ts';
import { hasCode, notWritable, writing } from './write-error.ts';

async function statOrNull(path: string): Promise<{ ino: number; dev: number } | null> {
  try {
    return await stat(path);
  } catch (error) {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR')) return null;
    throw notWritable(path, error);
  }
}

/** A file of lines: each is on the disk before its promise resolves, and none is ever torn by one that failed. */
export interface AppendLog {
  /** How long it is, in bytes. */
  readonly length: number;
  /**
   * Checks that the file is still where it was opened: a file that was removed accepts lines like any other.
   * @throws {IncompleteError} `results-gone`
   */
  checkPlace(): Promise<void>;
  /** Appends one line; calls are done one after another. */
  append(line: string): Promise<void>;
  /** Waits for what is under way and closes the file. */
  close(): Promise<void>;
}

export interface AppendLogOptions {
  /** What lines are called, in the plural, e.g. `cells`. */
  holds?: string;
  /** Whether the file must not exist yet. */
  isNew?: boolean;
  /** Whether each line survives a loss of power; without it, it survives the end of the process. */
  isFlushed?: boolean;
}

/**
 * Opens a file to append lines to; never through a link, behind which there may be somebody else's file.
 * @throws {IncompleteError} `results-not-writable`
 */
export async function openAppendLog(
  path: string,
  { holds = 'cells', isNew = false, isFlushed = true }: AppendLogOptions = {},
): Promise<AppendLog> {
  const file = await writing(path, () =>
    open(
      path,
      constants.O_WRONLY |
        constants.O_APPEND |
        constants.O_CREAT |
        (isNew ? constants.O_EXCL : (constants.O_NOFOLLOW ?? 0)),
    ),
  );
  let length = (await file.stat()).size;
  let lines = 0;
  let broken: IncompleteError | null = null;
  let last: Promise<unknown> = Promise.resolve();

  async function checkPlace(): Promise<void> {
    if (broken !== null) throw broken;
    const [mine, there] = await Promise.all([file.stat(), statOrNull(path)]);
    if (there !== null && there.ino === mine.ino && there.dev === mine.dev) return;
    const rest =
      mine.nlink === 0
        ? `The ${holds} that were stored in it (${lines}) are gone with it.`
        : `It was moved, and holds the ${holds} that were stored (${lines}).`;
    broken = new IncompleteError(
      'results-gone',
      `${path} was removed or moved while the run went on, so nothing more can be stored. ${rest} Run it again, and leave its folder alone.`,
    );
    throw broken;
  }

  async function write(line: string): Promise<void> {
    await checkPlace();
    const bytes = Buffer.from(`${line}\n`);
    try {
      await file.writeFile(bytes);
      if (isFlushed) await file.datasync();
      length += bytes.length;
      lines += 1;
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
    last = turn.catch(() => undefined); // its caller gets the error; the next in line goes ahead
    return turn;
  }

  let closing: Promise<void> | null = null;
  return {
    get length() {
      return length;
    },
    checkPlace,
    append: (line) => inTurn(() => write(line)),
    close: () => (closing ??= inTurn(() => file.close())),
  };
}
