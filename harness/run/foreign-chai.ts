import { createRequire } from 'node:module';
import { realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chai, refuseForeignChai } from './recorder.ts';

/** A module whose exports are a copy of chai. */
const isChai = (module: unknown): module is typeof chai =>
  typeof module === 'object' &&
  module !== null &&
  typeof Reflect.get(module, 'use') === 'function' &&
  typeof Reflect.get(module, 'Assertion') === 'function';

/** The file that `import 'chai'` loads from a folder, or undefined if there is none. */
async function chaiFrom(folder: string): Promise<string | undefined> {
  try {
    return await realpath(createRequire(join(folder, 'from-here.js')).resolve('chai'));
  } catch {
    // There is no copy that could be imported from there.
    return undefined;
  }
}

/** Turns assertions of any other copy of chai that these files import into errors of their cells. */
export async function refuseForeignAssertions(files: readonly string[]): Promise<void> {
  const folders = new Set(files.map((file) => dirname(file)));
  for (const folder of folders) {
    const path = await chaiFrom(folder);
    if (path === undefined) continue;
    const module: unknown = await import(pathToFileURL(path).href);
    if (isChai(module)) refuseForeignChai(module, `A scenario in ${folder}`);
  }
}
