import { randomUUID } from 'node:crypto';
import { lstat, rename, rm, symlink } from 'node:fs/promises';
import { dirname, relative, resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import { writeAtomically } from './write-atomically.ts';
import { hasCode, writing } from './write-error.ts';

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isDirectory();
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return false;
    throw error;
  }
}

/**
 * Makes `pointer` (`reports/latest`) point at `dir`, at once: a symbolic link; on Windows, where a link needs
 * a privilege, a file that holds the path.
 * @throws {UsageError} `latest-is-a-folder` when a real folder is in the way.
 */
export async function pointLatest(pointer: string, dir: string): Promise<void> {
  const target = relative(dirname(resolve(pointer)), resolve(dir));
  if (process.platform === 'win32') return writeAtomically(pointer, `${target}\n`);
  if (await isFolder(pointer)) {
    throw new UsageError(
      'latest-is-a-folder',
      `${pointer} is a folder, so it cannot point at ${dir}. Move it away; the results are in ${dir}.`,
    );
  }
  const draft = `${pointer}.${randomUUID()}.tmp`;
  await writing(pointer, async () => {
    await symlink(target, draft);
    await rename(draft, pointer).catch(async (error: unknown) => {
      await rm(draft, { force: true });
      throw error;
    });
  });
}
