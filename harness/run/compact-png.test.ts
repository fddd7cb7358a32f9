import { expect } from 'chai';
import { PNG, type PNGOptions } from 'pngjs';
import { compactPng } from './compact-png.ts';

/** A picture as browsers write it, with transparency that nothing uses. */
function pngOf(
  colourAt: (x: number, y: number) => readonly [number, number, number, number?],
  how: PNGOptions = {},
): Buffer {
  const png = new PNG({ width: 64, height: 48 });
  for (let y = 0; y < png.height; y += 1)
    for (let x = 0; x < png.width; x += 1) {
      const [red, green, blue, alpha = 255] = colourAt(x, y);
      png.data.set([red, green, blue, alpha], (y * png.width + x) * 4);
    }
  return PNG.sync.write(png, { deflateLevel: 1, ...how });
}

const pixelsOf = (png: Uint8Array): Buffer => PNG.sync.read(Buffer.from(png)).data;

describe('a picture that is kept', () => {
  it('is smaller, and the same pixel by pixel, with few colours', async () => {
    const png = pngOf((x, y) => [(x >> 3) * 30, (y >> 3) * 40, (x * y) % 2]);
    const small = await compactPng(png);
    expect(small.length).to.be.below(png.length * 0.7);
    expect(small[25], 'the colour type').to.equal(3);
    expect(pixelsOf(small).equals(pixelsOf(png))).to.equal(true);
  });

  it('is smaller, and the same pixel by pixel, with many', async () => {
    const png = pngOf((x, y) => [x * 4, y * 5, (x + y) * 2]);
    const small = await compactPng(png);
    expect(small.length).to.be.below(png.length);
    expect(small[25], 'the colour type').to.equal(2);
    expect(pixelsOf(small).equals(pixelsOf(png))).to.equal(true);
  });

  it('keeps exactly 256 colours, the most that a palette has', async () => {
    const png = pngOf((x, y) => [(y * 64 + x) % 256, 0, 0]);
    const small = await compactPng(png);
    expect(small[25], 'the colour type').to.equal(3);
    expect(pixelsOf(small).equals(pixelsOf(png))).to.equal(true);
  });

  for (const filterType of [0, 1, 2, 3, 4] as const)
    for (const [name, colorType] of [
      ['without', 2],
      ['with', 6],
    ] as const)
      it(`is read under filter ${String(filterType)}, ${name} transparency`, async () => {
        // plain at the left, irregular at the right
        const noise = (x: number, y: number): number => (x < 20 ? 200 : (x * 7919 + y * 104_729) % 251);
        const png = pngOf((x, y) => [noise(x, y), noise(y, x), noise(x + y, y)], {
          filterType,
          colorType,
          deflateLevel: 0,
        });
        const small = await compactPng(png);
        expect(small.length).to.be.below(png.length);
        expect(pixelsOf(small).equals(pixelsOf(png))).to.equal(true);
      });

  it('stays as it is where a byte of it is wrong', async () => {
    const png = pngOf((x, y) => [x, y, 0]);
    png.writeUInt8(png.readUInt8(png.length - 20) ^ 1, png.length - 20);
    expect(await compactPng(png)).to.deep.equal(png);
  });

  it('stays as it is where it has greys alone, which no browser writes', async () => {
    const png = pngOf((x) => [x, x, x], { colorType: 0 });
    expect(await compactPng(png)).to.deep.equal(png);
  });

  it('stays as it is where it is transparent', async () => {
    const png = pngOf((x) => [0, 0, 0, x === 63 ? 254 : 255]);
    expect(await compactPng(png)).to.deep.equal(png);
  });

  it('stays as it is where it gets no smaller', async () => {
    const small = await compactPng(pngOf(() => [1, 2, 3]));
    expect((await compactPng(small)).length).to.equal(small.length);
  });

  const whole = pngOf((x, y) => [x, y, 0]);
  const huge = Buffer.from(whole);
  huge.writeUInt32BE(2 ** 31 - 1, 16);
  for (const [what, content] of [
    ['is no PNG', Buffer.from('a picture, says the page')],
    ['is cut off', whole.subarray(0, 60)],
    ['is nothing', Buffer.alloc(0)],
    ['says that it is larger than any page', huge],
  ] as const)
    it(`stays as it is where it ${what}`, async () => {
      expect(await compactPng(content)).to.deep.equal(content);
    });
});
