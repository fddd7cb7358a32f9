import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { messageOf, UsageError } from '../errors.ts';
import { formatNames, isFormat, type Format } from './formats.ts';
import type { Reporter } from './reporter.ts';

/** Each format's libraries are loaded only when it is written. */
const formats = {
  html: () => import('./html/write.ts'),
  summary: () => import('./summary.ts'),
  junit: () => import('./junit.ts'),
  ctrf: () => import('./ctrf.ts'),
  allure: () => import('./allure.ts'),
  github: () => import('./github.ts'),
  files: () => import('./files.ts'),
  compat: () => import('./compat.ts'),
} as const satisfies Record<Format, () => Promise<Reporter>>;

/** Loads a module by its absolute path. */
export type LoadReporterModule = (path: string) => Promise<unknown>;

const importModule: LoadReporterModule = (path) => import(pathToFileURL(path).href);

/** Whether a name is the path of a module: absolute, or beginning with a dot. */
const isPath = (name: string): boolean => /^(?:\.{1,2}[\\/]|[\\/]|[A-Za-z]:[\\/])/.test(name);

const isReporter = (value: unknown): value is Reporter =>
  typeof value === 'object' && value !== null && 'write' in value && typeof value.write === 'function';

/** A module's default export if there is one, else what it exports. */
function reporterIn(module: unknown): unknown {
  return typeof module === 'object' && module !== null && 'default' in module ? module.default : module;
}

/**
 * A reporter by the name of a format, or by the path of its module (`./my-reporter.js`), which is a `Reporter` by its
 * default export or itself.
 * @param load loads a module by its absolute path
 * @throws {UsageError} `unknown-format` if there is none with that name, `bad-reporter` if the module is none
 */
export async function loadReporter(name: string, load: LoadReporterModule = importModule): Promise<Reporter> {
  if (isFormat(name)) return formats[name]();
  if (!isPath(name)) {
    throw new UsageError(
      'unknown-format',
      `There is no report format "${name}". There are ${formatNames.join(', ')}; a module of your own is named by its path, e.g. ./my-reporter.js.`,
    );
  }
  const path = resolve(name);
  let module: unknown;
  try {
    module = await load(path);
  } catch (error) {
    throw new UsageError('bad-reporter', `The reporter ${path} cannot be loaded: ${messageOf(error)}`, {
      cause: error,
    });
  }
  const reporter = reporterIn(module);
  if (isReporter(reporter)) return reporter;
  throw new UsageError(
    'bad-reporter',
    `${path} is no reporter: its default export has no function "write". See the type Reporter.`,
  );
}
