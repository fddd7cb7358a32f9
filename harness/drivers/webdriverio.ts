import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { factsOf, type DriverProgram } from '../config/browsers.ts';
import { endpointOf, type Endpoint } from '../config/endpoint.ts';
import type { DrivenSpec } from '../config/browser-spec.ts';
import { within } from '../within.ts';
import { Deadline, settlesWithin, until } from './deadline.ts';
import type { BrowserDetails, Driver, DriverPage, Exit, LaunchOptions, RunningBrowser } from './driver.ts';
import { findDriverProgram, isExecutable } from './executables.ts';
import { ExitWatch, exitOf, sessionLost, unseenExit } from './exit.ts';
import { Family } from './family.ts';
import { endpointError, expectServer } from './endpoint-errors.ts';
import { findBrowser, type FoundBrowser } from './find-browser.ts';
import { fromLaunch } from './from-launch.ts';
import { driverDoesNotKnow, driverNotFound, launchError, openFailed } from './launch-errors.ts';
import { packageVersion } from './package-version.ts';
import { listProcesses, processLives } from './processes.ts';
import { surroundingsOf, watchHelpers, type Surroundings } from './surroundings.ts';
import { saysMs, versionOf } from './version.ts';
import { unlessNoSlotFits } from './slot-watch.ts';
import { requestFor, type SessionRequest } from './webdriver-request.ts';
import { startWebDriverServer, type WebDriverServer } from './webdriver-server.ts';
import { WebDriverSession } from './webdriver-session.ts';

/** How long a browser may take to end by itself before it is killed. */
const graceMs = 3000;
/** How often a browser that is not our child is checked. */
const watchMs = 200;

/** Chrome, Chromium, Edge, Firefox, Safari and WebKitGTK by their driver programs, and any WebDriver endpoint. */
export const webdriverioDriver: Driver = {
  name: 'webdriverio',
  start(spec, options) {
    return spec.endpoint === undefined ? startHere(spec, options) : startThere(spec, spec.endpoint, options);
  },
};

async function startHere(spec: DrivenSpec, options: LaunchOptions): Promise<RunningBrowser> {
  const program = factsOf(spec.kind).program;
  if (program === undefined) throw driverDoesNotKnow(spec, 'webdriverio', 'playwright');
  const browser = await findBrowser(spec);
  const executable = browser.path;
  const path = spec.driverProgram ?? (await programOf(spec, program, browser));
  if (path === undefined || !(await isExecutable(path))) throw driverNotFound(spec, program);
  const found = { ...spec, executable };
  const request = requestFor(found, options);
  const deadline = new Deadline(options.timeoutMs);
  const family = await Family.create();
  let surroundings: Surroundings | undefined;
  let server: WebDriverServer | undefined;
  try {
    surroundings = await surroundingsOf(spec, options);
    const env = family.env({ ...surroundings.env, ...ownFolders(spec, family), ...spec.env });
    const said = tellsVersion(spec) ? versionOf(executable, { env, ms: saysMs }) : undefined;
    const driverSaid = program === 'WebKitWebDriver' ? undefined : versionOf(path, { env, ms: saysMs });
    server = await startWebDriverServer(program, path, family, env, deadline.leftMs);
    const here = { url: server.url, headers: {} };
    const session = await sessionOf(found, here, request, deadline, { family });
    const details = await detailsOf(session, request, (await said)?.product, [
      ...surroundings.reasons,
      { setting: `${program} ${(await driverSaid)?.version ?? ''}`.trim(), reason: 'It drives the browser.' },
    ]);
    const pid = await pidOf(session, server);
    return new WebDriverBrowser({
      spec,
      session,
      details,
      options,
      local: { pid, program, family, surroundings, server },
    });
  } catch (error) {
    await Promise.all([family.end(), surroundings?.release()]);
    throw launchError(found, deadline, server?.log.text ?? '', error);
  }
}

async function startThere(
  spec: DrivenSpec,
  endpoint: string,
  options: LaunchOptions,
): Promise<RunningBrowser> {
  const server = endpointOf(endpoint);
  const request = requestFor(spec, options);
  const deadline = new Deadline(options.timeoutMs);
  try {
    await expectServer(spec, server);
    const session = await sessionOf(spec, server, request, deadline, options);
    session.endWithUs();
    const details = await detailsOf(session, request);
    return new WebDriverBrowser({ spec, session, details, options });
  } catch (error) {
    throw await endpointError(spec, server, deadline, error);
  }
}

/**
 * Safari Technology Preview brings a driver program of its own, which drives nothing else. A downloaded release has the one of
 * its own build, or none: any other would refuse it.
 */
