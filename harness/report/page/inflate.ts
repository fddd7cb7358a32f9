/** How far back deflate looks into a dictionary, in bytes. */
export const longestDictionary = 32 * 1024;

/**
 * Inflates deflated data, but never beyond `most` bytes: packed data may come from anywhere.
 * @param dictionary what it was compressed with, at most `longestDictionary`
 * @returns null if it comes to more
 */
export async function inflate(
  bytes: Uint8Array<ArrayBuffer>,
  most: number,
  dictionary: Uint8Array<ArrayBuffer> = new Uint8Array(),
): Promise<Uint8Array<ArrayBuffer> | null> {
  const reader = new Blob([...stored(dictionary), bytes])
    .stream()
    .pipeThrough(new DecompressionStream('deflate-raw'))
    .getReader();
  const parts: BlobPart[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.length;
    if (size > dictionary.length + most) {
      await reader.cancel();
      return null;
    }
    parts.push(new Uint8Array(value));
  }
  return new Uint8Array(await new Blob(parts).slice(dictionary.length).arrayBuffer());
}

/**
 * What is put before a stream to inflate it with a dictionary, since browsers accept none: the dictionary itself, as a
 * block that is not compressed (RFC 1951, 3.2.4).
 */
function stored(dictionary: Uint8Array<ArrayBuffer>): BlobPart[] {
  const { length } = dictionary;
  if (length === 0) return [];
  const head = new DataView(new ArrayBuffer(5));
  head.setUint16(1, length, true);
  head.setUint16(3, ~length, true);
  return [head, dictionary];
}
