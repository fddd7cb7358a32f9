import { execa } from 'execa';
import { cp, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { packageRoot } from '../own-files.ts';
import { ownPageScript } from '../peers/page-server.ts';
import { historyPage } from '../history/html/page.ts';
import { reportPage, writePageFiles } from '../report/html/page-files.ts';

/**
 * `npm run build`, which `npm pack` calls: compiles the package into `dist`, in the same folders, and
 * copies what is not TypeScript beside it. A checkout needs none of this.
 */
const dist = join(packageRoot, 'dist');

/** Files that are read at run time, and folders of such files. */
const assets = [
  'specs/expectations.json',
  'specs/api/known.json',
  'harness/setup/samples',
  'harness/setup/release-worker.js',
  '.github/workflows/webrtc-interop.yml',
];
const isMedia = (name: string): boolean => /\.(?:webm|mp4|wav|ogg)$/.test(name);

async function copyAssets(): Promise<void> {
  const media = (await readdir(join(packageRoot, 'fixtures/media'))).filter(isMedia);
  for (const path of [...assets, ...media.map((name) => join('fixtures/media', name))]) {
    await mkdir(dirname(join(dist, path)), { recursive: true });
    await cp(join(packageRoot, path), join(dist, path), { recursive: true });
  }
}

/** The commit that is being built, with `-dirty` if there are uncommitted changes. */
async function builtCommit(): Promise<string | null> {
  const git = (...args: string[]) => execa('git', args, { cwd: packageRoot, reject: false });
  const head = await git('rev-parse', 'HEAD');
  if (head.exitCode !== 0) return null;
  const { stdout } = await git('status', '--porcelain');
  return stdout === '' ? head.stdout : `${head.stdout}-dirty`;
}

await rm(dist, { recursive: true, force: true });
await execa('tsc', ['-p', 'tsconfig.build.json'], { cwd: packageRoot, preferLocal: true, stdio: 'inherit' });
await copyAssets();
await writePageFiles(reportPage, join(dist, 'harness/report/page/built'));
await writePageFiles(historyPage, join(dist, 'harness/history/page/built'));
// what the user's own pages load: a script of its own, as it runs in the page
await writeFile(join(dist, 'agent.js'), await ownPageScript());
await writeFile(join(dist, 'agent.d.ts'), 'export {};\n');
// Page functions mention the DOM, which a project's own settings may leave out.
const types = join(dist, 'harness/public/index.d.ts');
await writeFile(
  types,
  `/// <reference lib="dom" />\n/// <reference lib="dom.iterable" />\n/// <reference lib="dom.asynciterable" />\n${await readFile(types, 'utf8')}`,
);
const manifestSchema = z.object({ name: z.string(), version: z.string() });
const manifest = manifestSchema.parse(JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')));
const gitHead = await builtCommit();
// The results say which commit ran; npm would ask the repository of the user who installed the package.
await writeFile(
  join(dist, 'package.json'),
  `${JSON.stringify({ ...manifest, private: true, type: 'module', ...(gitHead === null ? {} : { gitHead }) }, null, 2)}\n`,
);
