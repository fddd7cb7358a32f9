import { readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Cache, InstalledBrowser } from '@puppeteer/browsers';
import { factsOf, releasedKinds, type BrowserKind, type Releases } from '../config/browsers.ts';
import { isExecutable } from './executables.ts';

/**
 * Where `@puppeteer/browsers` keeps what it has downloaded, for all tools that use it:
 * https://pptr.dev/guides/configuration#changing-the-default-cache-directory
 */
export function releasesFolder(): string {
  const own = process.env['PUPPETEER_CACHE_DIR'];
  return own === undefined || own === '' ? join(homedir(), '.cache', 'puppeteer') : own;
}

/** The library takes a while to load, so that only those who name a version load it. */
export const openReleases = async (): Promise<Cache> =>
  new (await import('@puppeteer/browsers')).Cache(releasesFolder());

/** One of its browsers, as the library spells it. */
export async function libraryName(name: Releases['browser' | 'program'] & string): Promise<Browser> {
  const { Browser: browsers } = await import('@puppeteer/browsers');
  const found = Object.values(browsers).find((each: string) => each === name);
  if (found === undefined) throw new Error(`@puppeteer/browsers has no ${name}`);
  return found;
}

/** A release of a browser that has been downloaded. */
export interface Release {
  kind: BrowserKind;
  /** As a browser is named: `150.0.7871.100`. */
  version: string;
  /** The library's name for it, which for Firefox begins with its channel: `esr_153.7.0esr`. */
  build: string;
  executable: string;
  /** The program of the same build that drives it by WebDriver, if there is one and it has been downloaded. */
  driverProgram?: string;
}

/** The version of a build: Firefox's have a channel in front of it. */
const versionOfBuild = (build: string): string => build.replace(/^[a-z]+_/, '');

/** `153.7.0esr` split into its numbers and the rest. */
function partsOf(version: string): { numbers: string; suffix: string } {
  const [numbers = ''] = /^[\d.]*\d/.exec(version) ?? [];
  return { numbers, suffix: version.slice(numbers.length) };
}

/** Whether a version is the one that was asked for, perhaps with fewer numbers: 150.0.1 is a 150. */
export function isVersion(version: string, asked: string): boolean {
  const [one, other] = [partsOf(version), partsOf(asked)];
  return one.suffix === other.suffix && `${one.numbers}.`.startsWith(`${other.numbers}.`);
}

const channelsBySuffix: readonly (readonly [suffix: RegExp, channel: string])[] = [
  [/^esr$/, 'esr'],
  [/^b\d+$/, 'beta'],
  [/^a1$/, 'nightly'],
];

/**
 * The library's name for the build of a version; for Firefox 150 that is its first release.
 * @param version one that is `whole`
 */
export function buildOf({ channelInBuild }: Releases, version: string): string {
  if (channelInBuild !== true) return version;
  const { numbers, suffix } = partsOf(version);
  const channel = channelsBySuffix.find(([pattern]) => pattern.test(suffix))?.[1] ?? 'stable';
  return `${channel}_${numbers.includes('.') ? numbers : `${numbers}.0`}${suffix}`;
}

/**
 * The newest downloaded release that has a version; undefined if there is none. It asks no server: a channel stands for the
 * build that was its newest when it was installed.
 * @param version a number or a release channel, as `versionProblem` takes them
 */
export async function findRelease(kind: BrowserKind, version: string): Promise<Release | undefined> {
  const { releases } = factsOf(kind);
  if (releases === undefined) return undefined;
  const cache = await openReleases();
  const channel = releases.channels[version];
  const alias = channel === undefined ? undefined : await aliasIn(cache, releases, channel);
  const found = (await releasesIn(cache, kind)).filter((release) =>
    channel === undefined ? isVersion(release.version, version) : release.build === alias,
  );
  return found.at(-1);
}

/** A build that has been downloaded, by the library's name for it. */
export const findBuild = async (kind: BrowserKind, build: string): Promise<Release | undefined> =>
  (await releasesIn(await openReleases(), kind)).find((release) => release.build === build);

/** The build that a channel stood for when it was installed. */
async function aliasIn(cache: Cache, { browser }: Releases, channel: string): Promise<string | undefined> {
  return cache.readMetadata(await libraryName(browser)).aliases[channel];
}

/** The releases of a kind, the oldest first. */
async function releasesIn(cache: Cache, kind: BrowserKind): Promise<Release[]> {
  const { releases } = factsOf(kind);
  if (releases === undefined) return [];
  const { detectBrowserPlatform } = await import('@puppeteer/browsers');
  const here = detectBrowserPlatform();
  const all = cache.getInstalledBrowsers().filter(({ platform }) => platform === here);
  const of = async (name: Releases['browser' | 'program']): Promise<InstalledBrowser[]> => {
    const wanted = name === undefined ? undefined : await libraryName(name);
    return all.filter(({ browser }) => browser === wanted);
  };
  const programs = await of(releases.program);
  const found = await Promise.all(
    (await of(releases.browser)).map(async ({ buildId, executablePath }): Promise<Release[]> => {
      if (!(await isExecutable(executablePath))) return [];
      const program = programs.find((each) => each.buildId === buildId)?.executablePath;
      const isThere = program !== undefined && (await isExecutable(program));
      const version = versionOfBuild(buildId);
      const release = { kind, version, build: buildId, executable: executablePath };
      return [isThere ? { ...release, driverProgram: program } : release];
    }),
  );
  return found.flat().toSorted((a, b) => compareVersions(a.version, b.version));
}

/** Number by number; the library's own comparison fails for `150.0`. */
function compareVersions(a: string, b: string): number {
  const [one, other] = [a, b].map((text) => (text.match(/\d+/g) ?? []).map(Number));
  for (let at = 0; at < Math.max(one?.length ?? 0, other?.length ?? 0); at += 1) {
    const difference = (one?.[at] ?? 0) - (other?.[at] ?? 0);
    if (difference !== 0) return difference;
  }
  return 0;
}

/** Every downloaded release of this system; loads no library if nothing was downloaded. */
export async function releasesHere(): Promise<Release[]> {
  const folders = await readdir(releasesFolder()).catch((): string[] => []);
  const kinds = releasedKinds().filter((kind) => folders.includes(factsOf(kind).releases?.browser ?? ''));
  if (kinds.length === 0) return [];
  const cache = await openReleases();
  return (await Promise.all(kinds.map((kind) => releasesIn(cache, kind)))).flat();
}
