import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';

/**
 * A pack is a file of lines, each a call of its own with some files of evidence in it:
 *
 *     evidence("deflate-raw","<sha256>:<bytes> <sha256>:<bytes>","<base64>");
 *     evidence("deflate-raw:0","<sha256>:<bytes>","<base64>");
 *
 * A page loads it with a script tag; Node reads it by this form alone and never runs it. The base64 stands for the files
 * one after another, compressed or, with `identity`, as they are. `deflate-raw:0` is compressed with a dictionary: the end
 * of what the first line of the pack stands for, because what two calls of the same browsers leave is much alike.
 */
export type PackEncoding = 'identity' | 'deflate-raw' | `deflate-raw:${number}`;

/** A file in a line of a pack. */
export interface PackedFile {
  sha256: string;
  bytes: number;
}

/** One line of a pack, its content still encoded. */
export interface PackLine {
  encoding: PackEncoding;
  /** The number, from 0, of the line that it is compressed with; null if it stands alone. */
  base: number | null;
  files: PackedFile[];
  /** Base64, one byte per character. */
  encoded: Buffer;
}

const head =
  /^evidence\("(?<encoding>identity|deflate-raw(?::(?<base>0|[1-9]\d{0,5}))?)","(?<files>[0-9a-f]{64}:\d{1,9}(?: [0-9a-f]{64}:\d{1,9}){0,999})","/;
const tail = '");';
/** What is between two arguments of a call. */
const between = '","';

/** The most bytes that the files of one line may have: compressed data may expand to more than any memory holds. */
const mostInflated = 512 * 1024 * 1024;

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

export const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** How far back deflate looks into a dictionary, in bytes. */
export const longestDictionary = 32 * 1024;

/** The end of what a line stands for, with which other lines may be compressed. */
export const dictionaryOf = (files: readonly Uint8Array[]): Buffer =>
  Buffer.from(Buffer.concat(files).subarray(-longestDictionary));

/**
 * Files as one line, without its end.
 * @param dictionary of the line that the encoding names
 */
export async function packLineOf(
  encoding: PackEncoding,
  files: readonly (PackedFile & { content: Uint8Array })[],
  dictionary?: Buffer,
): Promise<string> {
  const whole = Buffer.concat(files.map(({ content }) => content));
  const encoded =
    encoding === 'identity'
      ? whole
      : await deflate(whole, { level: 9, ...(dictionary === undefined ? {} : { dictionary }) });
  const named = files.map(({ sha256, bytes }) => `${sha256}:${String(bytes)}`).join(' ');
  return `evidence("${encoding}","${named}","${encoded.toString('base64')}${tail}`;
}

/** What each character of base64 stands for; 255 for any other. */
const values = new Uint8Array(256).fill(255);
const alphabet = Buffer.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/');
for (const [value, character] of alphabet.entries()) values[character] = value;
const equals = 0x3d;

/** The bits of the last character that stand for nothing, by the number of characters modulo four. */
const unused = [0, 0, 0b1111, 0b11] as const;

/** Whether bytes are base64 in its only canonical form: whole, and with no bits left over. */
function isBase64(bytes: Buffer): boolean {
  if (bytes.length % 4 !== 0) return false;
  let end = bytes.length;
  while (end > bytes.length - 2 && end > 0 && bytes[end - 1] === equals) end -= 1;
  let all = 0;
  for (let at = 0; at < end; at += 1) all |= values[bytes[at] ?? 0] ?? 255;
  const last = end === 0 ? 0 : (values[bytes[end - 1] ?? 0] ?? 255);
  return all < 64 && (last & (unused[end % 4] ?? 0)) === 0;
}

/** What a line of a pack says, or null if it is not, byte for byte, what the harness writes. */
export function parsePackLine(line: Buffer): PackLine | null {
  const content = line.indexOf(between, line.indexOf(between) + 1);
  const start = head.exec(line.toString('latin1', 0, Math.max(0, content) + between.length));
  if (start?.groups === undefined || line.toString('latin1', line.length - tail.length) !== tail) return null;
  const encoded = line.subarray(start[0].length, -tail.length);
  if (line.length < start[0].length + tail.length || !isBase64(encoded)) return null;
  const named = (start.groups['files'] ?? '').split(' ').map((file) => {
    const [sha256 = '', bytes = ''] = file.split(':');
    return { sha256, bytes: Number(bytes) };
  });
  if (named.reduce((sum, { bytes }) => sum + bytes, 0) > mostInflated) return null;
  const of = { files: named, encoded };
  if (start.groups['encoding'] === 'identity') return { encoding: 'identity', base: null, ...of };
  const base = start.groups['base'];
  return base === undefined
    ? { encoding: 'deflate-raw', base: null, ...of }
    : { encoding: `deflate-raw:${Number(base)}`, base: Number(base), ...of };
}

/**
 * The contents of the files of a line, in its order; null if they do not have the lengths that it states.
 * @param dictionary of the line that it is compressed with
 */
export async function filesIn(
  { encoding, base, files, encoded }: PackLine,
  dictionary?: Buffer,
): Promise<Buffer[] | null> {
  if ((base === null) !== (dictionary === undefined)) return null;
  const length = files.reduce((sum, { bytes }) => sum + bytes, 0);
  const content = Buffer.from(encoded.toString('latin1'), 'base64');
  let whole: Buffer;
  try {
    whole =
      encoding === 'identity'
        ? content
        : await inflate(content, {
            maxOutputLength: Math.max(1, length),
            ...(dictionary === undefined ? {} : { dictionary }),
          });
  } catch {
    return null; // it is not such a stream, or one that is longer than it says
  }
  if (whole.length !== length) return null;
  let at = 0;
  return files.map(({ bytes }) => whole.subarray(at, (at += bytes)));
}
