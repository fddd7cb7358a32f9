import type { DriverName, DrivenSpec, UndrivenKind } from '../config/browser-spec.ts';
import type { PeerEngine } from '../config/browsers.ts';
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
   * What ended, if not the browser or the program that drives it: the process of one page, which is the browser's fault, or
   * a helper that the browser needs (its display, its audio server), which is the machine's.
   */
  of?: 'page' | 'helper';
  /** The last lines that the browser or its driver program wrote, if the driver sees them. */
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
  /** Show a window if the browser can; default: headless. */
  headed: boolean;
  /** Give up after this many milliseconds; the error then has code `launch-timeout`. */
  timeoutMs: number;
  /** Default `usual`. */
  launch?: Launch;
  /** Nobody needs it any more: takes back the request for a session that a server has not given yet. */
  signal?: AbortSignal;
}

/** What the driver knows of a running browser; goes into `browsers[]` of the result. */
export interface BrowserDetails {
  engine: PeerEngine;
  /** The product's own name, e.g. `Chromium`, `Firefox ESR`, `WebKitGTK MiniBrowser`. */
  product: string;
  /** The product's full version, e.g. `156.0.8078.79`. */
  version: string;
  driver: { name: DriverName | UndrivenKind; version: string };
  /** Flags that the harness gave the browser; they change verdicts, so they belong in the results. */
  launchArgs: string[];
  /** Preferences the harness set, by name. */
  prefs: Record<string, string | number | boolean>;
  /** Whether WebDriver BiDi is spoken, which tells the console page by page; absent under Playwright. */
  bidi?: 'spoken' | 'unreached' | 'not offered';
  /** Each flag, preference or helper process with the reason for it. */
  reasons: { setting: string; reason: string; url?: string }[];
}

/** A page that the driver opened. Commands to it go over the page's own socket, not through the driver. */
export interface DriverPage {
  /** A PNG of what the page shows now. */
  screenshot(): Promise<Buffer>;
  /** What the page wrote to its console since it was opened, across navigations, as the driver saw it. */
  console(): Promise<DriverConsoleEntry[]>;
  /** Resolves when the page's process ends while the browser lives; never if that cannot be seen. */
  readonly died: Promise<Exit>;
  /**
   * How the page's process ended, where the driver tells that only to those who ask. Undefined if it lives, or if that cannot
   * be known. Ask only about a page that has gone: WebDriver servers may end a session once they tell of a crash in it.
   */
  crash(): Promise<Exit | undefined>;
  /** Closes the page. Never rejects: a page that is gone counts as closed. */
  close(): Promise<void>;
}

/** A running browser. A driver does four things: start it, open a URL, say whether it is alive, collect what it left. */
export interface RunningBrowser {
  readonly details: BrowserDetails;
  /** The browser's (or, where that cannot be known, its driver's) process id; absent for a remote endpoint. */
  readonly pid?: number;
  /** The most pages it can show at once (WebDriver servers of one session: windows of it). */
  readonly maxPages: number;
  /** Opens a URL in a window of its own, so that no page is a background tab of another. */
  open(url: string): Promise<DriverPage>;
  /** Whether the browser is alive: its process exists and is not a zombie, its session answers. */
  isAlive(): Promise<boolean>;
  /**
   * Which of its processes is stopped (SIGSTOP), in words: then it partly hangs, although pages and driver may answer.
   * Undefined if none is, or if it runs on another machine.
   */
  stopped(): Promise<string | undefined>;
  /**
   * Which of the processes that every page needs was started again in the last `ms` milliseconds because it had ended, in
   * words. Undefined if none was, or if that cannot be known.
   */
  replaced(ms: number): Promise<string | undefined>;
  /** Resolves when the browser has ended, on request or by itself. */
  readonly exited: Promise<Exit>;
  /** Ends it, by force after a short grace period (also when it is stopped by SIGSTOP). Resolves when no process is left. */
  close(): Promise<Exit>;
}

/** Starts browsers of some kinds. */
export interface Driver {
  readonly name: 'playwright' | 'webdriverio';
  /** Starts a browser. @throws {LaunchError} if it cannot, which says why and what to do */
  start(browser: DrivenSpec, options: LaunchOptions): Promise<RunningBrowser>;
}
