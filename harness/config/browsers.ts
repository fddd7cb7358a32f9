/** Programs that drive a browser by WebDriver. */
export type DriverProgram =
  'chromedriver' | 'msedgedriver' | 'geckodriver' | 'safaridriver' | 'WebKitWebDriver';

export const engines = ['chromium', 'gecko', 'webkit'] as const;
export type Engine = (typeof engines)[number];
/** What makes a peer's connections: the engine of a browser, or a library outside any browser. */
export const peerEngines = [...engines, 'library'] as const;
export type PeerEngine = (typeof peerEngines)[number];

export const driverNames = ['playwright', 'webdriverio'] as const;
export type DriverName = (typeof driverNames)[number];

/** Where an executable is looked for. */
export interface Places {
  /** Program names on PATH. */
  names: readonly string[];
  darwin?: readonly string[];
  /** Below `Program Files` and similar folders. */
  win32?: readonly string[];
  linux?: readonly string[];
  /** On Linux, a program that distributions put next to WebKit's own processes. */
  besideWebKit?: string;
}

/** Names of release channels other than the stable one. */
export const channelNames = ['beta', 'dev', 'canary', 'nightly', 'preview'] as const;
export type ChannelName = (typeof channelNames)[number];

/** Releases of a browser that `@puppeteer/browsers` has, on all systems. */
export interface Releases {
  /** The browser's name there. */
  browser: 'chrome' | 'firefox';
  /** Release channels: the names that are used here, and its names for them. */
  channels: Readonly<Record<string, string>>;
  /** Matches the numbers that a version may have. */
  numbers: RegExp;
  /** Matches those that are a complete build number; for others it has to be asked which build they are. */
  whole: RegExp;
  /** `true`: its names for builds begin with their channel. */
  channelInBuild?: true;
  /** A number that may be asked for, as an example. */
  example: string;
  /** The list that says which build a channel or version is. */
  list: string;
  /** The environment variable that names a mirror of the downloads: https://pptr.dev/api/puppeteer.configuration */
  mirror: string;
  /** It also has the driver program of each build, under this name. */
  program?: 'chromedriver';
}

/** The package managers that are known here. */
export type PackageManager = 'apt-get' | 'dnf' | 'pacman' | 'brew';
/** The names of a package in each manager; the first one that the manager has is used. */
export type Packages = Partial<Record<PackageManager, readonly string[]>>;

/** What is known about a kind of browser without looking at one. */
export interface BrowserFacts {
  engine: Engine;
  /** The product's name, used if the executable does not report it. */
  product: string;
  /** The drivers that can drive it, the default first. */
  drivers: readonly [DriverName, ...DriverName[]];
  /** The drivers with which the conformance suite covers it, on Linux with the system's own browser. */
  verified: readonly DriverName[];
  /** The program that drives it by WebDriver. */
  program?: DriverProgram;
  /** Its name in WebDriver's capabilities. */
  browserName?: string;
  /** The capability that takes its executable, arguments and preferences. */
  browserOptions?: `${string}:${string}`;
  /** Playwright's name for the build that it keeps among its own downloads. */
  playwrightBuild?: 'chromium' | 'firefox' | 'webkit';
  /** What `playwright install` calls it. */
  playwrightInstalls?: string;
  places: Places;
  /** Where its other release channels are. */
  channels?: Partial<Record<ChannelName, Places>>;
  /** Which of its releases can be downloaded, whatever the system has. */
  releases?: Releases;
  packages: Packages;
  /** How the names of its processes begin, on Linux. */
  processes?: readonly string[];
  headless: boolean;
  /** Web Audio runs only if there is an audio server. */
  needsAudioServer?: true;
  /** It gathers no candidates if loopback is the only network. */
  needsNetwork?: true;
  /** Where its executable reports its version. */
  tellsVersion: 'anywhere' | 'on a display' | 'nowhere';
  /** Where it is installed when nobody names a browser. */
  installedByDefault: 'everywhere' | 'on Linux' | 'nowhere';
  /** Whether it is known to have RTCPeerConnection; the probe of a run says whether it really has. */
  peerConnection: 'yes' | 'unknown';
  /** For `doctor`. */
  notes: readonly string[];
}

