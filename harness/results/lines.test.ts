import { expect } from 'chai';
import { open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { linesOf } from './lines.ts';
import { tempDir } from './temp-dir.ts';

describe('linesOf', () => {
  let dir: string;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    ({ dir, remove } = await tempDir());
  });
  afterEach(() => remove());

  async function linesIn(text: string, most?: number): Promise<{ text: string; isWhole: boolean }[]> {
    const path = join(dir, 'lines');
    await writeFile(path, text);
    const handle = await open(path);
    try {
      const lines = [];
      for await (const { bytes, isWhole } of linesOf(handle, most))
        lines.push({ text: bytes.toString(), isWhole });
      return lines;
    } finally {
      await handle.close();
    }
  }

  it('gives every line, however long, wherever a read of the file ends in it', async () => {
    const texts = [0, 3, 262_143, 262_144, 1, 700_000, 0, 262_145].map((length, at) =>
      String(at).repeat(length),
    );
    expect(await linesIn(texts.map((text) => `${text}\n`).join(''))).to.deep.equal(
      texts.map((text) => ({ text, isWhole: true })),
    );
  });

  it('says that a last line without an end is not whole', async () => {
    expect(await linesIn('one\ntw')).to.deep.equal([
      { text: 'one', isWhole: true },
      { text: 'tw', isWhole: false },
    ]);
    expect(await linesIn('')).to.deep.equal([]);
  });

  it('ends with a line that is too long', async () => {
    const lines = await linesIn(`one\n${'x'.repeat(600_000)}\nthree\n`, 300_000);
    expect(lines.map(({ isWhole }) => isWhole)).to.deep.equal([true, false]);
  });
});
