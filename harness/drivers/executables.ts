import { constants } from 'node:fs';
import { access, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { delimiter, join, sep } from 'node:path';
import {
  factsOf,
  type BrowserKind,
  type ChannelName,
  type DriverProgram,
  type Places,
} from '../config/browsers.ts';

/** A browser's executable and where it comes from. */
export interface Executable {
  path: string;
  /** `playwright`: its own download, which for Firefox and WebKit is a patched build. */
  source: 'playwright' | 'system';
}

/** How to install a driver program. */
export const driverProgramSource: Record<DriverProgram, string> = {
  chromedriver:
    '`apt-get install chromium-driver`, or https://googlechromelabs.github.io/chrome-for-testing/',
  msedgedriver: 'https://developer.microsoft.com/microsoft-edge/tools/webdriver/',
  geckodriver: '`cargo install geckodriver`, or https://github.com/mozilla/geckodriver/releases',
  safaridriver: '`safaridriver --enable` on macOS, where it comes with Safari',
  WebKitWebDriver: '`npx webrtc-interop install webkitgtk`',
};

/**
 * The executable of a kind of browser: Playwright's own download where there is one, else the well-known names and
 * places of this system. Undefined if there is none.
 */
export async function findExecutable(
  kind: BrowserKind,
  channel?: ChannelName,
): Promise<Executable | undefined> {
  const own = channel === undefined ? await findPlaywrightBuild(kind) : undefined;
  if (own !== undefined) return { path: own, source: 'playwright' };
  const places = placesOf(kind, channel);
  const path = (await findOnPath(places.names)) ?? (await firstExecutable(await usualPlaces(places)));
  return path === undefined ? undefined : { path, source: 'system' };
}

const placesOf = (kind: BrowserKind, channel: ChannelName | undefined): Places =>
  (channel === undefined ? factsOf(kind).places : factsOf(kind).channels?.[channel]) ?? { names: [] };

/** What `findExecutable` looks for, for an error message. */
export function lookedFor(kind: BrowserKind, channel?: ChannelName): string[] {
  const { names, darwin = [], linux = [], win32 = [] } = placesOf(kind, channel);
  const usual = process.platform === 'darwin' ? darwin : process.platform === 'win32' ? win32 : linux;
  return [
    ...(channel === undefined && factsOf(kind).playwrightBuild !== undefined
      ? [`Playwright's own ${kind}`]
      : []),
    ...names.map((name) => `${name} on PATH`),
    ...usual,
  ];
}

/** The program that drives a kind of browser by WebDriver, on PATH or where cargo puts it. */
export async function findDriverProgram(program: DriverProgram): Promise<string | undefined> {
  return (
    (await findOnPath([program])) ??
    (await firstExecutable([join(homedir(), '.cargo', 'bin', withSuffix(program))]))
  );
}

/** The first of some programs that is on PATH. `node_modules/.bin` does not count: npm packages put downloaders there. */
export async function findOnPath(names: readonly string[]): Promise<string | undefined> {
  const folders = (process.env['PATH'] ?? '')
    .split(delimiter)
    .filter((folder) => folder !== '' && !folder.endsWith(join('node_modules', '.bin')));
  return firstExecutable(names.flatMap((name) => folders.map((folder) => join(folder, withSuffix(name)))));
}

const withSuffix = (name: string): string => (process.platform === 'win32' ? `${name}.exe` : name);

async function firstExecutable(paths: readonly string[]): Promise<string | undefined> {
  for (const path of paths) if (await isExecutable(path)) return path;
  return undefined;
}

/** Whether there is a file that this user may run. */
export async function isExecutable(path: string): Promise<boolean> {
  return access(path, constants.X_OK).then(
    () => true,
    () => false,
  );
}

async function usualPlaces({ darwin = [], linux = [], win32 = [], besideWebKit }: Places): Promise<string[]> {
  switch (process.platform) {
    case 'darwin':
      return [...darwin, ...darwin.map((path) => join(homedir(), path))];
    case 'win32':
      return ['ProgramFiles', 'ProgramFiles(x86)', 'LOCALAPPDATA'].flatMap((name) => {
        const folder = process.env[name];
        return folder === undefined ? [] : win32.map((path) => join(folder, path));
      });
    default:
      return [...linux, ...(besideWebKit === undefined ? [] : await placesBesideWebKit(besideWebKit))];
  }
}

/** MiniBrowser is not meant for users: distributions keep it beside WebKit's own processes, newest first. */
async function placesBesideWebKit(program: string): Promise<string[]> {
  const roots = ['/usr/lib', '/usr/libexec', '/usr/lib64'];
  const found = await Promise.all(
    roots.map(async (root) => {
      const folders = await namesIn(root);
      const below = await Promise.all(
        folders
          .filter((name) => name.includes('-linux-gnu'))
          .map(async (name) => (await namesIn(join(root, name))).map((inner) => join(name, inner))),
      );
      return [...folders, ...below.flat()]
        .filter((name) => /(?:^|\/)webkit(?:2gtk|gtk)-[\d.]+$/.test(name))
        .map((name) => join(root, name, program));
    }),
  );
  return found.flat().toSorted().toReversed();
}

const namesIn = (folder: string): Promise<string[]> => readdir(folder).catch((): string[] => []);

/** Playwright takes half a second to load, so its folder is checked first. */
async function findPlaywrightBuild(kind: BrowserKind): Promise<string | undefined> {
  const name = factsOf(kind).playwrightBuild;
  if (name === undefined) return undefined;
  const downloads = await namesIn(playwrightDownloads());
  if (!downloads.some((folder) => folder.startsWith(`${name}-`))) return undefined;
  const playwright = await import('playwright');
  const path = playwright[name].executablePath();
  return (await isExecutable(path)) ? path : undefined;
}

/** Where Playwright keeps its browsers: https://playwright.dev/docs/browsers#managing-browser-binaries */
function playwrightDownloads(): string {
  const own = process.env['PLAYWRIGHT_BROWSERS_PATH'];
  if (own !== undefined && own !== '' && own !== '0') return own;
  if (process.platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'ms-playwright');
  if (process.platform === 'win32') return join(process.env['LOCALAPPDATA'] ?? homedir(), 'ms-playwright');
  return join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'ms-playwright');
}

/** Whether an executable is one that Playwright downloaded, and so speaks its own protocol. */
export const isPlaywrightBuild = (path: string): boolean => path.startsWith(playwrightDownloads() + sep);
