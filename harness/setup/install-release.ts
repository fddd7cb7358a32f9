import { fork } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import type { BrowserSpec } from '../config/browser-spec.ts';
import { factsOf, type BrowserKind, type Releases } from '../config/browsers.ts';
import { LogTail } from '../drivers/log-tail.ts';
import { reapDirectory } from '../drivers/reaper.ts';
import {
  buildOf,
  findBuild,
  findRelease,
  libraryName,
  openReleases,
  releasesFolder,
  type Release,
} from '../drivers/releases.ts';
import { IncompleteError } from '../errors.ts';

/** A version of a browser that is to be installed. */
export interface WantedRelease extends Pick<BrowserSpec, 'id' | 'driver'> {
  kind: BrowserKind;
  version: string;
}

/** A version that is now installed. */
export interface InstalledRelease {
  release: Release;
  /** Whether anything was downloaded for it. */
  isNew: boolean;
}

/** A release is not available; `no-such-release`: it does not exist, `not-downloaded`: it could not be fetched from here. */
export class ReleaseError extends IncompleteError {}

/** The longest wait for an answer, or the next piece of a download: a user who is offline learns so within half a minute. */
const usualQuietMs = 12_000;
/** How long an archive may take to be unpacked. */
const unpackMs = 10 * 60_000;
/** How often the progress of a download is reported, in percent. */
const stepPercent = 25;

const message = z.union([
  z.object({ build: z.string() }),
  z.object({ bytes: z.number(), total: z.number().nullable() }),
  z.object({ installed: z.literal(true) }),
  z.object({ failed: z.string() }),
]);
type Message = z.infer<typeof message>;

/** What the worker is asked for: which build a tag is, or a download. */
type Job =
  { browser: string; tag: string } | { browser: string; build: string; cacheDir: string; baseUrl?: string };

/** Runs a job in a process of its own, which is ended when it says nothing for too long. */
function work(job: Job, quietMs: number, hear: (said: Message) => void = () => undefined): Promise<Message> {
  const worker = fork(fileURLToPath(new URL('release-worker.js', import.meta.url)), [JSON.stringify(job)], {
    execArgv: [],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
  });
  const tail = new LogTail();
  tail.follow(worker.stderr);
  return new Promise((resolve, reject) => {
    let timer: NodeJS.Timeout | undefined;
    const within = (ms: number): void => {
      clearTimeout(timer);
      timer = setTimeout(() => {
        reject(new Error(`no answer for ${ms / 1000} s`));
        worker.kill('SIGKILL');
      }, ms);
    };
    within(quietMs);
    worker.on('message', (text) => {
      const said = message.parse(text);
      if ('failed' in said) reject(new Error(said.failed));
      else if ('bytes' in said) {
        // A server that does not say how much there is does not say when that is all, either.
        within(said.total === null || said.bytes === said.total ? unpackMs : quietMs);
        hear(said);
      } else resolve(said);
    });
    worker.once('error', reject);
    worker.once('close', () => {
      clearTimeout(timer);
      reject(new Error(tail.text.trim() || 'the process that downloads has ended'));
    });
  });
}

/** How a download is reported, and when it is given up. */
interface Talk {
  log: (line: string) => void;
  quietMs: number;
}

/** What the library says about a failure, without what it says about its own parts. */
const wordsOf = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error))
    .replace(/^All providers failed for .*\n\s*- \w+: /, '')
    .replace(/ URL: \S+$/, '')
    .trim();

/** What a user who cannot download can do instead. */
const otherwise = ({ id, kind }: WantedRelease): string =>
  `Without a network, name a browser that is here: --browsers ${id}=${kind}:/path/to/executable.`;

function notDownloaded(wanted: WantedRelease, what: string, cause: unknown): ReleaseError {
  const words = wordsOf(cause);
  const isGone = /\b(?:code|status) 404\b|status code 404/.test(words);
  return new ReleaseError(
    isGone ? 'no-such-release' : 'not-downloaded',
    `${wanted.id}: ${what}: ${words.replace(/\.$/, '')}. ${isGone ? 'There is no such release for this system.' : otherwise(wanted)}`,
    { cause },
  );
}

/** Which build a version is, according to the browser's makers. */
async function buildNow(wanted: WantedRelease, releases: Releases, quietMs: number): Promise<string> {
  const { id, version } = wanted;
  const channel = releases.channels[version];
  if (channel === undefined && releases.whole.test(version)) return buildOf(releases, version);
  let said: Message;
  try {
    said = await work({ browser: releases.browser, tag: channel ?? version }, quietMs);
  } catch (error) {
    throw notDownloaded(wanted, `cannot ask ${releases.list} which build that is`, error);
  }
  const build = 'build' in said ? said.build : '';
  if (build !== '' && build !== (channel ?? version)) return build;
  throw new ReleaseError('no-such-release', `${id}: ${releases.list} names no build of ${version}.`);
}

