import type { ChildProcess } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { chromium, errors, firefox, webkit } from 'playwright';
import type { Browser, BrowserType, Page } from 'playwright';
import { factsOf, type BrowserKind } from '../config/browsers.ts';
import type { DrivenSpec } from '../config/browser-spec.ts';
import { HarnessError, messageOf } from '../errors.ts';
import { ConsoleLog } from './console-log.ts';
import { UnderWay } from '../under-way.ts';
import { DeadlineError, within } from '../within.ts';
import { Deadline, settlesWithin } from './deadline.ts';
import type { BrowserDetails, Driver, DriverPage, Exit, LaunchOptions, RunningBrowser } from './driver.ts';
import type { Executable } from './executables.ts';
import { ExitWatch, exitOf } from './exit.ts';
import { Family } from './family.ts';
import { findBrowser } from './find-browser.ts';
import { fromLaunch } from './from-launch.ts';
import { driverDoesNotKnow, launchError, launchFailed, launchTimeout, openFailed } from './launch-errors.ts';
import { LogTail } from './log-tail.ts';
import { packageVersion } from './package-version.ts';
import { processLives } from './processes.ts';
import { chromiumQuirks } from './quirks/chromium.ts';
import { firefoxQuirks } from './quirks/firefox.ts';
import { hearOfNoRequests, leaveDocumentsAlone } from './quirks/playwright.ts';
import { settingsOf, userSettings, type Quirk, type Settings } from './quirks/quirk.ts';
import { reapDirectory } from './reaper.ts';
import { surroundingsOf, watchHelpers, type Surroundings } from './surroundings.ts';
import { tellingOfChildren } from './spawned.ts';
import { saysMs, versionOf } from './version.ts';

/** How long a browser may take to end by itself before it is killed. */
const graceMs = 3000;
const screenshotMs = 10_000;

interface Engine {
  type: BrowserType;
  quirks: Quirk[];
}

function engineOf({ kind, args, prefs }: DrivenSpec): Engine | undefined {
  const own = userSettings({ args, prefs });
  if (!factsOf(kind).drivers.includes('playwright')) return undefined;
  switch (factsOf(kind).engine) {
    case 'chromium':
      return { type: chromium, quirks: [...chromiumQuirks(), ...own] };
    case 'gecko':
      return { type: firefox, quirks: [...firefoxQuirks(), ...own] };
    case 'webkit':
      return { type: webkit, quirks: own };
  }
}

/** Chromium, Chrome, Edge, Firefox (its own build, and stock Firefox over WebDriver BiDi) and Playwright's WebKit. */
export const playwrightDriver: Driver = {
  name: 'playwright',
  async start(spec, options) {
    const engine = engineOf(spec);
    if (engine === undefined || spec.endpoint !== undefined)
      throw driverDoesNotKnow(spec, 'playwright', 'webdriverio');
    const executable = await findBrowser(spec);
    const found = { ...spec, executable: executable.path };
    const deadline = new Deadline(options.timeoutMs);
    const family = await Family.create();
    let surroundings: Surroundings | undefined;
    try {
      surroundings = await surroundingsOf(spec, options);
      const env = family.env({ ...surroundings.env, ...spec.env });
      const said =
        executable.source === 'system' ? versionOf(executable.path, { env, ms: saysMs }) : undefined;
      const launched = await launch({ spec: found, engine, executable, env, family, options, deadline });
      const details = await detailsOf(
        spec.kind,
        settingsOf(engine.quirks, options.launch),
        (await said)?.product,
        launched,
        surroundings,
      );
      return new PlaywrightBrowser({ spec, launched, details, family, surroundings, options });
    } catch (error) {
      await Promise.all([family.end(), surroundings?.release()]);
      throw launchError(found, deadline, '', error);
    }
  },
};

/** A browser, and its process, which Playwright does not expose. */
interface Launched {
  browser: Browser;
  child: ChildProcess;
}

/**
 * A plain launch, because Playwright's server reveals its secret address to every user of the machine (`GET /json`), who
 * can then read files as the user who runs it. Chromium and Playwright's own builds are driven over a pipe.
 */
