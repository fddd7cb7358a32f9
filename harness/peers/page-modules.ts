import { readdir, readFile } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { build, stop } from 'esbuild';
import { z } from 'zod';
import type { Script } from '../config/script.ts';
import { messageOf, UsageError } from '../errors.ts';
import type { ModuleRequest } from '../matrix/page-module.ts';

/** A package as it lies in `node_modules`. */
interface Installed {
  /** The folder's name: the package's own, or an alias of it. */
  as: string;
  name: string;
  version: string;
}

const manifest = z.object({ name: z.string(), version: z.string() });

/**
 * The script with the modules of a scenario for its pages: one script, so that modules share what they import.
 * @throws {UsageError} `module-does-not-bundle`, `module-not-installed`, with what the bundler said
 */
export async function bundleModules(requests: readonly ModuleRequest[]): Promise<Script> {
  const specifiers = await Promise.all(requests.map(({ specifier, from }) => installedAs(specifier, from)));
  const lines = requests.map(({ name }, at) => `${name}: require(${JSON.stringify(specifiers[at])}),`);
  // as in TypeScript's `typeof import(…)`: for CommonJS what it exports, for an ES module its namespace
  const contents = `globalThis.webrtcInteropModules = {\n${lines.join('\n')}\n};\n`;
  const from = requests[0]?.from ?? '';
  const asked = requests.map(({ name, specifier }) => `${name} (${specifier})`).join(', ');
  try {
    const result = await build({
      stdin: { contents, resolveDir: dirname(from), sourcefile: `modules of ${from}` },
      bundle: true,
      write: false,
      format: 'iife',
      platform: 'browser',
      logLevel: 'silent',
      // what packages made for older bundlers rely on
      define: { global: 'globalThis', 'process.env.NODE_ENV': '"production"' },
      target: ['chrome120', 'firefox128', 'safari17'],
    });
    const source = inScope(result.outputFiles[0]?.text ?? '');
    return { name: `the modules ${asked}`, source, modules: true };
  } catch (error) {
    throw new UsageError(
      'module-does-not-bundle',
      `The modules ${asked} of ${from} cannot be bundled: ${messageOf(error)}`,
      { cause: error },
    );
  } finally {
    await stop();
  }
}

/** The parts of Node's `process` that bundlers used to provide; in the script's own scope, so that the page does not get it. */
const inScope = (source: string): string => `(() => {
var process = { env: {}, browser: true, nextTick: (call, ...args) => queueMicrotask(() => call(...args)) };
${source}})();
`;

const withVersion = /^(?<name>(?:@[^/@]+\/)?[^/@.][^/@]*)@(?<version>\d[\w.-]*)(?<path>\/.*)?$/;

/**
 * Resolves `simple-peer@9.10` to the installed package of that name at 9.10, whatever its folder in `node_modules` is called:
 * npm installs several versions side by side under aliases. Any other specifier stays as it is.
 */
async function installedAs(specifier: string, from: string): Promise<string> {
  const { name, version, path = '' } = withVersion.exec(specifier)?.groups ?? {};
  if (name === undefined || version === undefined) return specifier;
  const all = await installedFrom(dirname(from), name);
  const found = all.find((one) => `${one.version}.`.startsWith(`${version}.`));
  if (found) return `${found.as}${path}`;
  const others = all.map((one) => `${one.version} as ${one.as}`).join(', ');
  throw new UsageError(
    'module-not-installed',
    `${name} ${version} is not installed where ${from} looks for it (${others === '' ? 'no version is' : others}). ` +
      `Install it beside the others: npm i -D ${name.replace(/^@.*\//, '')}-${version}@npm:${name}@${version}`,
  );
}

/** All installed versions of a package, the nearest first. */
async function installedFrom(folder: string, name: string): Promise<Installed[]> {
  const here = join(folder, 'node_modules');
  const top = await readdir(here).catch(() => []);
  const scoped = await Promise.all(
    top
      .filter((entry) => entry.startsWith('@'))
      .map(async (scope) =>
        (await readdir(join(here, scope)).catch(() => [])).map((entry) => `${scope}/${entry}`),
      ),
  );
  const found = await Promise.all(
    [...top.filter((entry) => !/^[.@]/.test(entry)), ...scoped.flat()].map(async (as) => {
      const text = await readFile(join(here, as, 'package.json'), 'utf8').catch(() => '{}');
      const { data } = manifest.safeParse(JSON.parse(text));
      return data?.name === name ? [{ as, ...data }] : [];
    }),
  );
  const parent = resolve(folder, '..');
  return [...found.flat(), ...(parent === folder ? [] : await installedFrom(parent, name))];
}
