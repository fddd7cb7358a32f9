import { readFile, stat } from 'node:fs/promises';
import { basename, dirname, resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import { openStoredRun, wholeOf } from './read-run.ts';
import type { Results } from './schema.ts';
import { hasCode } from './write-error.ts';

/** A pointer to a run, as `pointLatest` writes it where there are no links, is shorter. */
const longestPointer = 4096;

/**
 * The folder of a run by what people name it by: the folder, its `results.json`, or a pointer to it like `reports/latest`.
 * @throws {UsageError} `no-results`
 */
export async function runFolderOf(path: string): Promise<string> {
  const about = await stat(path).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR') || hasCode(error, 'ELOOP'))
      throw new UsageError(
        'no-results',
        `${path} is not there. Name the folder of a run, or its results.json.`,
      );
    throw error;
  });
  if (about.isDirectory()) return path;
  if (basename(path) === 'results.json') return dirname(path);
  if (about.isFile() && about.size < longestPointer) {
    const target = resolve(dirname(path), (await readFile(path, 'utf8')).trim());
    if (target !== resolve(dirname(path)) && (await isFolder(target))) return target;
  }
  throw new UsageError(
    'no-results',
    `${path} is neither the folder of a run nor its results.json. Name one of them.`,
  );
}

async function isFolder(path: string): Promise<boolean> {
  try {
    return (await stat(path)).isDirectory();
  } catch {
    return false; // whatever it is, it names no folder
  }
}

/**
 * A run that others are compared with or made from: all its cells, or a refusal, because a cell that cannot be read could be
 * the one that matters. A killed run is read, but is not complete.
 * @param path what `runFolderOf` takes
 * @throws {UsageError} `no-results`, `invalid-results`, `damaged-run`
 */
export async function readWholeRun(path: string): Promise<Results> {
  const folder = await runFolderOf(path);
  const warnings: string[] = [];
  const stored = await openStoredRun(folder, (warning) => warnings.push(warning));
  const results = await wholeOf(stored);
  if (stored.isWhole()) return results;
  throw new UsageError(
    'damaged-run',
    `${path} has cells that cannot be read, so it is not used. ${warnings.join(' ')}`,
  );
}
