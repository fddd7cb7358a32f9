import { execa } from 'execa';
import type { BrowserKind } from '../config/browser-spec.ts';
import { findOnPath } from '../drivers/executables.ts';
import { isHere } from './browsers-here.ts';

/** What came of an installation. */
export interface InstallReport {
  /** Kinds that were there already. */
  present: BrowserKind[];
  installed: BrowserKind[];
  failed: BrowserKind[];
}

/** A way of bringing a kind of browser onto this machine. */
interface Way {
  name: string;
  /** The command as a person would type it; also what `doctor` names. */
  command: string;
  run: () => Promise<boolean>;
}

/** Debian and Ubuntu; each list is what the kind needs besides itself on a machine without screen and sound. */
const aptPackages: Partial<Record<BrowserKind, readonly string[]>> = {
  chromium: ['chromium'],
  firefox: ['firefox-esr', 'pulseaudio'],
  webkitgtk: ['webkit2gtk-driver', 'xvfb'],
};
/** Ubuntu calls Firefox otherwise. */
const aptAlternatives: Readonly<Record<string, string>> = { 'firefox-esr': 'firefox' };
const playwrightNames: Partial<Record<BrowserKind, string>> = {
  chrome: 'chrome',
  chromium: 'chromium',
  edge: 'msedge',
  firefox: 'firefox',
  webkit: 'webkit',
};

/** What `install` and `npm start` install where nothing is named. */
export const defaultKinds = (): readonly BrowserKind[] =>
  process.platform === 'linux' ? ['chromium', 'firefox', 'webkitgtk'] : ['chromium', 'firefox'];

/** The command that installs a kind here, for messages; undefined where there is none. */
export const installCommand = (kind: BrowserKind): string | undefined =>
  kind in playwrightNames || kind in aptPackages ? `npx webrtc-interop install ${kind}` : undefined;

/**
 * Installs what is missing by the best way this machine has: Playwright's download, else the system's packages.
 * Says what it does; where nothing is missing it does nothing and is quick.
 */
export async function install(
  kinds: readonly BrowserKind[],
  log: (line: string) => void,
): Promise<InstallReport> {
  const here = await Promise.all(kinds.map(isHere));
  const report: InstallReport = { present: kinds.filter((_, at) => here[at]), installed: [], failed: [] };
  for (const kind of kinds.filter((_, at) => !here[at])) {
    const outcome = (await installOne(kind, log)) ? report.installed : report.failed;
    outcome.push(kind);
  }
  return report;
}

async function installOne(kind: BrowserKind, log: (line: string) => void): Promise<boolean> {
  const ways = [playwrightWay(kind), await aptWay(kind, log)].filter((way) => way !== undefined);
  if (ways.length === 0) log(`${kind}: nothing on this machine installs it; install it by hand`);
  for (const way of ways) {
    log(`${kind}: installing by ${way.name}: ${way.command}`);
    if ((await way.run()) && (await isHere(kind))) {
      log(`${kind}: installed`);
      return true;
    }
    log(`${kind}: ${way.name} did not bring it`);
  }
  return false;
}

/** Downloads take minutes on slow lines; one that does not move at all ends some time. */
const downloadMs = 10 * 60_000;

function playwrightWay(kind: BrowserKind): Way | undefined {
  const name = playwrightNames[kind];
  if (name === undefined) return undefined;
  const args = ['playwright', 'install', name];
  return {
    name: 'Playwright',
    command: `npx ${args.join(' ')}`,
    // npm's own settings of the caller are not the child's
    run: () => succeeds('npx', args, downloadMs),
  };
}

async function aptWay(kind: BrowserKind, log: (line: string) => void): Promise<Way | undefined> {
  const packages = aptPackages[kind];
  if (process.platform !== 'linux' || packages === undefined) return undefined;
  if ((await findOnPath(['apt-get'])) === undefined) {
    log(
      `${kind}: there is no apt-get here; install ${packages.join(', ')} by this system's own package manager`,
    );
    return undefined;
  }
  const root = process.getuid?.() === 0;
  const apt = async (args: string[]): Promise<boolean> => {
    const command = ['apt-get', ...args];
    return root ? succeeds('apt-get', args, downloadMs) : succeeds('sudo', ['-n', ...command], downloadMs);
  };
  return {
    name: 'apt-get',
    command: `${root ? '' : 'sudo '}apt-get install ${packages.join(' ')}`,
    run: async () => {
      await updateOnce(apt);
      for (const name of packages) {
        const other = aptAlternatives[name];
        const done =
          (await apt(installArgs(name))) || (other !== undefined && (await apt(installArgs(other))));
        if (!done) return false;
      }
      return true;
    },
  };
}

const installArgs = (name: string): string[] => ['install', '-y', '--no-install-recommends', name];

let updated: Promise<boolean> | undefined;

/** A machine's list of packages may be empty or old; once is enough. */
const updateOnce = (apt: (args: string[]) => Promise<boolean>): Promise<boolean> =>
  (updated ??= apt(['update']));

/** Runs a command quietly; its last lines are shown where it fails. */
async function succeeds(command: string, args: readonly string[], timeout: number): Promise<boolean> {
  const { exitCode, all } = await execa(command, args, {
    all: true,
    reject: false,
    timeout,
    stdin: 'ignore',
    env: { DEBIAN_FRONTEND: 'noninteractive' },
  });
  if (exitCode === 0) return true;
  process.stderr.write(`${(all ?? '').split('\n').slice(-6).join('\n')}\n`);
  return false;
}
