import { execa } from 'execa';
import { factsOf, type BrowserKind, type PackageManager, type Packages } from '../config/browsers.ts';
import { findOnPath } from '../drivers/executables.ts';

/** What may have to come from the system's packages: browsers, and the helpers that some of them need on a bare Linux. */
export type SystemPackage = BrowserKind | 'xvfb' | 'pulseaudio';

/** Helpers that are not browsers. */
const helpers: Record<'xvfb' | 'pulseaudio', Packages> = {
  xvfb: { 'apt-get': ['xvfb'], dnf: ['xorg-x11-server-Xvfb'], pacman: ['xorg-server-xvfb'] },
  pulseaudio: { 'apt-get': ['pulseaudio'], dnf: ['pulseaudio'], pacman: ['pulseaudio'] },
};

const commands: Record<PackageManager, string> = {
  'apt-get': 'apt-get install',
  dnf: 'dnf install',
  pacman: 'pacman -S',
  brew: 'brew install --cask',
};

const managers: readonly PackageManager[] = ['apt-get', 'dnf', 'pacman', 'brew'];
const isRoot = (): boolean => process.getuid?.() === 0;
const namesOf = (manager: PackageManager, wanted: SystemPackage): readonly string[] =>
  (wanted === 'xvfb' || wanted === 'pulseaudio' ? helpers[wanted] : factsOf(wanted).packages)[manager] ?? [];

/** The package manager of this system, if it is one of those known here. */
export async function packageManager(): Promise<PackageManager | undefined> {
  const found = await Promise.all(managers.map((manager) => findOnPath([manager])));
  return managers.find((_, at) => found[at] !== undefined);
}

/** The command that a person would type; undefined if the manager has none of the packages. */
export function installByHand(manager: PackageManager, wanted: readonly SystemPackage[]): string | undefined {
  const packages = wanted.flatMap((one) => namesOf(manager, one).slice(0, 1));
  if (packages.length === 0) return undefined;
  const sudo = manager === 'brew' || isRoot() ? '' : 'sudo ';
  return `${sudo}${commands[manager]} ${packages.join(' ')}`;
}

/** Only apt-get is run from here; it is what most CI machines have. Resolves with what went wrong, or nothing. */
export async function aptInstall(wanted: readonly SystemPackage[]): Promise<string | undefined> {
  await (updated ??= apt('update'));
  for (const one of wanted) {
    let problem: string | undefined = `Debian has no package for ${one}`;
    for (const name of namesOf('apt-get', one)) {
      problem = await apt('install', '-y', '--no-install-recommends', name);
      if (problem === undefined) break;
    }
    if (problem !== undefined) return problem;
  }
  return undefined;
}

/** A machine's package lists may be empty or old; updating them once is enough. */
let updated: Promise<string | undefined> | undefined;

const apt = (...args: string[]): Promise<string | undefined> =>
  isRoot() ? run('apt-get', args) : run('sudo', ['-n', 'apt-get', ...args]);

/** Runs a command quietly for at most ten minutes; resolves with its last lines if it fails. */
export async function run(command: string, args: readonly string[]): Promise<string | undefined> {
  const { exitCode, all, shortMessage } = await execa(command, args, {
    all: true,
    reject: false,
    timeout: 10 * 60_000,
    stdin: 'ignore',
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (exitCode === 0) return undefined;
  const last = (all ?? '').trim().split('\n').slice(-6).join('\n');
  return last === '' ? (shortMessage ?? `${command} failed`) : last;
}