async function programOf(
  { kind, version }: DrivenSpec,
  program: DriverProgram,
  { path, driverProgram }: FoundBrowser,
): Promise<string | undefined> {
  if (version !== undefined && factsOf(kind).releases?.program === program) return driverProgram;
  const beside = join(dirname(path), program);
  return program === 'safaridriver' && (await isExecutable(beside)) ? beside : findDriverProgram(program);
}

/** Safari opens a window whatever it is started with, and never ends; MiniBrowser needs a display to say anything. */
const tellsVersion = ({ kind }: DrivenSpec): boolean => factsOf(kind).tellsVersion === 'anywhere';

const isMiniBrowser = ({ kind }: DrivenSpec): boolean => factsOf(kind).program === 'WebKitWebDriver';

/** MiniBrowser knows no profile: without these it would read and write the user's own data. */
const ownFolders = (spec: DrivenSpec, { directory }: Family): Record<string, string> =>
  isMiniBrowser(spec)
    ? { XDG_CACHE_HOME: directory, XDG_CONFIG_HOME: directory, XDG_DATA_HOME: directory }
    : {};

async function sessionOf(
  spec: DrivenSpec,
  server: Endpoint,
  request: SessionRequest,
  deadline: Deadline,
  { family, signal }: { family?: Family; signal?: AbortSignal },
): Promise<WebDriverSession> {
  const created = WebDriverSession.create(server, request.capabilities, deadline.totalMs, signal);
  const inTime = within(deadline.leftMs, 'a session', created);
  try {
    if (family === undefined) return await unlessNoSlotFits(spec, server, request.capabilities, inTime);
    return await (isMiniBrowser(spec) ? unlessLost(family, inTime) : inTime);
  } catch (error) {
    created.then((session) => session.delete()).catch(() => undefined); // Nobody waits for it any more.
    throw error;
  }
}

/** WebKitWebDriver waits forever for a MiniBrowser that has ended; then only the driver is left of the family. */
async function unlessLost<T>(family: Family, session: Promise<T>): Promise<T> {
  let waiting = true;
  let alone = 0;
  const lost = until(
    async () => {
      alone = waiting && (await family.members()).length <= 1 ? alone + 1 : 0;
      return !waiting || alone >= 10;
    },
    { ms: Number.POSITIVE_INFINITY, everyMs: watchMs },
  ).then((): never => {
    throw new Error('it ended at once');
  });
  try {
    return await Promise.race([session, lost]);
  } finally {
    waiting = false;
    lost.catch(() => undefined); // This mattered only while the session was awaited.
  }
}

async function detailsOf(
  session: WebDriverSession,
  request: SessionRequest,
  said?: string,
  reasons: BrowserDetails['reasons'] = [],
): Promise<BrowserDetails> {
  const version = session.capability('browserVersion');
  return {
    engine: request.engine,
    product: said ?? request.product,
    version: typeof version === 'string' && version !== '' ? version : 'unknown',
    driver: { name: 'webdriverio', version: await packageVersion('webdriver') },
    launchArgs: request.args,
    prefs: request.prefs,
    bidi: session.bidi,
    reasons: [...request.reasons, ...reasons],
  };
}

/** The browser's process: the one that the session names, else the program that the driver started. */
async function pidOf(session: WebDriverSession, server: WebDriverServer): Promise<number> {
  for (const name of ['goog:processID', 'moz:processID', 'ms:processID']) {
    const told = session.capability(name);
    if (typeof told === 'number') return told;
  }
  const all = await listProcesses();
  return all.find(({ parent, zombie }) => parent === server.pid && !zombie)?.pid ?? server.pid;
}

/** What belongs to a browser on this machine besides its session. */
interface Local {
  pid: number;
  program: DriverProgram;
  family: Family;
  surroundings: Surroundings;
  server: WebDriverServer;
}

class WebDriverBrowser implements RunningBrowser {
  readonly details: BrowserDetails;
  readonly pid?: number;
  readonly maxPages: number;
  readonly exited: Promise<Exit>;
  readonly #id: string;
  readonly #session: WebDriverSession;
  readonly #options: LaunchOptions;
  readonly #local: Local | undefined;
  /** macOS suspends pages of windows that are covered, and a capture in one page of Safari mutes those of the others. */
  readonly #isSafari: boolean;
  readonly #watch = new ExitWatch();
  readonly #report: (exit: Exit) => void;
  readonly #stopWatching: () => void;
  #closing: Promise<Exit> | undefined;