/** Downloads a build beside the cache's own folders, then moves it there: nothing unfinished is ever in the cache. */
async function download(
  wanted: WantedRelease,
  { mirror }: Releases,
  name: NonNullable<Releases['browser' | 'program']>,
  build: string,
  { log, quietMs }: Talk,
): Promise<void> {
  const { detectBrowserPlatform, getDownloadUrl, Cache: Folder } = await import('@puppeteer/browsers');
  const browser = await libraryName(name);
  const platform = detectBrowserPlatform();
  if (platform === undefined) throw new ReleaseError('no-such-release', `${wanted.id}: not on this system.`);
  const baseUrl = process.env[mirror] || undefined;
  const url = getDownloadUrl(browser, platform, build, baseUrl).href;
  const cache = await openReleases();
  const place = cache.installationDir(browser, platform, build);
  const scratch = await scratchFor(wanted, place);
  log(`${wanted.id}: downloading ${url} to ${place}`);
  let next = stepPercent;
  const hear = (said: Message): void => {
    if (!('bytes' in said) || said.total === null || said.total === 0) return;
    const percent = Math.floor((said.bytes / said.total) * 100);
    if (percent < next) return;
    log(`${wanted.id}: ${Math.min(percent, 100)} % of ${(said.total / 1e6).toFixed(1)} MB`);
    next = percent - (percent % stepPercent) + stepPercent;
  };
  try {
    const job = { browser: name, build, cacheDir: scratch, ...(baseUrl === undefined ? {} : { baseUrl }) };
    await work(job, quietMs, hear);
    await moveTo(place, new Folder(scratch).installationDir(browser, platform, build));
  } catch (error) {
    throw notDownloaded(wanted, `cannot download ${url}`, error);
  } finally {
    await rm(scratch, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** A folder for unfinished files, on the same disk as their final place. */
async function scratchFor({ id }: WantedRelease, place: string): Promise<string> {
  const folder = releasesFolder();
  try {
    await mkdir(dirname(place), { recursive: true });
    const scratch = await mkdtemp(join(folder, '.webrtc-interop-'));
    reapDirectory(scratch);
    return scratch;
  } catch (error) {
    throw new ReleaseError(
      'not-downloaded',
      `${id}: cannot write to ${folder}: ${wordsOf(error)}. PUPPETEER_CACHE_DIR names another folder.`,
      { cause: error },
    );
  }
}

/** Moves a folder; if another process has put one there meanwhile, that one stays. */
async function moveTo(place: string, from: string): Promise<void> {
  await rename(from, place).catch((error: unknown) => {
    if (!hasCode(error, 'ENOTEMPTY') && !hasCode(error, 'EEXIST')) throw error;
  });
}

const hasCode = (error: unknown, code: string): boolean =>
  error instanceof Error && 'code' in error && error.code === code;

/** Remembers which build a channel is, as the library itself does. */
async function remember(releases: Releases, version: string, build: string): Promise<void> {
  const channel = releases.channels[version];
  if (channel === undefined) return;
  const cache = await openReleases();
  const browser = await libraryName(releases.browser);
  const metadata = cache.readMetadata(browser);
  if (metadata.aliases[channel] === build) return;
  cache.writeMetadata(browser, { ...metadata, aliases: { ...metadata.aliases, [channel]: build } });
}

/** Whether a release has the program that drives it. */
const isComplete = (release: Release, { driver, kind }: WantedRelease): boolean =>
  driver !== 'webdriverio' ||
  factsOf(kind).releases?.program === undefined ||
  release.driverProgram !== undefined;

/**
 * Makes sure that a version of a browser is installed, and for WebDriver the driver program of the same build; says what it
 * does. A number that is installed is used as it is. For a channel, the newest build is asked for; if nobody answers, the
 * build that was the newest last time is used.
 * @throws {ReleaseError} within half a minute if there is no way to get it
 */
export async function installRelease(
  wanted: WantedRelease,
  log: (line: string) => void,
  quietMs = usualQuietMs,
): Promise<InstalledRelease> {
  const { id, kind, version } = wanted;
  const { releases } = factsOf(kind);
  if (releases === undefined) throw new ReleaseError('no-such-release', `${id}: no release of ${kind}.`);
  const here = await findRelease(kind, version);
  const isChannel = releases.channels[version] !== undefined;
  if (here && isComplete(here, wanted) && !isChannel) return { release: here, isNew: false };
  let build = here?.build ?? '';
  if (here === undefined || isChannel) {
    try {
      build = await buildNow(wanted, releases, quietMs);
    } catch (error) {
      if (here === undefined || !isComplete(here, wanted)) throw error;
      log(`${id}: ${wordsOf(error)} It stays ${here.version}, which was the newest when it was installed.`);
      return { release: here, isNew: false };
    }
  }
  const isNew = await fetchMissing(wanted, releases, build, { log, quietMs });
  await remember(releases, version, build);
  const release = await findBuild(kind, build);
  if (release && isComplete(release, wanted)) return { release, isNew };
  throw new ReleaseError(
    'not-downloaded',
    `${id}: ${releasesFolder()} has a folder for the build ${build}, and no program in it that can be started. Remove the folder, and try again.`,
  );
}

/** Downloads the missing parts of a build; returns whether there were any. */
async function fetchMissing(
  wanted: WantedRelease,
  releases: Releases,
  build: string,
  talk: Talk,
): Promise<boolean> {
  const before = await findBuild(wanted.kind, build);
  if (before === undefined) await download(wanted, releases, releases.browser, build, talk);
  const release = before ?? (await findBuild(wanted.kind, build));
  const isWhole = release === undefined || isComplete(release, wanted);
  if (!isWhole && releases.program !== undefined)
    await download(wanted, releases, releases.program, build, talk);
  return before === undefined || !isWhole;
}
