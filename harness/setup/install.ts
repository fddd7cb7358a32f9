import { join } from 'node:path';
import { browserKinds, factsOf } from '../config/browsers.ts';
import type { BrowserKind } from '../config/browser-spec.ts';
import { findExecutable, findOnPath } from '../drivers/executables.ts';
import { packageFolder } from '../drivers/package-version.ts';
import { hasAudioServer } from '../drivers/pulseaudio.ts';
import { hasDisplay } from '../drivers/xvfb.ts';
import { isHere } from './browsers-here.ts';
import { aptInstall, installByHand, packageManager, run, type SystemPackage } from './system-packages.ts';

/** The outcome of an installation. */
export interface InstallReport {
  /** Kinds that were already installed. */
  present: BrowserKind[];
  installed: BrowserKind[];
  failed: BrowserKind[];
}

/** What `install` and `npm start` install by default. */
export const defaultKinds = (): readonly BrowserKind[] =>
  browserKinds.filter((kind) => {
    const { installedByDefault } = factsOf(kind);
    return (
      installedByDefault === 'everywhere' ||
      (installedByDefault === 'on Linux' && process.platform === 'linux')
    );
  });

/** The command that installs a kind here, for messages; undefined if there is none. */
export const installCommand = (kind: BrowserKind): string | undefined =>
  factsOf(kind).playwrightInstalls !== undefined ||
  (process.platform === 'linux' && Object.keys(factsOf(kind).packages).length > 0)
    ? `npx webrtc-interop install ${kind}`
    : undefined;

/**
 * Installs what is missing by the best way this machine has: Playwright's download, else the system's packages. On
 * Linux that includes the display and the audio server that some browsers need. Says what it does; if nothing is
 * missing it does nothing, quickly.
 */
export async function install(
  kinds: readonly BrowserKind[],
  log: (line: string) => void,
): Promise<InstallReport> {
  const report: InstallReport = { present: [], installed: [], failed: [] };
  const before = await Promise.all(kinds.map(missingFor));
  for (const [at, kind] of kinds.entries()) {
    const missing = before[at] ?? [];
    if (missing.length === 0) report.present.push(kind);
    else if (await installOne(kind, missing, log)) report.installed.push(kind);
    else report.failed.push(kind);
  }
  return report;
}

/** What a kind still needs before it runs here. */
async function missingFor(kind: BrowserKind): Promise<SystemPackage[]> {
  const missing: SystemPackage[] = (await isHere(kind)) ? [] : [kind];
  if (process.platform !== 'linux') return missing;
  const { headless, needsAudioServer = false } = factsOf(kind);
  if (!headless && !hasDisplay() && (await findOnPath(['Xvfb'])) === undefined) missing.push('xvfb');
  if (needsAudioServer && !(await hasAudioServer()) && (await findOnPath(['pulseaudio'])) === undefined) {
    missing.push('pulseaudio');
  }
  return missing;
}

async function installOne(
  kind: BrowserKind,
  missing: readonly SystemPackage[],
  log: (line: string) => void,
): Promise<boolean> {
  const name = factsOf(kind).playwrightInstalls;
  if (missing.includes(kind) && name !== undefined) {
    log(`${kind}: installing by Playwright: npx playwright install ${name}`);
    report(await playwright('install', name));
    // The libraries that a browser links to are the system's; even if they cannot be installed, it may run.
    if (process.platform === 'linux' && (await findExecutable(kind))?.source === 'playwright') {
      report(await playwright('install-deps', name));
    }
  }
  const left = await missingFor(kind);
  const manager = left.length === 0 ? undefined : await packageManager();
  const byHand = manager === undefined ? undefined : installByHand(manager, left);
  if (manager === 'apt-get' && byHand !== undefined) {
    log(`${kind}: installing by the system's packages: ${byHand}`);
    report(await aptInstall(left));
  } else if (byHand !== undefined) {
    log(`${kind}: install it by hand: ${byHand}`);
  }
  const still = await missingFor(kind);
  log(still.length === 0 ? `${kind}: installed` : `${kind}: still missing: ${still.join(', ')}`);
  return still.length === 0;

  function report(problem: string | undefined): void {
    if (problem !== undefined) log(`${kind}: ${problem.replaceAll('\n', `\n${kind}: `)}`);
  }
}

/** Playwright's own command line, of the version that the drivers use. */
async function playwright(...args: string[]): Promise<string | undefined> {
  const folder = packageFolder('playwright');
  if (folder === undefined) return 'the package playwright is not installed: npm ci';
  return run(process.execPath, [join(folder, 'cli.js'), ...args]);
}
