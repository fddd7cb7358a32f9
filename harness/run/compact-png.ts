import { PNG } from 'pngjs';
import { PassThrough } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { promisify } from 'node:util';
import { crc32, deflate } from 'node:zlib';

/** More pixels than any page or video here has: what a PNG says of itself may be more than any memory holds. */
const mostPixels = 8_000_000;

const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
/** Where the header has the size, and where it ends. */
const [widthAt, heightAt, headerEnd] = [16, 20, 33];
const [truecolour, indexed] = [2, 3] as const;
/** Of the filters that PNG has, the one that gets every frame of ours smallest. */
const paeth = 4;
const mostColours = 256;

const deflated = promisify(deflate);

/** The picture of a probe is kept by every cell that its browser cannot run. */
const done = new WeakMap<Uint8Array, Promise<Uint8Array>>();

/**
 * The same picture, pixel by pixel, as a smaller PNG: browsers write theirs to be fast, with transparency that nothing
 * uses. What is no PNG that this can read, or gets no smaller, stays as it is.
 */
export function compactPng(png: Uint8Array): Promise<Uint8Array> {
  const small = done.get(png) ?? compacted(Buffer.from(png.buffer, png.byteOffset, png.byteLength));
  done.set(png, small);
  return small;
}

async function compacted(png: Buffer): Promise<Buffer> {
  const picture = pictureIn(png);
  if (picture === null) return png;
  const small = (await indexedPng(picture)) ?? (await truecolourPng(picture));
  return small.length < png.length ? small : png;
}

/** Null where it is transparent anywhere. */
function pictureIn(png: Buffer): PNG | null {
  if (png.length < headerEnd || !png.subarray(0, signature.length).equals(signature)) return null;
  if (png.readUInt32BE(widthAt) * png.readUInt32BE(heightAt) > mostPixels) return null;
  try {
    const picture = PNG.sync.read(png);
    return picture.data.every((value, at) => value === 255 || at % 4 !== 3) ? picture : null;
  } catch {
    return null; // a page may hand over anything
  }
}

/** With a palette, which pngjs does not write; null where there are too many colours. */
async function indexedPng({ width, height, data }: PNG): Promise<Buffer | null> {
  const places = new Map<number, number>();
  const rows = Buffer.alloc((width + 1) * height);
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const colour = data.readUIntBE(pixel * 4, 3);
    const place = places.get(colour) ?? places.size;
    if (place === mostColours) return null;
    places.set(colour, place);
    rows[pixel + Math.floor(pixel / width) + 1] = place;
  }
  const palette = Buffer.alloc(places.size * 3);
  for (const [colour, place] of places) palette.writeUIntBE(colour, place * 3, 3);
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, indexed], 8);
  return Buffer.concat([
    signature,
    chunk('IHDR', header),
    chunk('PLTE', palette),
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

function truecolourPng({ width, height, data }: PNG): Promise<Buffer> {
  const png = new PNG({
    width,
    height,
    colorType: truecolour,
    filterType: paeth,
    deflateLevel: 9,
    deflateStrategy: 0,
  });
  png.data = data;
  return buffer(png.pack().pipe(new PassThrough())); // pngjs has streams of the first kind, which nothing iterates
}
