import { readFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { build, stop, type Metafile, type Plugin } from 'esbuild';
import { glob } from 'tinyglobby';
import { messageOf, UsageError } from '../errors.ts';
import { packageRoot } from '../own-files.ts';
import { sha256Of } from '../results/pack-line.ts';
import type { PlannedScript } from '../results/plan-file.ts';

/** What a run loads, as its plan keeps it. */
export type Part = Omit<PlannedScript, 'use'>;

const fileAt = async (path: string): Promise<Part> => ({
  name: path,
  sha256: sha256Of(await readFile(path)),
});

/** A text as a part. */
export const textPart = (name: string, text: string): Part => ({ name, sha256: sha256Of(Buffer.from(text)) });

/**
 * All files of this package that an outcome can depend on, as one part: a checkout may differ from its commit.
 * @param root the folder of `harness`, `fixtures` and `specs`
 */
export async function ownFiles(root = packageRoot): Promise<Part> {
  const paths = await glob(['harness/**', 'fixtures/**', 'specs/**'], {
    cwd: root,
    // specs/*.json say what is known about outcomes, which may change when a run is resumed
    ignore: ['**/*.test.ts', '**/*.pw.ts', '**/*.md', 'specs/*.json'],
  });
  const files = await Promise.all(
    paths.toSorted().map(async (path) => `${path} ${sha256Of(await readFile(join(root, path)))}`),
  );
  return textPart('webrtc-interop itself', files.join('\n'));
}

/**
 * The user's files and all that these import, sorted by path: steps, bounds, data. Packages in `node_modules` are left
 * out; what is loaded by other means than `import` and `require` is not seen.
 * @param files absolute
 * @throws {UsageError} `spec-does-not-load`
 */
export async function filesAndImports(files: readonly string[]): Promise<Part[]> {
  if (files.length === 0) return [];
  const data = new Set<string>();
  const { inputs } = await bundled(files, data);
  const modules = Object.keys(inputs).map((path) => resolve(path));
  return Promise.all([...modules, ...data].toSorted().map(fileAt));
}

/** @throws {UsageError} `spec-does-not-load` for an import that cannot be parsed */
async function bundled(files: readonly string[], data: Set<string>): Promise<Metafile> {
  try {
    const { metafile } = await build({
      entryPoints: [...files],
      bundle: true,
      platform: 'node',
      format: 'esm',
      // nothing is written, but esbuild asks for a folder when there are several entries
      outdir: 'never-written',
      write: false,
      metafile: true,
      logLevel: 'silent',
      plugins: [onlyTheirs(data)],
    });
    return metafile;
  } catch (error) {
    const message = `What scenarios import does not load: ${messageOf(error)}\nMend it; nothing was run.`;
    throw new UsageError('spec-does-not-load', message, { cause: error });
  } finally {
    await stop();
  }
}

const isModule = /\.(?:[cm]?[jt]sx?|json)$/;
const askedHere = Symbol('asked here');

/** @param data receives the imported files that are not modules */
const onlyTheirs = (data: Set<string>): Plugin => ({
  name: 'only-theirs',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /.*/ }, async ({ path, kind, importer, resolveDir, pluginData }) => {
      if (kind === 'entry-point' || pluginData === askedHere) return undefined;
      const isOurs = /^webrtc-interop(?:\/|$)/.test(path);
      const found = await resolve(path, { kind, importer, resolveDir, pluginData: askedHere });
      // a missing file is an error only if it is loaded: the import may be inside `try`
      if (isOurs || found.errors.length > 0 || found.external || /[\\/]node_modules[\\/]/.test(found.path))
        return { path, external: true };
      if (isModule.test(found.path)) return found;
      data.add(found.path);
      return { path, external: true };
    });
  },
});
