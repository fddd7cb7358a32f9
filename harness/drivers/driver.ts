import type { DriverName, DrivenSpec, UndrivenKind } from '../config/browser-spec.ts';
import type { Launch } from '../config/launch.ts';

/** How a browser's process ended, as far as the driver can know. */
export interface Exit {
  /** Exit code, or null when a signal ended it or nobody could see it. */
  code: number | null;
  /** The signal that ended it, e.g. `SIGKILL`, or null. */
  signal: string | null;
  /** One sentence for a person: what died, and how. */
  description: string;
  /**
   * What ended, where it was not the browser or the program that steers it: one page's process, which is the browser's
   * fault, or a helper that the browser needs (its display, its audio server), which is the machine's.
   */
  of?: 'page' | 'helper';
  /** The last lines that the browser or its driver program wrote, where the driver sees them. */
  lastWords?: string;
}

/** One line that a page wrote to its console, or an uncaught error in it. */
export interface DriverConsoleEntry {
  /** Milliseconds since the epoch. */
  at: number;
  /** `log`, `info`, `warning`, `error`, `debug` or `pageerror`. */
  level: string;
  text: string;
}

export interface LaunchOptions {
  /** Show a window where the browser can; the default is headless. */
  headed: boolean;
  /** Give up after this many milliseconds; the error then has code `launch-timeout`. */
  timeoutMs: number;
  /** Default `usual`. */
  launch?: Launch;
}

/** What the driver knows of a running browser; goes into `browsers[]` of the result. */
export interface BrowserDetails {
  engine: 'chromium' | 'gecko' | 'webkit';
  /** The product's own name, e.g. `Chromium`, `Firefox ESR`, `WebKitGTK MiniBrowser`. */
  product: string;
  /** The product's full version, e.g. `156.0.8078.79`. */
  version: string;
  driver: { name: DriverName | UndrivenKind; version: string };
  /** Flags the harness gave the browser; they change verdicts and so belong into the result. */
  launchArgs: string[];
  /** Preferences the harness set, by name. */
  prefs: Record<string, string | number | boolean>;
  /** Whether WebDriver BiDi is spoken, which tells the console page by page; absent under Playwright. */
  bidi?: 'spoken' | 'unreached' | 'not offered';
  /** Each flag, preference or helper process with the reason for it. */
  reasons: { setting: string; reason: string; url?: string }[];
}

/** A page that the driver opened. What the page is told goes over the page's own socket, not through here. */
export interface DriverPage {
  /** A PNG of what the page shows now. */
  screenshot(): Promise<Buffer>;
  /** What the page wrote to its console since it was opened, across navigations, as the driver saw it. */
  console(): Promise<DriverConsoleEntry[]>;
  /** Resolves when the page's process ends while the browser lives; never where nothing of the kind is seen. */
  readonly died: Promise<Exit>;
  /** Closes the page. Never rejects: a page that is gone is closed. */
  close(): Promise<void>;
}

/** A browser that runs. A driver does four things: start it, open a URL, say whether it lives, bring home what it left. */
export interface RunningBrowser {
  readonly details: BrowserDetails;
  /** The browser's (or, where that cannot be known, its driver's) process id; absent for a remote endpoint. */
  readonly pid?: number;
  /** Most pages it can show at once (WebDriver servers of one session: windows of it). */
  readonly maxPages: number;
  /** Opens a URL in a window of its own, so that no page is a background tab of another. */
  open(url: string): Promise<DriverPage>;
  /** Whether the browser lives: a process that exists and is not a zombie, a session that answers. */
  isAlive(): Promise<boolean>;
  /**
   * Which of its processes is stopped (SIGSTOP), in words: it hangs in part, though pages and driver may answer.
   * Undefined where none is, or where it runs on another machine.
   */
  stopped(): Promise<string | undefined>;
  /**
   * Which of its processes, without which no page works, was started anew in the last `ms` milliseconds because it had
   * ended, in words. Undefined where none was, or nobody can tell.
   */
  replaced(ms: number): Promise<string | undefined>;
  /** Resolves once, when the browser has ended, wanted or not. */
  readonly exited: Promise<Exit>;
  /** Ends it, by force after a short grace period (also when it is stopped by SIGSTOP). Resolves when no process is left. */
  close(): Promise<Exit>;
}

/** Starts browsers of some kinds. */
export interface Driver {
  readonly name: 'playwright' | 'webdriverio';
  /** Whether this driver can start that browser here; if not, why, and what to do. */
  start(browser: DrivenSpec, options: LaunchOptions): Promise<RunningBrowser>;
}
