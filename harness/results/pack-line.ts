import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';

/**
 * A pack is a file of lines, each a call of its own with some files of evidence in it:
 *
 *     evidence("deflate-raw","<sha256>:<bytes> <sha256>:<bytes>","<base64>");
 *
 * A page loads it by a script tag, Node reads it by this form alone and never runs it. The base64 stands for the files
 * one after another, compressed or, as `identity`, as they are.
 */
export type PackEncoding = 'identity' | 'deflate-raw';

/** A file in a line of a pack. */
export interface PackedFile {
  sha256: string;
  bytes: number;
}

/** One line of a pack, its content still encoded. */
export interface PackLine {
  encoding: PackEncoding;
  files: PackedFile[];
  base64: string;
}

const head =
  /^evidence\("(?<encoding>identity|deflate-raw)","(?<files>[0-9a-f]{64}:\d{1,9}(?: [0-9a-f]{64}:\d{1,9}){0,999})","/;
const tail = '");';

/** The most that the files of one line may come to, in bytes: what is compressed may say more than any memory holds. */
const mostInflated = 512 * 1024 * 1024;

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Files as one line, without its end. */
export async function packLineOf(
  encoding: PackEncoding,
  files: readonly (PackedFile & { content: Uint8Array })[],
): Promise<string> {
  const whole = Buffer.concat(files.map(({ content }) => content));
  const encoded = encoding === 'identity' ? whole : await deflate(whole);
  const named = files.map(({ sha256, bytes }) => `${sha256}:${String(bytes)}`).join(' ');
  return `evidence("${encoding}","${named}","${encoded.toString('base64')}${tail}`;
}

/** What a line of a pack says, or null where it is not, character by character, what the harness writes. */
export function parsePackLine(line: string): PackLine | null {
  const start = head.exec(line);
  if (start?.groups === undefined || !line.endsWith(tail)) return null;
  const base64 = line.slice(start[0].length, -tail.length);
  // There is one way to write bytes down: whatever else may be there, a quotation mark included, does not come back.
  if (Buffer.from(base64, 'base64').toString('base64') !== base64) return null;
  const files = (start.groups['files'] ?? '').split(' ').map((file) => {
    const [sha256 = '', bytes = ''] = file.split(':');
    return { sha256, bytes: Number(bytes) };
  });
  if (files.reduce((sum, { bytes }) => sum + bytes, 0) > mostInflated) return null;
  return { encoding: start.groups['encoding'] === 'identity' ? 'identity' : 'deflate-raw', files, base64 };
}

/** The contents of the files of a line, in its order; null where they are not of the lengths that it says. */
export async function filesIn({ encoding, files, base64 }: PackLine): Promise<Buffer[] | null> {
  const length = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const encoded = Buffer.from(base64, 'base64');
  let whole: Buffer;
  try {
    whole =
      encoding === 'identity' ? encoded : await inflate(encoded, { maxOutputLength: Math.max(1, length) });
  } catch {
    return null; // it is no such stream, or one that is longer than it says
  }
  if (whole.length !== length) return null;
  let at = 0;
  return files.map(({ bytes }) => whole.subarray(at, (at += bytes)));
}
