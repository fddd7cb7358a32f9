import { join } from 'node:path';
import { browserKinds, factsOf } from '../config/browsers.ts';
import type { BrowserKind, DrivenSpec } from '../config/browser-spec.ts';
import { findExecutable, findOnPath } from '../drivers/executables.ts';
import { packageFolder } from '../drivers/package-version.ts';
import { hasAudioServer } from '../drivers/pulseaudio.ts';
import { versionOf } from '../drivers/version.ts';
import { hasDisplay } from '../drivers/xvfb.ts';
import { messageOf } from '../errors.ts';
import { isHere } from './browsers-here.ts';
import {
  installRelease,
  ReleaseError,
  type InstalledRelease,
  type WantedRelease,
} from './install-release.ts';
import { aptInstall, installByHand, packageManager, run, type SystemPackage } from './system-packages.ts';

/** The outcome of an installation. */
export interface InstallReport {
  /** Names of those that were already installed. */
  present: string[];
  installed: string[];
  failed: string[];
}

/** A browser that is to be installed: the usual one of its kind, or a version of it. */
export type Wanted = Pick<DrivenSpec, 'id' | 'kind' | 'driver' | 'version'>;

/** What `install` and `npm start` install by default. */
export const defaultKinds = (): readonly BrowserKind[] =>
  browserKinds.filter((kind) => {
    const { installedByDefault } = factsOf(kind);
    return (
      installedByDefault === 'everywhere' ||
      (installedByDefault === 'on Linux' && process.platform === 'linux')
    );
  });

/** The same kinds, as browsers. */
export const defaultBrowsers = (): Wanted[] => defaultKinds().map((kind) => ({ id: kind, kind }));

/** The command that installs a kind here, for messages; undefined if there is none. */
export const installCommand = (kind: BrowserKind): string | undefined =>
  factsOf(kind).playwrightInstalls !== undefined ||
  (process.platform === 'linux' && Object.keys(factsOf(kind).packages).length > 0)
    ? `npx webrtc-interop install ${kind}`
    : undefined;

/**
 * Installs what is missing in the best way this machine has: Playwright's download, else the system's packages; versions with
 * `@puppeteer/browsers`. On Linux that includes the display and the audio server that some browsers need. Says what it does;
 * if nothing is missing it does nothing, quickly.
 */
export async function install(
  wanted: readonly Wanted[],
  log: (line: string) => void,
): Promise<InstallReport> {
  const report: InstallReport = { present: [], installed: [], failed: [] };
  const before = await Promise.all(wanted.map(missingFor));
  // All at once: a user who is offline learns so for all of them in the time that one takes.
  const fetched = await Promise.all(
    wanted.map(async (one) => (isRelease(one) ? fetchRelease(one, log) : undefined)),
  );
  for (const [at, one] of wanted.entries()) {
    const release = fetched[at];
    const here = release === undefined ? 'present' : await madeReady(one, release, log);
    const missing = before[at] ?? [];
    const helped = here === 'failed' || missing.length === 0 ? here : await installOne(one, missing, log);
    report[helped].push(one.id);
  }
  return report;
}

const isRelease = (wanted: Wanted): wanted is WantedRelease => wanted.version !== undefined;

/** A version of a browser, or `failed` after logging why it is not available. */
async function fetchRelease(
  wanted: WantedRelease,
  log: (line: string) => void,
): Promise<InstalledRelease | 'failed'> {
  try {
    return await installRelease(wanted, log);
  } catch (error) {
    if (!(error instanceof ReleaseError)) throw error;
    log(messageOf(error));
    return 'failed';
  }
}

/** Makes sure that a version starts, if it is new. */
async function madeReady(
  { id, kind }: Wanted,
  fetched: InstalledRelease | 'failed',
  log: (line: string) => void,
): Promise<keyof InstallReport> {
  if (fetched === 'failed') return 'failed';
  const { release, isNew } = fetched;
  if (!isNew) return 'present';
  await seeToLibraries({ id, kind }, release.executable, log);
  log(`${id}: installed ${kind} ${release.version}: ${release.executable}`);
  return 'installed';
}

/** The libraries that a browser links to come from the system: Playwright knows which ones it needs. */
async function seeToLibraries(
  { id, kind }: Wanted,
  executable: string,
  log: (line: string) => void,
): Promise<void> {
  const name = factsOf(kind).playwrightInstalls;
  const starts = async (): Promise<boolean> => (await versionOf(executable, { ms: 15_000 })) !== undefined;
  if (process.platform !== 'linux' || name === undefined || (await starts())) return;
  log(`${id}: installing the libraries that it needs: npx playwright install-deps ${name}`);
  const problem = await playwright('install-deps', name);
  if (problem !== undefined) log(`${id}: ${problem.replaceAll('\n', `\n${id}: `)}`);
  if (!(await starts())) log(`${id}: ${executable} does not say its version; it may not start.`);
}

/** What a browser still needs before it runs here, except for the browser itself if a version was asked for. */
async function missingFor({ kind, version }: Pick<Wanted, 'kind' | 'version'>): Promise<SystemPackage[]> {
  const missing: SystemPackage[] = version !== undefined || (await isHere(kind)) ? [] : [kind];
  if (process.platform !== 'linux') return missing;
  const { headless, needsAudioServer = false } = factsOf(kind);
  if (!headless && !hasDisplay() && (await findOnPath(['Xvfb'])) === undefined) missing.push('xvfb');
  if (needsAudioServer && !(await hasAudioServer()) && (await findOnPath(['pulseaudio'])) === undefined) {
    missing.push('pulseaudio');
  }
  return missing;
}

async function installOne(
  wanted: Wanted,
  missing: readonly SystemPackage[],
  log: (line: string) => void,
): Promise<'installed' | 'failed'> {
  const { id, kind } = wanted;
  const name = factsOf(kind).playwrightInstalls;
  if (missing.includes(kind) && name !== undefined) {
    log(`${id}: installing by Playwright: npx playwright install ${name}`);
    report(await playwright('install', name));
    // The libraries that a browser links to come from the system; even if they cannot be installed, it may run.
    if (process.platform === 'linux' && (await findExecutable(kind))?.source === 'playwright') {
      report(await playwright('install-deps', name));
    }
  }
  const left = await missingFor(wanted);
  const manager = left.length === 0 ? undefined : await packageManager();
  const byHand = manager === undefined ? undefined : installByHand(manager, left);
  if (manager === 'apt-get' && byHand !== undefined) {
    log(`${id}: installing by the system's packages: ${byHand}`);
    report(await aptInstall(left));
  } else if (byHand !== undefined) {
    log(`${id}: install it by hand: ${byHand}`);
  }
  const still = await missingFor(wanted);
  log(still.length === 0 ? `${id}: installed` : `${id}: still missing: ${still.join(', ')}`);
  return still.length === 0 ? 'installed' : 'failed';

  function report(problem: string | undefined): void {
    if (problem !== undefined) log(`${id}: ${problem.replaceAll('\n', `\n${id}: `)}`);
  }
}

/** Playwright's own command line, in the version that the drivers use. */
async function playwright(...args: string[]): Promise<string | undefined> {
  const folder = packageFolder('playwright');
  if (folder === undefined) return 'the package playwright is not installed: npm ci';
  return run(process.execPath, [join(folder, 'cli.js'), ...args]);
}