/** Every kind of browser, in the order in which a matrix shows them. Their flags are in `harness/drivers/quirks`. */
const browsers = {
  chrome: {
    engine: 'chromium',
    product: 'Google Chrome',
    drivers: ['playwright', 'webdriverio'],
    verified: [],
    program: 'chromedriver',
    browserName: 'chrome',
    browserOptions: 'goog:chromeOptions',
    playwrightInstalls: 'chrome',
    places: {
      names: ['google-chrome', 'google-chrome-stable', 'chrome'],
      linux: ['/opt/google/chrome/chrome'],
      darwin: ['/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'],
      win32: ['Google\\Chrome\\Application\\chrome.exe'],
    },
    channels: {
      beta: {
        names: ['google-chrome-beta'],
        linux: ['/opt/google/chrome-beta/chrome'],
        darwin: ['/Applications/Google Chrome Beta.app/Contents/MacOS/Google Chrome Beta'],
        win32: ['Google\\Chrome Beta\\Application\\chrome.exe'],
      },
      dev: {
        names: ['google-chrome-unstable'],
        linux: ['/opt/google/chrome-unstable/chrome'],
        darwin: ['/Applications/Google Chrome Dev.app/Contents/MacOS/Google Chrome Dev'],
        win32: ['Google\\Chrome Dev\\Application\\chrome.exe'],
      },
      canary: {
        names: ['google-chrome-canary'],
        linux: ['/opt/google/chrome-canary/chrome'],
        darwin: ['/Applications/Google Chrome Canary.app/Contents/MacOS/Google Chrome Canary'],
        win32: ['Google\\Chrome SxS\\Application\\chrome.exe'],
      },
    },
    releases: {
      browser: 'chrome',
      channels: { stable: 'stable', beta: 'beta', dev: 'dev', canary: 'canary' },
      numbers: /^\d+(?:\.\d+\.\d+(?:\.\d+)?)?$/,
      whole: /^\d+(?:\.\d+){3}$/,
      example: '150 or 150.0.7871.100',
      list: 'https://googlechromelabs.github.io/chrome-for-testing/',
      mirror: 'PUPPETEER_CHROME_DOWNLOAD_BASE_URL',
      program: 'chromedriver',
    },
    packages: { brew: ['google-chrome'] },
    headless: true,
    tellsVersion: 'anywhere',
    installedByDefault: 'nowhere',
    peerConnection: 'yes',
    notes: [],
  },
  chromium: {
    engine: 'chromium',
    product: 'Chromium',
    drivers: ['playwright', 'webdriverio'],
    verified: ['playwright', 'webdriverio'],
    program: 'chromedriver',
    browserName: 'chrome',
    browserOptions: 'goog:chromeOptions',
    playwrightBuild: 'chromium',
    playwrightInstalls: 'chromium',
    places: {
      names: ['chromium', 'chromium-browser'],
      darwin: ['/Applications/Chromium.app/Contents/MacOS/Chromium'],
      win32: ['Chromium\\Application\\chrome.exe'],
    },
    packages: {
      'apt-get': ['chromium', 'chromium-browser'],
      dnf: ['chromium'],
      pacman: ['chromium'],
      brew: ['chromium'],
    },
    processes: ['chrom'],
    headless: true,
    tellsVersion: 'anywhere',
    installedByDefault: 'everywhere',
    peerConnection: 'yes',
    notes: [],
  },
  edge: {
    engine: 'chromium',
    product: 'Microsoft Edge',
    drivers: ['playwright', 'webdriverio'],
    verified: [],
    program: 'msedgedriver',
    browserName: 'MicrosoftEdge',
    browserOptions: 'ms:edgeOptions',
    playwrightInstalls: 'msedge',
    places: {
      names: ['microsoft-edge', 'microsoft-edge-stable'],
      linux: ['/opt/microsoft/msedge/msedge'],
      darwin: ['/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge'],
      win32: ['Microsoft\\Edge\\Application\\msedge.exe'],
    },
    channels: {
      beta: {
        names: ['microsoft-edge-beta'],
        linux: ['/opt/microsoft/msedge-beta/msedge'],
        darwin: ['/Applications/Microsoft Edge Beta.app/Contents/MacOS/Microsoft Edge Beta'],
        win32: ['Microsoft\\Edge Beta\\Application\\msedge.exe'],
      },
      dev: {
        names: ['microsoft-edge-dev'],
        linux: ['/opt/microsoft/msedge-dev/msedge'],
        darwin: ['/Applications/Microsoft Edge Dev.app/Contents/MacOS/Microsoft Edge Dev'],
        win32: ['Microsoft\\Edge Dev\\Application\\msedge.exe'],
      },
      canary: {
        names: [],
        darwin: ['/Applications/Microsoft Edge Canary.app/Contents/MacOS/Microsoft Edge Canary'],
        win32: ['Microsoft\\Edge SxS\\Application\\msedge.exe'],
      },
    },
    packages: { brew: ['microsoft-edge'] },
    headless: true,
    tellsVersion: 'anywhere',
    installedByDefault: 'nowhere',
    peerConnection: 'yes',
    notes: [],
  },
  firefox: {
    engine: 'gecko',
    product: 'Firefox',
    drivers: ['playwright', 'webdriverio'],
    // geckodriver is not in Debian: its tests are skipped where it was not built.
    verified: ['playwright', 'webdriverio'],
    program: 'geckodriver',
    browserName: 'firefox',
    browserOptions: 'moz:firefoxOptions',
    playwrightBuild: 'firefox',
    playwrightInstalls: 'firefox',
    places: {
      names: ['firefox', 'firefox-esr'],
      darwin: ['/Applications/Firefox.app/Contents/MacOS/firefox'],
      win32: ['Mozilla Firefox\\firefox.exe'],
    },
    channels: {
      beta: { names: ['firefox-beta'] },
      dev: {
        names: ['firefox-devedition', 'firefox-developer-edition'],
        darwin: ['/Applications/Firefox Developer Edition.app/Contents/MacOS/firefox'],
        win32: ['Firefox Developer Edition\\firefox.exe'],
      },
      nightly: {
        names: ['firefox-nightly'],
        darwin: ['/Applications/Firefox Nightly.app/Contents/MacOS/firefox'],
        win32: ['Firefox Nightly\\firefox.exe'],
      },
    },
    releases: {
      browser: 'firefox',
      channels: {
        stable: 'stable',
        esr: 'esr',
        beta: 'beta',
        dev: 'devedition',
        nightly: 'nightly',
      },
      numbers: /^\d+(?:\.\d+){0,2}(?:a1|b\d+|esr)?$/,
      whole: /./,
      channelInBuild: true,
      example: '150, 150.0.1 or 153.7.0esr',
      list: 'https://product-details.mozilla.org/1.0/',
      mirror: 'PUPPETEER_FIREFOX_DOWNLOAD_BASE_URL',
    },
    packages: {
      'apt-get': ['firefox-esr', 'firefox'], // Debian's name, then Ubuntu's.
      dnf: ['firefox'],
      pacman: ['firefox'],
      brew: ['firefox'],
    },
    processes: ['firefox'],
    headless: true,
    needsAudioServer: true,
    needsNetwork: true,
    tellsVersion: 'anywhere',
    installedByDefault: 'everywhere',
    peerConnection: 'yes',
    notes: [],
  },
  safari: {
    engine: 'webkit',
    product: 'Safari',
    drivers: ['webdriverio'],
    verified: [],
    program: 'safaridriver',
    browserName: 'safari',
    places: { names: [], darwin: ['/Applications/Safari.app/Contents/MacOS/Safari'] },
    channels: {
      preview: {
        names: [],
        darwin: ['/Applications/Safari Technology Preview.app/Contents/MacOS/Safari Technology Preview'],
      },
    },
    packages: {},
    headless: false,
    tellsVersion: 'nowhere',
    installedByDefault: 'nowhere',
    peerConnection: 'yes',
    notes: ['macOS only; one session at a time: a pair with itself is two windows of it'],
  },
  webkit: {
    engine: 'webkit',
    product: 'Playwright WebKit',
    drivers: ['playwright'],
    verified: [],
    playwrightBuild: 'webkit',
    playwrightInstalls: 'webkit',
    places: { names: [] },
    packages: {},
    headless: true,
    tellsVersion: 'anywhere',
    installedByDefault: 'nowhere',
    peerConnection: 'yes',
    notes: [],
  },
  webkitgtk: {
    engine: 'webkit',
    product: 'WebKitGTK MiniBrowser',
    drivers: ['webdriverio'],
    verified: ['webdriverio'],
    program: 'WebKitWebDriver',
    browserName: 'MiniBrowser',
    browserOptions: 'webkitgtk:browserOptions',
    places: { names: ['MiniBrowser'], besideWebKit: 'MiniBrowser' },
    packages: { 'apt-get': ['webkit2gtk-driver'], dnf: ['webkit2gtk4.1'], pacman: ['webkit2gtk-4.1'] },
    processes: ['MiniBrowser', 'WebKit'],
    headless: false,
    tellsVersion: 'on a display',
    installedByDefault: 'on Linux',
    peerConnection: 'unknown',
    notes: ['Debian builds it without RTCPeerConnection: its pairs are unsupported'],
  },
} as const satisfies Record<string, BrowserFacts>;