  constructor(started: {
    spec: DrivenSpec;
    session: WebDriverSession;
    details: BrowserDetails;
    options: LaunchOptions;
    local?: Local;
  }) {
    this.#id = started.spec.id;
    this.#session = started.session;
    this.details = started.details;
    this.#options = started.options;
    this.#local = started.local;
    if (started.local !== undefined) this.pid = started.local.pid;
    this.#isSafari = factsOf(started.spec.kind).program === 'safaridriver';
    this.maxPages = this.#isSafari ? 2 : 16;
    this.exited = this.#watch.exited;
    const { surroundings, server } = started.local ?? {};
    const report = (exit: Exit): void =>
      this.#watch.report(server === undefined ? exit : { ...exit, lastWords: server.log.text });
    this.#report = surroundings === undefined ? report : watchHelpers(surroundings, this.#id, report);
    const watches = [
      ...(started.local === undefined ? [] : [this.#watchProcesses(started.local)]),
      // Safari ends sessions by itself, and it and its driver go on living.
      ...(started.local === undefined || this.#isSafari ? [this.#watchSession()] : []),
    ];
    this.#stopWatching = () => watches.forEach((stop) => stop());
  }

  async open(url: string): Promise<DriverPage> {
    const begun = performance.now();
    const limit = this.#options.timeoutMs;
    try {
      return await within(
        limit,
        'the page',
        this.#session.open(url, { processes: this.#webProcesses, sideBySide: this.#isSafari }),
      );
    } catch (error) {
      throw openFailed(this.#id, url, performance.now() - begun, error);
    }
  }

  async isAlive(): Promise<boolean> {
    if (this.#watch.seen) return false;
    if (this.#local === undefined) return this.#answers();
    // WebKitWebDriver may lose its session under a MiniBrowser that goes on living, and can open no page in it any more.
    return processLives(this.#local.pid) && processLives(this.#local.server.pid) && this.#answers();
  }

  async #answers(): Promise<boolean> {
    return (await this.#session.standing()) === 'alive';
  }

  async stopped(): Promise<string | undefined> {
    return this.#local?.family.stopped();
  }

  async replaced(ms: number): Promise<string | undefined> {
    return this.#local?.family.begunWithin(ms, fromLaunch[this.details.engine]);
  }

  /** WebKitGTK gives each window a process, which may die without its browser or its driver saying so. */
  get #webProcesses(): (() => Promise<number[]>) | undefined {
    const local = this.#local;
    if (local?.program !== 'WebKitWebDriver' || process.platform !== 'linux') return undefined;
    return async () => {
      const members = await local.family.members();
      const names = await Promise.all(
        // A process that ended meanwhile has no name any more.
        members.map(({ pid }) => readFile(`/proc/${String(pid)}/comm`, 'utf8').catch(() => '')),
      );
      return members.flatMap(({ pid }, index) => (names[index]?.startsWith('WebKitWebProc') ? [pid] : []));
    };
  }

  close(): Promise<Exit> {
    this.#closing ??= this.#close();
    return this.#closing;
  }

  async #close(): Promise<Exit> {
    const alive = await this.isAlive();
    if (!alive) this.#report(unseenExit(this.#what));
    this.#stopWatching();
    // A driver program waits for a dead browser; it is ended with it below. A far server has to be told in any case.
    if (alive || this.#local === undefined) await settlesWithin(graceMs, this.#session.delete());
    await this.#local?.family.end();
    await this.#local?.surroundings.release();
    this.#watch.report({ code: null, signal: null, description: `${this.#what} was closed.` });
    return this.exited;
  }

  get #what(): string {
    return this.#local === undefined
      ? `The session of ${this.#id}`
      : `${this.details.product} (process ${this.#local.pid})`;
  }

  #watchProcesses({ pid, program, server }: Local): () => void {
    let watching = true;
    void server.ended.then(({ code, signal }) => {
      if (!watching) return;
      this.#report(exitOf(`${program} (process ${server.pid}), which drives ${this.#id},`, code, signal));
      stop();
    });
    const timer = setInterval(() => {
      if (processLives(pid)) return;
      this.#report(unseenExit(this.#what));
      stop();
    }, watchMs);
    const stop = (): void => {
      watching = false;
      clearInterval(timer);
    };
    return stop;
  }

  /** One missing answer may be the network's fault; after two in a row the session is gone. */
  #watchSession(): () => void {
    let missed = 0;
    const timer = setInterval(() => {
      void this.#session.standing().then((standing) => {
        missed = standing === 'alive' ? 0 : missed + 1;
        if (standing !== 'ended' && missed < 2) return;
        this.#report(standing === 'ended' ? sessionLost(this.#id) : unseenExit(this.#what));
        clearInterval(timer);
      });
    }, 1000);
    return () => clearInterval(timer);
  }
}
