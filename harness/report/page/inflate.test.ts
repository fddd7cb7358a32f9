import { expect } from 'chai';
import { randomBytes } from 'node:crypto';
import { deflateRawSync } from 'node:zlib';
import { inflate, longestDictionary } from './inflate.ts';

const bytes = (buffer: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(buffer);

describe('what the page inflates', () => {
  // Random, so that it can only come from the dictionary, which is as long as deflate can look back.
  const dictionary = bytes(randomBytes(longestDictionary));
  const content = bytes(
    Buffer.concat([dictionary.subarray(400, 600), Buffer.from('and more'), dictionary.subarray(900, 950)]),
  );

  it('is what was compressed', async () => {
    expect(await inflate(bytes(deflateRawSync(content)), content.length)).to.deep.equal(content);
  });

  it('is what was compressed with a dictionary, which browsers know nothing of', async () => {
    const small = bytes(deflateRawSync(content, { dictionary }));
    expect(small.length).to.be.below(60);
    expect(await inflate(small, content.length, dictionary)).to.deep.equal(content);
  });

  it('is nothing where it comes to more than its pack says, with a dictionary too', async () => {
    expect(await inflate(bytes(deflateRawSync(content)), content.length - 1)).to.equal(null);
    const small = bytes(deflateRawSync(content, { dictionary }));
    expect(await inflate(small, content.length - 1, dictionary)).to.equal(null);
  });
});