export type BrowserKind = keyof typeof browsers;

export const isBrowserKind = (name: string): name is BrowserKind => Object.hasOwn(browsers, name);

/** Its release channels other than the stable one. */
export const channelsOf = (kind: BrowserKind): readonly ChannelName[] =>
  channelNames.filter((name) => factsOf(kind).channels?.[name] !== undefined);

/** Kinds whose releases can be downloaded. */
export const releasedKinds = (): readonly BrowserKind[] =>
  browserKinds.filter((kind) => factsOf(kind).releases !== undefined);

/**
 * What is wrong with asking for a version of a kind; undefined if nothing is.
 * @param version a number or a release channel
 */
export function versionProblem(kind: BrowserKind, version: string): string | undefined {
  const { releases } = factsOf(kind);
  if (releases === undefined)
    return `no versions of ${kind} can be had: ${releasedKinds().join(' and ')} have them`;
  const channels = Object.keys(releases.channels);
  if (channels.includes(version) || releases.numbers.test(version)) return undefined;
  return `${kind} has ${channels.join(', ')} and versions such as ${releases.example}`;
}

export const browserKinds: readonly BrowserKind[] = Object.keys(browsers).filter(isBrowserKind);

/** What is known about a kind. */
export const factsOf = (kind: BrowserKind): BrowserFacts => browsers[kind];

