import { basename, resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import type { BrowserSpec } from './browser-spec.ts';
import { commaList } from './lists.ts';

/** A module that scenarios name, and what is loaded for it. */
export interface ModuleChoice {
  name: string;
  /** Packages, packages at a version, or absolute paths. */
  specifiers: readonly string[];
}

/**
 * `NAME=SPECIFIER,…` of `--module`; a path begins with a dot and is relative to the working directory.
 * @throws {UsageError} `bad-module`
 */
export function parseModule(text: string): ModuleChoice {
  const { name, list } = /^(?<name>[A-Za-z_$][\w$]*)=(?<list>.+)$/s.exec(text)?.groups ?? {};
  if (name === undefined || list === undefined) {
    throw new UsageError(
      'bad-module',
      `--module ${text} is not understood. Write NAME=PACKAGE, NAME=PACKAGE@VERSION or NAME=./FILE, several parted by commas.`,
    );
  }
  return moduleChoice(name, commaList(list), process.cwd());
}

/** @param folder paths that begin with a dot are relative to it. @throws {UsageError} `bad-module` */
export function moduleChoice(name: string, given: string | readonly string[], folder: string): ModuleChoice {
  const list = typeof given === 'string' ? [given] : given;
  const specifiers = list.map((one) => (one.startsWith('.') ? resolve(folder, one) : one));
  if (new Set(specifiers).size < specifiers.length)
    throw new UsageError('bad-module', `The module ${name} names one twice: ${list.join(', ')}.`);
  return { name, specifiers };
}

/** The part of a specifier that goes into the name of a column. */
const shortName = (specifier: string): string =>
  (specifier.startsWith('/') ? basename(specifier) : specifier).replaceAll(/[^\w.-]+/g, '-');

/**
 * The browsers with their modules: several specifiers make a column for each browser and specifier, and columns are paired
 * like browsers; a single specifier makes no columns.
 */
export const moduleColumns = (
  browsers: readonly BrowserSpec[],
  choices: readonly ModuleChoice[],
): BrowserSpec[] =>
  choices.reduce<BrowserSpec[]>(
    (columns, { name, specifiers }) =>
      columns.flatMap((browser) =>
        specifiers.map((specifier) => ({
          ...browser,
          id: specifiers.length === 1 ? browser.id : `${browser.id}-${shortName(specifier)}`,
          variantOf: browser.variantOf ?? browser.id,
          modules: { ...browser.modules, [name]: specifier },
        })),
      ),
    [...browsers],
  );
