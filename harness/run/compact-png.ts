import { promisify } from 'node:util';
import { crc32, deflate } from 'node:zlib';
import { paeth, readPng, signature, type Pixels } from './read-png.ts';

const [truecolour, indexed] = [2, 3] as const;
/** The PNG filter that makes every frame of ours smallest. */
const paethFilter = 4;
const mostColours = 256;

const deflated = promisify(deflate);

/** The picture of a probe is kept by every cell that its browser cannot run. */
const done = new WeakMap<Uint8Array, Promise<Uint8Array>>();

/**
 * The same picture, pixel by pixel, as a smaller PNG: browsers write theirs to be fast, with transparency that nothing
 * uses. Anything that is no PNG that this can read, or that gets no smaller, stays as it is.
 */
export function compactPng(png: Uint8Array): Promise<Uint8Array> {
  const small = done.get(png) ?? compacted(Buffer.from(png.buffer, png.byteOffset, png.byteLength));
  done.set(png, small);
  return small;
}

async function compacted(png: Buffer): Promise<Buffer> {
  const picture = await readPng(png);
  if (picture === null) return png;
  const small = await (indexedPng(picture) ?? truecolourPng(picture));
  return small.length < png.length ? small : png;
}

/** With a palette; null where there are too many colours. */
function indexedPng({ width, height, colours }: Pixels): Promise<Buffer> | null {
  const places = new Map<number, number>();
  const rows = Buffer.alloc((width + 1) * height);
  let [last, place, at] = [-1, 0, 0];
  for (let pixel = 0; pixel < colours.length; pixel += 1) {
    const colour = colours[pixel] ?? 0;
    if (pixel % width === 0) at += 1; // the filter of the row: none
    if (colour !== last) {
      place = places.get(colour) ?? places.size;
      if (place === mostColours) return null;
      places.set(colour, place);
      last = colour;
    }
    rows[at] = place;
    at += 1;
  }
  const palette = Buffer.alloc(places.size * 3);
  for (const [colour, place] of places) palette.writeUIntBE(colour, place * 3, 3);
  return pngOf(width, height, indexed, rows, chunk('PLTE', palette));
}

function truecolourPng({ width, height, colours }: Pixels): Promise<Buffer> {
  const rows = Buffer.alloc((width * 3 + 1) * height);
  let at = 0;
  for (let pixel = 0; pixel < colours.length; pixel += 1) {
    const isFirst = pixel % width === 0;
    if (isFirst) {
      rows[at] = paethFilter;
      at += 1;
    }
    const colour = colours[pixel] ?? 0;
    const left = isFirst ? 0 : (colours[pixel - 1] ?? 0);
    const up = pixel < width ? 0 : (colours[pixel - width] ?? 0);
    const corner = isFirst || pixel < width ? 0 : (colours[pixel - width - 1] ?? 0);
    // most of a page is plain: there the filter leaves zeros, which is what is there
    const plain = up === corner ? left : left === corner ? up : null;
    if (colour === plain) {
      at += 3;
      continue;
    }
    for (let shift = 16; shift >= 0; shift -= 8) {
      const foreseen = paeth((left >> shift) & 0xff, (up >> shift) & 0xff, (corner >> shift) & 0xff);
      rows[at] = ((colour >> shift) - foreseen) & 0xff;
      at += 1;
    }
  }
  return pngOf(width, height, truecolour, rows);
}

async function pngOf(
  width: number,
  height: number,
  colourType: number,
  rows: Buffer,
  ...palette: Buffer[]
): Promise<Buffer> {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, colourType], 8);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    ...palette,
    chunk('IDAT', await deflated(rows, { level: 9 })),
    chunk('IEND', new Uint8Array()),
  ]);
}

function chunk(type: string, content: Uint8Array): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), content]);
  const around = Buffer.alloc(8);
  around.writeUInt32BE(content.length, 0);
  around.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([around.subarray(0, 4), body, around.subarray(4)]);
}