/** A product that is known only by its user agent string: see `harness/peers/user-agent.ts`. */
export interface Product {
  /** What its user agent string contains; the first group is the version. */
  word: RegExp;
  product: string;
  engine: PeerEngine;
}

/** Products by their word in a user agent string, the most specific first: each also has the words of those after it. */
export const products: readonly Product[] = [
  { word: /CriOS\/([\d.]+)/, product: 'Chrome on iOS', engine: 'webkit' },
  { word: /FxiOS\/([\d.]+)/, product: 'Firefox on iOS', engine: 'webkit' },
  { word: /EdgiOS\/([\d.]+)/, product: 'Edge on iOS', engine: 'webkit' },
  { word: /EdgA?\/([\d.]+)/, product: 'Microsoft Edge', engine: 'chromium' },
  { word: /SamsungBrowser\/([\d.]+)/, product: 'Samsung Internet', engine: 'chromium' },
  { word: /OPR\/([\d.]+)/, product: 'Opera', engine: 'chromium' },
  { word: /QtWebEngine\/([\d.]+)/, product: 'Qt WebEngine', engine: 'chromium' },
  { word: /HeadlessChrome\/([\d.]+)/, product: 'Chrome', engine: 'chromium' },
  { word: /Chrome\/([\d.]+)/, product: 'Chrome', engine: 'chromium' },
  { word: /Firefox\/([\d.]+)/, product: 'Firefox', engine: 'gecko' },
  { word: /Version\/([\d.]+).* Safari\//, product: 'Safari', engine: 'webkit' },
  { word: /AppleWebKit\/([\d.]+)/, product: 'WebKit', engine: 'webkit' },
];

/** Stands for a user agent string with none of these words. */
export const unknownProduct: Product = { word: /^/, product: 'a browser', engine: 'webkit' };