async function launch({
  spec,
  engine: { type, quirks },
  executable: { path, source },
  env,
  family,
  options,
  deadline,
}: {
  spec: DrivenSpec;
  engine: Engine;
  executable: Executable;
  env: Record<string, string>;
  family: Family;
  options: LaunchOptions;
  deadline: Deadline;
}): Promise<Launched> {
  const { args, prefs } = settingsOf(quirks, options.launch);
  let child: ChildProcess | undefined;
  const take = (started: ChildProcess): void => {
    started.once('spawn', () => {
      if (started.spawnfile !== path || started.pid === undefined) return;
      child = started;
      family.adopt(started.pid);
      for (const profile of profilesIn(started.spawnargs)) reapDirectory(profile);
    });
  };
  const start = (): Promise<Browser> =>
    type.launch({
      // Playwright's own Firefox and WebKit are patched for its protocol; any other Firefox is driven over BiDi.
      ...(factsOf(spec.kind).engine === 'gecko' && source === 'system' ? { channel: 'moz-firefox' } : {}),
      executablePath: path,
      headless: !options.headed,
      args,
      firefoxUserPrefs: prefs,
      chromiumSandbox: !args.includes('--no-sandbox'),
      artifactsDir: family.directory,
      env,
      // The harness ends its browsers itself, in order.
      handleSIGINT: false,
      handleSIGTERM: false,
      handleSIGHUP: false,
      timeout: deadline.leftMs,
    });
  const launched = tellingOfChildren(take, start);
  try {
    // Playwright's own limit does not cover the clean-up after it, so it gets a second more.
    const browser = await within(deadline.leftMs + 1000, 'Playwright to launch it', launched);
    await within(deadline.leftMs, 'the driver to stop telling of requests', hearOfNoRequests(browser));
    if (child === undefined) throw new Error(`Playwright started no process of ${path}`);
    return { browser, child };
  } catch (error) {
    launched
      .then(
        (late) => late.close(),
        () => undefined, // This failure is the one that is being reported.
      )
      .catch(() => undefined); // The family ends what close() could not.
    if (error instanceof DeadlineError) throw error;
    const tail = lastWords(messageOf(error));
    if (error instanceof errors.TimeoutError) throw launchTimeout(spec, options.timeoutMs, tail);
    throw launchFailed(spec, deadline.spentMs, tail, error);
  }
}

const profilesIn = (args: readonly string[]): string[] =>
  args.flatMap((arg) =>
    /playwright_\w+dev_profile-\w+$/.test(arg) ? [arg.replace(/^--user-data-dir=/, '')] : [],
  );

/**
 * Playwright puts what the browser wrote into its error, as `[pid=7][err] text`, among much of its own. Of that, a command
 * that the browser does not know is the cause.
 */
function lastWords(message: string): string {
  const tail = new LogTail();
  const [refused] = /Protocol error \([\w.]+\): .*/.exec(message) ?? [];
  if (refused !== undefined) tail.add(`${refused}\n`);
  const written = message.match(/(?<=\[pid=\d+\]\[(?:err|out)\] ).*|process did exit: [^>]*/g);
  tail.add(written === null ? message.split('\n', 1).join() : [...new Set(written)].join('\n'));
  return tail.text;
}

async function detailsOf(
  kind: BrowserKind,
  { prefs, reasons }: Settings,
  said: string | undefined,
  { browser, child }: Launched,
  surroundings: Surroundings,
): Promise<BrowserDetails> {
  const { engine, product } = factsOf(kind);
  return {
    engine,
    product: said ?? product,
    version: browser.version(),
    driver: { name: 'playwright', version: await packageVersion('playwright') },
    launchArgs: shown(child.spawnargs.slice(1)),
    prefs,
    reasons: [
      ...reasons,
      ...surroundings.reasons,
      {
        setting: 'other flags',
        reason: 'Playwright starts every browser of this kind with them.',
        url: 'https://github.com/microsoft/playwright/tree/main/packages/playwright-core/src/server',
      },
    ],
  };
}

/** All flags except those that differ each time. */
const shown = (args: readonly string[]): string[] =>
  args.filter(
    (arg, index) =>
      !arg.startsWith('--user-data-dir=') &&
      !/^--?profile$/.test(arg) &&
      !/^--?profile$/.test(args[index - 1] ?? ''),
  );

class PlaywrightBrowser implements RunningBrowser {
  readonly details: BrowserDetails;
  readonly pid?: number;
  readonly maxPages = 64;
  readonly exited: Promise<Exit>;
  readonly #id: string;
  readonly #browser: Browser;
  readonly #profiles: readonly string[];
  readonly #family: Family;
  readonly #surroundings: Surroundings;
  readonly #options: LaunchOptions;
  /** In Playwright 1.64 a page that waits for its renderer stays pending forever when the browser ends. */
  readonly #opening = new UnderWay();
  #closing: Promise<Exit> | undefined;

