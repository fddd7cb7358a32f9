import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../run/environment.ts';

const isTest = (path: string): boolean =>
  /\.(?:test|bench|pw)\.tsx?$/.test(path) || path.includes('example.ts');

/** Every module of the package except its tests, by its path in the package. */
export async function sourceFiles(): Promise<string[]> {
  const found = await Promise.all(
    ['harness', 'fixtures', 'specs'].map(async (top) =>
      (await readdir(join(packageRoot, top), { recursive: true })).map((name) => join(top, name)),
    ),
  );
  return found.flat().filter((path) => /\.tsx?$/.test(path) && !isTest(path));
}
