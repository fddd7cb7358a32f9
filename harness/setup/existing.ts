import { lstat } from 'node:fs/promises';
import { join } from 'node:path';

/** The first of some names that exists in a folder, whatever it is; undefined if none does. */
export async function existing(folder: string, names: readonly string[]): Promise<string | undefined> {
  for (const name of names) {
    const isThere = await lstat(join(folder, name)).then(
      () => true,
      () => false,
    );
    if (isThere) return name;
  }
  return undefined;
}
