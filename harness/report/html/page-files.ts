import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { writeAtomically } from '../../results/write-atomically.ts';

/** A page: what its files are made from. None of them differs from run to run. */
export interface PageSources {
  name: string;
  /** The folder of its sources. */
  folder: string;
  /** Its scripts by their names (`report.js`), each with its source in the folder, without an ending. */
  scripts: Readonly<Record<string, string>>;
  /** Its style sheets, absolute. */
  styles: readonly string[];
  /** Other files and folders that the sources import, absolute. */
  imports: readonly string[];
}

/** The files of a page by their names. */
export type PageFiles = Readonly<Record<string, string>>;

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The page of a run's report. */
export const reportPage: PageSources = {
  name: 'page',
  folder: here('../page/'),
  scripts: { 'report.js': 'main', 'plots.js': 'plots' },
  styles: [here('../page/report.css')],
  imports: [here('../data.ts'), here('../../results/cell-key.ts')],
};

/** In a checkout they are kept here, one folder for each state of the sources. */
const cache = here('../../../node_modules/.cache/webrtc-interop/');
/** What npm installed: another version of a library is another bundle. */
const installed = here('../../../node_modules/.package-lock.json');
/** Where a package has them, bundled when it was built. */
const builtOf = ({ folder }: PageSources): string => join(folder, 'built');

/** Names of a page's files; the last one is written last, so that where it is, all are. */
const namesOf = ({ scripts, styles }: PageSources): string[] => [
  ...Object.keys(scripts),
  ...styles.map((path) => basename(path)),
];

/** Bundles a page from its sources. */
async function bundle({ folder, scripts, styles }: PageSources): Promise<PageFiles> {
  // A package has compiled sources.
  const all = await readdir(folder);
  const sourceOf = (name: string): string =>
    join(
      folder,
      all.find((file) => ['.tsx', '.ts', '.js'].some((ending) => file === `${name}${ending}`)) ?? name,
    );
  const { outputFiles } = await build({
    entryPoints: Object.fromEntries(
      Object.entries(scripts).map(([name, source]) => [name.replace(/\.js$/, ''), sourceOf(source)]),
    ),
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
  const files: Record<string, string> = {};
  for (const name of Object.keys(scripts)) {
    const file = outputFiles.find(({ path }) => basename(path) === name);
    if (file === undefined) throw new Error(`esbuild made no ${name}`);
    files[name] = file.text;
  }
  for (const path of styles) files[basename(path)] = await readFile(path, 'utf8');
  return files;
}

async function readAll(page: PageSources, from: string): Promise<PageFiles | undefined> {
  const names = namesOf(page);
  if (!existsSync(join(from, names.at(-1) ?? ''))) return undefined;
  const files: Record<string, string> = {};
  for (const name of names) files[name] = await readFile(join(from, name), 'utf8');
  return files;
}

/** Bundles a page into a folder; the build of the package puts it into `built/` beside its sources. */
export async function writePageFiles(page: PageSources, dir = builtOf(page)): Promise<void> {
  await writeAll(page, dir, await bundle(page));
}

async function writeAll(page: PageSources, dir: string, files: PageFiles): Promise<void> {
  await mkdir(dir, { recursive: true });
  for (const name of namesOf(page)) await writeAtomically(join(dir, name), files[name] ?? '');
}

/** The files at a path: itself, or those of the folder. */
async function filesAt(path: string): Promise<string[]> {
  if (!path.endsWith('/')) return [path];
  const entries = await readdir(path, { withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map(({ name }) => join(path, name))
    .toSorted();
}

/** A name for the state of what the bundle is made from. */
async function stateOf({ folder, imports }: PageSources): Promise<string> {
  const hash = createHash('sha256');
  for (const path of (await Promise.all([folder, ...imports, installed].map(filesAt))).flat()) {
    hash.update(path);
    hash.update(await readFile(path).catch(() => ''));
  }
  return hash.digest('hex').slice(0, 16);
}

/** The files of a page: as the package brings them, or bundled once for each state of a checkout. */
export async function pageFiles(page: PageSources): Promise<PageFiles> {
  const brought = await readAll(page, builtOf(page));
  if (brought !== undefined) return brought;
  const kept = join(cache, `${page.name}-${await stateOf(page)}`);
  const cached = await readAll(page, kept);
  if (cached !== undefined) return cached;
  const made = await bundle(page);
  await writeAll(page, kept, made);
  return made;
}
