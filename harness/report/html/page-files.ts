import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { writeAtomically } from '../../results/write-atomically.ts';

/** The files of the page beside index.html. None of them differs from run to run. */
export const pageFileNames = ['report.js', 'plots.js', 'report.css'] as const;
export type PageFiles = Readonly<Record<(typeof pageFileNames)[number], string>>;

const folder = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const sources = folder('../page/');
/** Where a package has them, bundled when it was built. */
const built = folder('../page/built/');
/** In a checkout they are kept here, a folder for each state of the sources. */
const cache = folder('../../../node_modules/.cache/webrtc-interop/');
/** What npm installed: another version of a library is another bundle. */
const installed = folder('../../../node_modules/.package-lock.json');

/** Bundles the page from its sources: the script of every view, that of the plots, the style. */
async function bundle(): Promise<PageFiles> {
  // A package has compiled sources.
  const suffix = (await readdir(sources)).includes('main.tsx') ? ['.tsx', '.ts'] : ['.js', '.js'];
  const { outputFiles } = await build({
    entryPoints: {
      report: join(sources, `main${suffix[0] ?? ''}`),
      plots: join(sources, `plots${suffix[1] ?? ''}`),
    },
    bundle: true,
    minify: true,
    write: false,
    outdir: 'out',
    format: 'iife',
    charset: 'utf8',
    jsx: 'automatic',
    jsxImportSource: 'preact',
    target: ['chrome120', 'firefox128', 'safari17'],
  });
  const named = (name: string): string => {
    const file = outputFiles.find(({ path }) => path.endsWith(`${name}.js`));
    if (file === undefined) throw new Error(`esbuild made no ${name}.js`);
    return file.text;
  };
  return {
    'report.js': named('report'),
    'plots.js': named('plots'),
    'report.css': await readFile(join(sources, 'report.css'), 'utf8'),
  };
}

async function readAll(from: string): Promise<PageFiles | undefined> {
  if (!existsSync(join(from, 'report.css'))) return undefined;
  const read = (name: (typeof pageFileNames)[number]) => readFile(join(from, name), 'utf8');
  return {
    'report.js': await read('report.js'),
    'plots.js': await read('plots.js'),
    // written last, so that where it is, all are
    'report.css': await read('report.css'),
  };
}

/** Writes them into a folder; the build of the package puts them into `harness/report/page/built/`. */
export async function writePageFiles(dir: string, files?: PageFiles): Promise<void> {
  const all = files ?? (await bundle());
  await mkdir(dir, { recursive: true });
  for (const name of pageFileNames) await writeAtomically(join(dir, name), all[name]);
}

/** What the bundle is made of, as a name. */
async function stateOfSources(): Promise<string> {
  const hash = createHash('sha256');
  const own = (await readdir(sources, { withFileTypes: true }))
    .filter((entry) => entry.isFile())
    .map(({ name }) => join(sources, name))
    .toSorted();
  for (const path of [...own, folder('../data.ts'), folder('../../results/cell-key.ts'), installed]) {
    hash.update(path);
    hash.update(await readFile(path).catch(() => ''));
  }
  return hash.digest('hex').slice(0, 16);
}

/** The files of the page: as the package brings them, or bundled once for each state of a checkout. */
export async function pageFiles(): Promise<PageFiles> {
  const brought = await readAll(built);
  if (brought !== undefined) return brought;
  const kept = join(cache, `page-${await stateOfSources()}`);
  const cached = await readAll(kept);
  if (cached !== undefined) return cached;
  const made = await bundle();
  await writePageFiles(kept, made);
  return made;
}
