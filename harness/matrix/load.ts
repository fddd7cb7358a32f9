import { readdir } from 'node:fs/promises';
import { join, normalize } from 'node:path';
import { pathToFileURL } from 'node:url';
import { glob } from 'tinyglobby';
import { doesNotLoad, type LoadModule } from '../config/module-loader.ts';
import { messageOf, UsageError } from '../errors.ts';
import { moduleSuffix } from '../own-files.ts';
import { loadFrom } from './page-module.ts';
import { isCanary } from './plan.ts';
import { declaredScenarios, onScenario, type Scenario } from './scenario.ts';

/** Where scenarios are declared, from the package's root. */
const specFolders = ['specs', 'harness/canary'] as const;

/** Every spec file, sorted by name, so that a plan is the same everywhere. */
async function findSpecFiles(root: string): Promise<string[]> {
  const files = await Promise.all(
    specFolders.map(async (folder) => {
      const entries = await readdir(join(root, folder), { recursive: true });
      return entries
        .filter((name) => name.endsWith(`.spec${moduleSuffix}`))
        .map((name) => join(root, folder, name));
    }),
  );
  return files.flat().toSorted();
}

/** The user's own scenario files. */
export interface UserFiles {
  /** Globs, relative to `folder`. */
  globs: readonly string[];
  folder: string;
  load: LoadModule;
}

/**
 * Loads the user's own scenario files, after ours.
 * @returns the ids that they declare, and their files, absolute
 * @throws {UsageError} `no-scenario-file` for a glob that names no file, `spec-does-not-load` for a file that throws,
 *   `no-scenario` for one that declares none
 */
export async function loadUserScenarios({
  globs,
  folder,
  load,
}: UserFiles): Promise<{ ids: ReadonlySet<string>; files: readonly string[] }> {
  onScenario(() => undefined);
  const ids = new Set<string>();
  const files = await filesOf(globs, folder);
  for (const file of files) {
    const before = new Set(declaredScenarios().map(({ result }) => result.id));
    try {
      await loadFrom(pathToFileURL(file), () => load(file));
    } catch (error) {
      throw doesNotLoad('spec-does-not-load', file, error);
    }
    const own = declaredScenarios().filter(({ result }) => !before.has(result.id));
    if (own.length === 0) {
      throw new UsageError(
        'no-scenario',
        `${file} declares no scenario. Call scenario(…) or single(…) of 'webrtc-interop' in it, or leave it out of the globs of "scenarios".`,
      );
    }
    const canary = own.find(({ result }) => isCanary(result));
    if (canary) {
      throw new UsageError(
        'bad-scenario',
        `${file} declares "${canary.result.id}": the area canary is of scenarios that prove the harness. Use another.`,
      );
    }
    for (const { result } of own) ids.add(result.id);
  }
  return { ids, files };
}

/** The files that match some globs, sorted by name. @throws {UsageError} `no-scenario-file` */
async function filesOf(globs: readonly string[], folder: string): Promise<string[]> {
  const found = new Set<string>();
  for (const pattern of globs) {
    const files = await glob(pattern, { cwd: folder, absolute: true, ignore: ['**/node_modules/**'] });
    if (files.length === 0) {
      throw new UsageError(
        'no-scenario-file',
        `"scenarios" names ${pattern}, and there is no such file in ${folder}.`,
      );
    }
    for (const file of files) found.add(normalize(file));
  }
  return [...found].toSorted();
}

/**
 * Loads every spec file and returns what they declare.
 * @throws {UsageError} `spec-does-not-load` with the file and the compiler's or the module's own message
 */
export async function loadScenarios(root: string): Promise<readonly Scenario[]> {
  // the caller runs them
  onScenario(() => undefined);
  for (const file of await findSpecFiles(root)) {
    try {
      await loadFrom(pathToFileURL(file));
    } catch (error) {
      throw new UsageError(
        'spec-does-not-load',
        `${file} does not load: ${messageOf(error)}\nMend it, or take it out of its folder; nothing was run.`,
        { cause: error },
      );
    }
  }
  return declaredScenarios();
}
