import { readdir, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';

/** The number of files in a folder, at any depth, and their total size. @param without names of folders in it to leave out */
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
