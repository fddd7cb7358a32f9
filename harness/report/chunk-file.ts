import { promisify } from 'node:util';
import { deflateRaw, inflateRaw } from 'node:zlib';
import type { ChunkEncoding } from './data.ts';

const deflate = promisify(deflateRaw);
const inflate = promisify(inflateRaw);

/** The name of a chunk's file: `cells/1` is in `data/cells-1.js`. */
export const fileOfChunk = (name: string): string => `data/${name.replace('/', '-')}.js`;

const callOf = (name: string, encoding: ChunkEncoding, literal: string): string =>
  `webrtcInterop("${name}","${encoding}",${literal});\n`;

/**
 * A call that hands JSON to the page. What a script may not hold literally, and what would end a script in a page, is
 * escaped: in JSON both occur only inside strings.
 * @param name a chunk, of plain characters and slashes
 */
export const jsonCall = (name: string, value: unknown): string =>
  callOf(
    name,
    'json',
    JSON.stringify(JSON.stringify(value)).replaceAll(
      /[<\u2028\u2029]/g,
      (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  );

/** The same for JSON that is long: compressed. */
export async function compressedCall(name: string, json: Uint8Array | string): Promise<string> {
  const content = await deflate(json);
  return callOf(name, 'deflate-raw', `"${content.toString('base64')}"`);
}

const call =
  /^webrtcInterop\("(?<name>[\w./~-]+)","(?<encoding>json|deflate-raw)",(?<literal>"[^\n]*")\);\n$/;

/**
 * The JSON that a file of data hands to the page, without running anything in it; null if it is not a file of that
 * chunk.
 * @param most how many bytes compressed content may expand to
 */
export async function readCall(text: string, chunk: string, most: number): Promise<string | null> {
  const { name, encoding, literal = '""' } = call.exec(text)?.groups ?? {};
  if (name !== chunk) return null;
  if (encoding === 'deflate-raw') {
    const content = Buffer.from(literal.slice(1, -1), 'base64');
    try {
      return (await inflate(content, { maxOutputLength: most })).toString('utf8');
    } catch {
      return null; // cut off, changed, or longer than anything that was written
    }
  }
  try {
    const json: unknown = JSON.parse(literal);
    return typeof json === 'string' ? json : null;
  } catch {
    return null;
  }
}
