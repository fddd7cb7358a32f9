import { randomUUID } from 'node:crypto';
import { open, rename, rm, writeFile } from 'node:fs/promises';
import { writing } from './write-error.ts';

/** Writes a whole file so that a reader finds, and a crash leaves, either the old one or the new one. Flushed. */
export const writeAtomically = (path: string, content: string): Promise<void> =>
  replacing(path, (draft) => writeFile(draft, content, { flag: 'wx', flush: true }));

/** How much text is gathered before it is written, in characters. */
const gathered = 256 * 1024;

/** The same for a file of any length, of which only a part at a time is in memory. */
export const writePartsAtomically = (
  path: string,
  parts: AsyncIterable<string> | Iterable<string>,
): Promise<void> =>
  replacing(path, async (draft) => {
    const file = await open(draft, 'wx');
    try {
      let text = '';
      for await (const part of parts) {
        text += part;
        if (text.length < gathered) continue;
        await file.writeFile(text);
        text = '';
      }
      await file.writeFile(text);
      await file.datasync();
    } finally {
      await file.close();
    }
  });

async function replacing(path: string, write: (draft: string) => Promise<void>): Promise<void> {
  const draft = `${path}.${randomUUID()}.tmp`;
  await writing(path, async () => {
    try {
      await write(draft);
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    await rename(draft, path);
  });
}
