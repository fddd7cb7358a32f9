import type { FileHandle } from 'node:fs/promises';
import { constants } from 'node:buffer';

/** A line of a file, without its end. */
export interface Line {
  /** Its content, valid until the next line is asked for: the memory is reused. */
  bytes: Buffer;
  /** Whether its end is there: the last line of a file that was being written may have none. */
  isWhole: boolean;
}

const newline = 0x0a;

/** How much is read at once, in bytes. */
const chunk = 256 * 1024;

/** Longer than any line of a run, in bytes. */
const longest = Math.min(constants.MAX_STRING_LENGTH, 256 * 1024 * 1024);

/**
 * The lines of an open file from its beginning, ended by `\n` alone. One that is too long is cut off, is not whole, and
 * is the last.
 */
export async function* linesOf(handle: FileHandle, most = longest): AsyncGenerator<Line> {
  let buffer = Buffer.allocUnsafe(chunk);
  let length = 0;
  for (let position = 0; ;) {
    const { bytesRead } = await handle.read(buffer, length, buffer.length - length, position);
    if (bytesRead === 0) break;
    position += bytesRead;
    let from = 0;
    let end = buffer.indexOf(newline, length);
    length += bytesRead;
    for (; end !== -1 && end < length; end = buffer.indexOf(newline, from)) {
      yield { bytes: buffer.subarray(from, end), isWhole: true };
      from = end + 1;
    }
    buffer.copy(buffer, 0, from, length);
    length -= from;
    if (length >= most) {
      yield { bytes: buffer.subarray(0, length), isWhole: false };
      return;
    }
    if (length === buffer.length) buffer = Buffer.concat([buffer], length * 2);
  }
  if (length > 0) yield { bytes: buffer.subarray(0, length), isWhole: false };
}
