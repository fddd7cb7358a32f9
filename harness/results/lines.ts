import type { FileHandle } from 'node:fs/promises';
import { constants } from 'node:buffer';

/** A line of a file, without its end. */
export interface Line {
  bytes: Buffer;
  /** Whether it has an end: the last one of a file that was being written may have none. */
  isWhole: boolean;
}

const newline = 0x0a;

/** More than any line of a run has, in bytes. */
const longest = Math.min(constants.MAX_STRING_LENGTH, 256 * 1024 * 1024);

/**
 * The lines of an open file from its beginning, ended by `\n` alone. One that is too long is cut off, is not whole, and
 * is the last.
 */
export async function* linesOf(handle: FileHandle, most = longest): AsyncGenerator<Line> {
  let parts: Buffer[] = [];
  let length = 0;
  const take = (isWhole: boolean): Line => {
    const [first] = parts;
    const bytes = parts.length === 1 && first !== undefined ? first : Buffer.concat(parts);
    parts = [];
    length = 0;
    return { bytes, isWhole };
  };
  for await (const chunk of handle.createReadStream({
    start: 0,
    autoClose: false,
    highWaterMark: 256 * 1024,
  })) {
    if (!Buffer.isBuffer(chunk)) continue;
    let from = 0;
    for (let end = chunk.indexOf(newline); end !== -1; end = chunk.indexOf(newline, from)) {
      parts.push(chunk.subarray(from, end));
      from = end + 1;
      yield take(true);
    }
    if (from === chunk.length) continue;
    parts.push(chunk.subarray(from));
    length += chunk.length - from;
    if (length >= most) {
      yield take(false);
      return;
    }
  }
  if (length > 0) yield take(false);
}
