import { execa } from 'execa';
import { existsSync } from 'node:fs';
import { basename, isAbsolute, join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Scenario } from '../matrix/scenario.ts';
import { packageRoot } from '../own-files.ts';
import type { ScenarioResult } from '../results/schema.ts';

/** A repository at a commit whose files a forge shows. */
interface Repository {
  root: string;
  commit: string;
  /** What `git remote get-url origin` says. */
  remote: string;
  /** The files of the commit, relative to `root`. */
  files: ReadonlySet<string>;
}

const forward = (path: string): string => path.split(sep).join('/');

/**
 * The address of a file at a commit; undefined unless the remote is a forge with known addresses that others can reach: GitHub
 * and GitLab, at their own hosts or at a company's host named after them.
 */
export function forgeUrl(remote: string, commit: string, path: string): string | undefined {
  const place =
    /^(?:https:\/\/(?:[^@/]*@)?|ssh:\/\/git@|git@)(?<host>(?<forge>github|gitlab)(?:\.[\w-]+)+)[/:](?<project>[\w./-]+?)(?:\.git)?\/?$/.exec(
      remote,
    )?.groups;
  if (place === undefined) return undefined;
  const { host = '', forge = '', project = '' } = place;
  const encoded = path.split('/').map(encodeURIComponent).join('/');
  return `https://${host}/${project}/${forge === 'gitlab' ? '-/' : ''}blob/${commit}/${encoded}`;
}

/** The repository that holds a folder; undefined if there is none, or none with a commit and an origin. */
async function repositoryOf(folder: string): Promise<Repository | undefined> {
  const git = async (...args: string[]): Promise<string> =>
    (await execa('git', args, { cwd: folder })).stdout.trim();
  try {
    const root = await git('rev-parse', '--show-toplevel');
    const remote = await git('remote', 'get-url', 'origin');
    const commit = await git('rev-parse', 'HEAD');
    const files = await git('ls-tree', '-r', '-z', '--name-only', '--full-tree', commit);
    return { root, remote, commit, files: new Set(files.split('\0')) };
  } catch {
    return undefined; // no git, no repository, no commit or no origin: only the path is known
  }
}

/** Scenarios for the results, with the files that declare them. */
export async function withSources(scenarios: readonly Scenario[]): Promise<ScenarioResult[]> {
  const isOwn = (path: string): boolean => path.startsWith(packageRoot);
  const ofUsers = scenarios.some(({ file }) => file?.protocol === 'file:' && !isOwn(fileURLToPath(file)));
  const own = existsSync(join(packageRoot, '.git')) ? await repositoryOf(packageRoot) : undefined;
  const users = ofUsers ? await repositoryOf(process.cwd()) : undefined;
  return scenarios.map(({ result, file }) => {
    if (file?.protocol !== 'file:') return result;
    const absolute = fileURLToPath(file);
    const home = isOwn(absolute)
      ? { repository: own, root: packageRoot }
      : { repository: users, root: process.cwd() };
    const { repository } = home;
    const root = repository?.root ?? home.root;
    const inRoot = forward(relative(root, absolute));
    const path = inRoot.startsWith('../') || isAbsolute(inRoot) ? basename(absolute) : inRoot;
    const url = repository?.files.has(path)
      ? forgeUrl(repository.remote, repository.commit, path)
      : undefined;
    return { ...result, source: url === undefined ? { path } : { path, url } };
  });
}
