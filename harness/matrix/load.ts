import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf, UsageError } from '../errors.ts';
import { loadFrom } from './page-module.ts';
import { declaredScenarios, onScenario, type Scenario } from './scenario.ts';

/** Where scenarios are declared, from the package's root. */
export const specFolders = ['specs', 'harness/canary'] as const;

/** Every spec file, in the order of names, so that a plan is the same everywhere. */
export async function findSpecFiles(root: string): Promise<string[]> {
  const files = await Promise.all(
    specFolders.map(async (folder) => {
      const entries = await readdir(join(root, folder), { recursive: true });
      return entries.filter((name) => name.endsWith('.spec.ts')).map((name) => join(root, folder, name));
    }),
  );
  return files.flat().toSorted();
}

/**
 * Loads every spec file and gives what they declare.
 * @throws {UsageError} `spec-does-not-load` with the file and the compiler's or the module's own message
 */
export async function loadScenarios(root: string): Promise<readonly Scenario[]> {
  // whoever loads them runs them
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
