import { promisify } from 'node:util';
import { crc32, inflate } from 'node:zlib';

/** An opaque picture, row by row from the top. */
export interface Pixels {
  width: number;
  height: number;
  /** One value for each pixel: 0xRRGGBB. */
  colours: Uint32Array;
}

export const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** More pixels than any page or video here has: what a PNG says of itself may be more than any memory holds. */
const mostPixels = 8_000_000;
/** Bytes of a pixel by colour type: https://www.w3.org/TR/png-3/#table111 */
const channelsOf: Readonly<Record<number, 3 | 4>> = { 2: 3, 6: 4 };

const inflated = promisify(inflate);

/**
 * Reads a PNG as browsers write them: eight bits a channel, not interlaced, with or without transparency. Null where it is
 * transparent anywhere, and where it is no such PNG: a page may hand over anything.
 */
export async function readPng(png: Buffer): Promise<Pixels | null> {
  const chunks = chunksOf(png);
  const header = chunks?.[0];
  if (chunks === null || header?.type !== 'IHDR' || header.content.length !== 13) return null;
  const [width, height] = [header.content.readUInt32BE(0), header.content.readUInt32BE(4)];
  const [bits, colourType = 0, ...methods] = header.content.subarray(8);
  const channels = channelsOf[colourType];
  if (channels === undefined || bits !== 8 || methods.some((method) => method !== 0)) return null;
  if (width === 0 || height === 0 || width * height > mostPixels) return null;
  if (chunks.some(({ type }) => type === 'tRNS')) return null;
  const due = (width * channels + 1) * height;
  const packed = chunks.filter(({ type }) => type === 'IDAT').map(({ content }) => content);
  const rows = await inflated(Buffer.concat(packed), { maxOutputLength: due }).catch(() => null);
  if (rows?.length !== due || !unfilter(rows, width * channels + 1, channels)) return null;
  return coloursIn(rows, width, height, channels);
}

interface Chunk {
  type: string;
  content: Buffer;
}

/** Null unless they are whole, from the signature to IEND. https://www.w3.org/TR/png-3/#5Chunk-layout */
function chunksOf(png: Buffer): Chunk[] | null {
  if (!png.subarray(0, signature.length).equals(signature)) return null;
  const chunks: Chunk[] = [];
  for (let at = signature.length; at + 12 <= png.length;) {
    const end = at + 8 + png.readUInt32BE(at);
    if (end + 4 > png.length || crc32(png.subarray(at + 4, end)) !== png.readUInt32BE(end)) return null;
    const type = png.toString('latin1', at + 4, at + 8);
    chunks.push({ type, content: png.subarray(at + 8, end) });
    if (type === 'IEND') return chunks;
    at = end + 4;
  }
  return null;
}

/** Undoes the filter of each row, in place; false if a row has an unknown one. https://www.w3.org/TR/png-3/#9Filter-types */
function unfilter(rows: Buffer, stride: number, channels: number): boolean {
  for (let start = 0; start < rows.length; start += stride) {
    const filter = rows[start] ?? 0;
    if (filter > 4) return false;
    if (filter === 0) continue;
    const isFirst = start === 0;
    for (let at = start + 1; at < start + stride; at += 1) {
      const isLeftmost = at - start <= channels;
      const left = isLeftmost ? 0 : (rows[at - channels] ?? 0);
      const up = isFirst ? 0 : (rows[at - stride] ?? 0);
      const corner = isLeftmost || isFirst ? 0 : (rows[at - stride - channels] ?? 0);
      const foreseen =
        filter === 1 ? left : filter === 2 ? up : filter === 3 ? (left + up) >> 1 : paeth(left, up, corner);
      rows[at] = (rows[at] ?? 0) + foreseen; // a Buffer keeps the low eight bits
    }
  }
  return true;
}

/** https://www.w3.org/TR/png-3/#9Filter-type-4-Paeth */
export function paeth(left: number, up: number, corner: number): number {
  const toLeft = Math.abs(up - corner);
  const toUp = Math.abs(left - corner);
  const toCorner = Math.abs(left + up - 2 * corner);
  if (toLeft <= toUp && toLeft <= toCorner) return left;
  return toUp <= toCorner ? up : corner;
}

/** Null where it is transparent anywhere. */
function coloursIn(rows: Buffer, width: number, height: number, channels: 3 | 4): Pixels | null {
  const colours = new Uint32Array(width * height);
  let at = 0;
  for (let pixel = 0; pixel < colours.length; pixel += 1) {
    if (pixel % width === 0) at += 1; // the filter of the row, which is undone
    if (channels === 4 && rows[at + 3] !== 255) return null;
    colours[pixel] = ((rows[at] ?? 0) << 16) | ((rows[at + 1] ?? 0) << 8) | (rows[at + 2] ?? 0);
    at += channels;
  }
  return { width, height, colours };
}
