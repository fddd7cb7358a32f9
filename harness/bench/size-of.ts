import { readdir, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** How many files are in a folder, at any depth, and how long they are together. @param without names of folders in it that are left out */
export async function sizeOf(
  dir: string,
  without: readonly string[] = [],
): Promise<{ files: number; bytes: number }> {
  let files = 0;
  let bytes = 0;
  for (const path of await readdir(dir, { recursive: true })) {
    if (without.includes(path.split(sep, 1)[0] ?? '')) continue;
    const about = await stat(join(dir, path));
    if (!about.isFile()) continue;
    files += 1;
    bytes += about.size;
  }
  return { files, bytes };
}
