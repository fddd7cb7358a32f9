/** As much of a dictionary as deflate looks back to, in bytes. */
export const longestDictionary = 32 * 1024;

/**
 * Inflates what deflate made of something, but never beyond `most` bytes: what is packed may come from anywhere.
 * @param dictionary what it was compressed with, at most `longestDictionary`
 * @returns null where it comes to more
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
 * What a stream begins with, to be inflated with a dictionary, which browsers take none of: the dictionary itself, as a
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
