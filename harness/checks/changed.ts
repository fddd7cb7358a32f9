import { build } from 'esbuild';
import { execa } from 'execa';
import { dirname } from 'node:path';
import { packageRoot } from '../run/environment.ts';

/** The tests that a change may have broken. Paths are relative to the package, with `/`. */
export interface Reached {
  units: string[];
  /** Whether the report's pages may look different. */
  pages: boolean;
  /** Tests on real browsers, `faults.alone.e2e.test.ts` among them if any fault has to be tried. */
  browsers: string[];
  /** The `.faults.ts` files whose scenarios may behave differently. */
  faults: string[];
}

/** For each file, itself and all that it imports, directly or not. */
export type Closures = ReadonlyMap<string, ReadonlySet<string>>;

export const faultTests = 'harness/run/faults.alone.e2e.test.ts';
/** What the command line loads at run time, so that no import of a test leads there. */
const peerPage = ['console', 'observer', 'agent'].map((name) => `fixtures/peer-page/${name}.ts`);
const startedByCli = ['harness/cli/main.ts', ...peerPage, 'harness/canary/canary.spec.ts'];
/** Every fault goes through these: its own imports lead to the run, none leads to the page. */
const startedByFaults = peerPage;
/** They drive browsers without the command line. */
const driversOnly = /^harness\/drivers\//;

const isUnit = (path: string): boolean => path.endsWith('.test.ts') && !isBrowserTest(path);
const isBrowserTest = (path: string): boolean => path.endsWith('.e2e.test.ts');
/** Tests on real browsers that a busy neighbour would turn red. */
export const isAlone = (path: string): boolean => path.endsWith('.alone.e2e.test.ts');
const isSource = (path: string): boolean => /\.tsx?$/.test(path);
/** Changes to these can change anything. */
const concernsAll = (path: string): boolean =>
  /^(?:package(?:-lock)?\.json|tsconfig\.json|\.mocharc[\w.]*\.json)$/.test(path);

/** Which tests a change to some files may have broken, out of all files of the package. */
export function reachedBy(changed: readonly string[], all: readonly string[], closures: Closures): Reached {
  const everything = changed.some(concernsAll);
  // A picture or a style sheet is read by path: whatever stands beside it may read it.
  const folders = new Set(changed.filter((path) => !isSource(path)).map((path) => dirname(path)));
  const touched = new Set([
    ...changed,
    ...all.filter((path) => isSource(path) && folders.has(dirname(path))),
  ]);
  const reaches = (...roots: string[]): boolean =>
    everything ||
    roots.some(
      (root) => touched.has(root) || [...(closures.get(root) ?? [])].some((path) => touched.has(path)),
    );

  const faults = all
    .filter((path) => path.endsWith('.faults.ts'))
    .filter((path) =>
      reaches(path, path.replace(/\.faults\.ts$/, '.spec.ts'), faultTests, ...startedByFaults),
    );
  const browsers = all.filter(isBrowserTest).filter((path) => {
    if (path === faultTests) return faults.length > 0;
    return driversOnly.test(path) ? reaches(path) : reaches(path, ...startedByCli);
  });
  return {
    units: all.filter((path) => isUnit(path) && reaches(path)),
    pages: reaches(...all.filter((path) => path.endsWith('.pw.ts'))),
    browsers,
    faults,
  };
}

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

async function git(...args: string[]): Promise<string[]> {
  const { stdout } = await execa('git', args, { cwd: packageRoot });
  return lines(stdout);
}

/**
 * The files that differ from a revision, including those that git does not track yet.
 * @param since a revision; '' for the last commit, or for the one before it if nothing has changed since
 * @throws {ExecaError} if git does not know the revision
 */
export async function changedFiles(since: string): Promise<string[]> {
  const untracked = await git('ls-files', '--others', '--exclude-standard');
  const changed = [...(await git('diff', '--name-only', since === '' ? 'HEAD' : since)), ...untracked];
  return changed.length > 0 || since !== '' ? changed : git('diff', '--name-only', 'HEAD~1');
}

/** Every file of the package that git tracks or would track. */
export const allFiles = (): Promise<string[]> =>
  git('ls-files', '--cached', '--others', '--exclude-standard');

/** What each source file imports, as esbuild resolves it. */
export async function closuresOf(all: readonly string[]): Promise<Closures> {
  const sources = all.filter((path) => isSource(path) && !path.endsWith('.d.ts'));
  const { metafile } = await build({
    absWorkingDir: packageRoot,
    entryPoints: sources,
    bundle: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    // nothing is written, but esbuild asks for a folder when there are several entries
    outdir: 'never-written',
    write: false,
    metafile: true,
    logLevel: 'silent',
  });
  const direct = (path: string): string[] =>
    (metafile.inputs[path]?.imports ?? [])
      .filter(({ external }) => external !== true)
      .map(({ path: to }) => to);
  return new Map(
    sources.map((root) => {
      const seen = new Set<string>();
      const open = [root];
      for (let path = open.pop(); path !== undefined; path = open.pop()) {
        if (seen.has(path)) continue;
        seen.add(path);
        open.push(...direct(path));
      }
      return [root, seen];
    }),
  );
}