  constructor(started: {
    spec: DrivenSpec;
    launched: Launched;
    details: BrowserDetails;
    family: Family;
    surroundings: Surroundings;
    options: LaunchOptions;
  }) {
    const { spec, launched, details } = started;
    const { browser, child } = launched;
    this.#id = spec.id;
    this.#browser = browser;
    this.#profiles = profilesIn(child.spawnargs);
    this.details = details;
    this.#family = started.family;
    this.#surroundings = started.surroundings;
    this.#options = started.options;
    if (child.pid !== undefined) this.pid = child.pid;
    const watch = new ExitWatch();
    this.exited = watch.exited;
    void this.exited.then(({ description }) =>
      this.#opening.end(new HarnessError('browser-ended', description)),
    );
    const log = new LogTail();
    log.follow(child.stdout);
    log.follow(child.stderr);
    const tell = watchHelpers(started.surroundings, spec.id, (exit) =>
      watch.report({ ...exit, lastWords: log.text }),
    );
    const report = (code: number | null, signal: string | null): void =>
      tell(exitOf(`${details.product} (process ${child.pid})`, code, signal));
    if (child.exitCode !== null || child.signalCode !== null) report(child.exitCode, child.signalCode);
    else child.once('exit', report);
  }

  async open(url: string): Promise<DriverPage> {
    const begun = performance.now();
    const limit = this.#options.timeoutMs;
    try {
      return await within(limit, 'the page', this.#opening.orEnd(this.#open(url)));
    } catch (error) {
      throw openFailed(this.#id, url, performance.now() - begun, error);
    }
  }

  /** A context of its own is a window of its own. */
  async #open(url: string): Promise<DriverPage> {
    const context = await this.#browser.newContext({ ignoreHTTPSErrors: true });
    try {
      const page = await context.newPage();
      leaveDocumentsAlone(page);
      const opened = new PlaywrightPage(page, this.#id);
      await page.goto(url, { waitUntil: 'commit', timeout: this.#options.timeoutMs });
      return opened;
    } catch (error) {
      await settlesWithin(graceMs, context.close());
      throw error;
    }
  }

  async isAlive(): Promise<boolean> {
    return this.pid !== undefined && processLives(this.pid);
  }

  stopped(): Promise<string | undefined> {
    return this.#family.stopped();
  }

  replaced(ms: number): Promise<string | undefined> {
    return this.#family.begunWithin(ms, fromLaunch[this.details.engine]);
  }

  close(): Promise<Exit> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<Exit> {
    await settlesWithin(graceMs, this.#browser.close());
    await this.#family.end();
    // Playwright removes it too, but does not tell when it has.
    for (const profile of this.#profiles) await rm(profile, { recursive: true, force: true, maxRetries: 5 });
    await this.#surroundings.release();
    return this.exited;
  }
}

/** Firefox over BiDi provides no stack, and Playwright then writes `undefined` for it. */
const textOf = (error: Error): string => (error.stack ?? messageOf(error)).replace(/\nundefined$/, '');

class PlaywrightPage implements DriverPage {
  readonly #page: Page;
  readonly died: Promise<Exit>;
  readonly #log = new ConsoleLog();
  readonly #watch = new ExitWatch();

  /** @param id the browser's, for the description of an exit */
  constructor(page: Page, id: string) {
    this.#page = page;
    this.died = this.#watch.exited;
    page.on('console', (message) => {
      this.#log.add({ at: message.timestamp(), level: message.type(), text: message.text() });
    });
    page.on('pageerror', (error) => {
      this.#log.add({ at: Date.now(), level: 'pageerror', text: textOf(error) });
    });
    page.on('crash', () => {
      const description = `A page of ${id} crashed: its process ended.`;
      this.#log.add({ at: Date.now(), level: 'error', text: description });
      this.#watch.report({ code: null, signal: null, description, of: 'page' });
    });
  }

  screenshot(): Promise<Buffer> {
    return this.#page.screenshot({ timeout: screenshotMs });
  }

  async console() {
    return this.#log.entries();
  }

  /** Playwright reports crashes by itself. */
  async crash(): Promise<undefined> {
    return undefined;
  }

  async close(): Promise<void> {
    await settlesWithin(graceMs, this.#page.context().close());
  }
}
