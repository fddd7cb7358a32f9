import { randomUUID } from 'node:crypto';
import { rename, rm, writeFile } from 'node:fs/promises';
import { writing } from './write-error.ts';

/** Writes a whole file so that a reader, or a crash, meets either the old one or the new one. Flushed. */
export async function writeAtomically(path: string, content: string): Promise<void> {
  const draft = `${path}.${randomUUID()}.tmp`;
  await writing(path, async () => {
    try {
      await writeFile(draft, content, { flag: 'wx', flush: true });
    } catch (error) {
      await rm(draft, { force: true });
      throw error;
    }
    await rename(draft, path);
  });
}
