import { execa } from 'execa';
import type { BrowserKind } from '../config/browser-spec.ts';
import { findOnPath } from '../drivers/executables.ts';

/** What may have to come from the system's packages: browsers, and the helpers that some need on a bare Linux. */
export type SystemPackage = BrowserKind | 'xvfb' | 'pulseaudio';

type Names = Partial<Record<SystemPackage, readonly string[]>>;

/** The names that each package manager knows; of several the first that it has. */
const names = {
  'apt-get': {
    chromium: ['chromium', 'chromium-browser'],
    firefox: ['firefox-esr', 'firefox'], // Debian's name, then Ubuntu's.
    webkitgtk: ['webkit2gtk-driver'],
    xvfb: ['xvfb'],
    pulseaudio: ['pulseaudio'],
  },
  dnf: {
    chromium: ['chromium'],
    firefox: ['firefox'],
    webkitgtk: ['webkit2gtk4.1'],
    xvfb: ['xorg-x11-server-Xvfb'],
    pulseaudio: ['pulseaudio'],
  },
  pacman: {
    chromium: ['chromium'],
    firefox: ['firefox'],
    webkitgtk: ['webkit2gtk-4.1'],
    xvfb: ['xorg-server-xvfb'],
    pulseaudio: ['pulseaudio'],
  },
  brew: {
    chrome: ['google-chrome'],
    chromium: ['chromium'],
    edge: ['microsoft-edge'],
    firefox: ['firefox'],
  },
} as const satisfies Record<string, Names>;
type Manager = keyof typeof names;

const commands: Record<Manager, string> = {
  'apt-get': 'apt-get install',
  dnf: 'dnf install',
  pacman: 'pacman -S',
  brew: 'brew install --cask',
};

const managers: readonly Manager[] = ['apt-get', 'dnf', 'pacman', 'brew'];
const isRoot = (): boolean => process.getuid?.() === 0;
const namesOf = (manager: Manager, wanted: SystemPackage): readonly string[] =>
  Object.entries<readonly string[]>(names[manager]).find(([name]) => name === wanted)?.[1] ?? [];

/** The package manager of this system, if it is one of those that are known here. */
export async function packageManager(): Promise<Manager | undefined> {
  const found = await Promise.all(managers.map((manager) => findOnPath([manager])));
  return managers.find((_, at) => found[at] !== undefined);
}

/** The command that a person would type; undefined where the manager has none of them. */
export function installByHand(manager: Manager, wanted: readonly SystemPackage[]): string | undefined {
  const packages = wanted.flatMap((one) => namesOf(manager, one).slice(0, 1));
  if (packages.length === 0) return undefined;
  const sudo = manager === 'brew' || isRoot() ? '' : 'sudo ';
  return `${sudo}${commands[manager]} ${packages.join(' ')}`;
}

/** apt-get alone is run from here; it is what most CI machines have. Resolves with what went wrong, or nothing. */
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

/** A machine's list of packages may be empty or old; once is enough. */
let updated: Promise<string | undefined> | undefined;

const apt = (...args: string[]): Promise<string | undefined> =>
  isRoot() ? run('apt-get', args) : run('sudo', ['-n', 'apt-get', ...args]);

/** Runs a command quietly for ten minutes at most; resolves with its last lines where it fails. */
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
