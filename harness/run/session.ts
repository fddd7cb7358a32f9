import { startSignaling, type SignalingServer } from '../../fixtures/signaling/server.ts';
import { isDriven, type BrowserSpec } from '../config/browser-spec.ts';
import { launches, type Launch } from '../config/launch.ts';
import { signalingOf } from '../config/signaling.ts';
import { HarnessError, IncompleteError, messageOf, PeerGoneError } from '../errors.ts';
import { isAskedFor, type PlannedCell } from '../matrix/plan.ts';
import { originsOf, type Load, type Scenario } from '../matrix/scenario.ts';
import { Devices } from '../peers/devices.ts';
import { HostPool } from '../peers/host-pool.ts';
import { BrowserHost, type KnownDetails } from '../peers/host.ts';
import { servePeerPage } from '../peers/page-server.ts';
import { pairName } from '../results/pair-name.ts';
import type { Attempt, BrowserResult, Cell, Problem } from '../results/schema.ts';
import type { ResultStore } from '../results/store.ts';
import { everyCellOf } from '../results/stored-cell.ts';
import { DeadlineError } from '../within.ts';
import { boundsOf } from './admission.ts';
import { attemptCell, type AttemptOutcome } from './attempt.ts';
import { Blame, isRunAgain } from './blame.ts';
import { Browsers, type Variation } from './browsers.ts';
import { namesAsked, type Lack, type ProbedSide } from './capabilities.ts';
import type { ProcessorTime } from './processor.ts';
import { openEntrances } from './entrances.ts';
import { Keeper } from './keeper.ts';
import type { Lender } from './lender.ts';
import { defaultLimits, type Limits } from './limits.ts';
import { LoadMeter } from './load-meter.ts';
import type { Modules } from './modules.ts';
import type { RunEvents, RunOptions } from './options.ts';
import { cellOf, harnessFailed, leftOpen, notRun, unsupported, type Unstored } from './outcome.ts';
import { isInDoubt, judgedAlone } from './second-look.ts';
import type { Side } from './seats.ts';
import { RunningServices } from './services.ts';
import { startAny } from './start-browser.ts';
import { listenForErrors, type Watch } from './watch.ts';

export type { Variation } from './browsers.ts';

/** The start of a browser takes at most five seconds (Firefox), several times that on a busy machine. */
const launchMs = 60_000;

/** What a session is made of. */
export interface SessionParts {
  server: Pick<SignalingServer, 'call'>;
  hosts: readonly Lender[];
  /** The same browsers, for scenarios about them as shipped. */
  asShipped?: readonly Lender[];
  store: Pick<ResultStore, 'appendCell' | 'writeEvidence'>;
  scenarios: readonly Scenario[];
  modules: Pick<Modules, 'of'>;
  services: RunningServices;
  limits: Limits;
  /** What the processors have done; default: this machine's. */
  processorTime?: () => ProcessorTime;
  /** Ends what the session itself does not, e.g. the fixture. */
  close(): Promise<void>;
}

/** A cell that is not stored yet, because the machine's load may have decided its outcome. */
export interface InDoubt {
  inDoubt: Cell;
}

type SessionOptions = Pick<
  RunOptions,
  | 'scripts'
  | 'adapter'
  | 'pages'
  | 'pairs'
  | 'signal'
  | 'retries'
  | 'strict'
  | 'timeoutMs'
  | 'screenshots'
  | 'repro'
>;

/** An error that came too late for its cell. */
interface LateError {
  what: string;
  /** What was thrown, if it was. */
  error?: unknown;
}

/** One run's cells, one at a time or side by side: each ends in exactly one stored outcome. */
export class Session {
  readonly #options: SessionOptions;
  readonly #events: RunEvents;
  readonly #parts: SessionParts;
  readonly #keeper: Keeper;
  readonly #browsers: Readonly<Record<Launch, Browsers>>;
  readonly #scenarios: ReadonlyMap<string, Scenario>;
  /** Over each attempt, and over each cell from its probes on. */
  readonly #loadMeter: LoadMeter;
  readonly #cellMeter: LoadMeter;
  readonly #blame = new Blame();
  /** Ended attempts by their watch: a later error belongs to one of them. */
  readonly #ended = new WeakMap<Watch, Pick<Cell, keyof PlannedCell | 'status'>>();
  /** Errors that came after an attempt was sealed but before it was known to have ended. */
  readonly #early = new WeakMap<Watch, LateError[]>();
  readonly #stopListening: () => void;
  readonly #problems: Problem[] = [];
  /** An error that belongs to no cell; it ends the run. */
  #broken: { error: unknown } | undefined;

  constructor(options: SessionOptions, events: RunEvents, parts: SessionParts) {
    this.#options = options;
    this.#events = events;
    this.#parts = parts;
    this.#keeper = new Keeper(parts.store, parts.limits);
    this.#loadMeter = new LoadMeter(parts.processorTime);
    this.#cellMeter = new LoadMeter(parts.processorTime);
    const names = namesAsked(parts.scenarios);
    const browsersOf = (hosts: readonly Lender[]): Browsers =>
      new Browsers(hosts, names, options, events, parts.modules);
    this.#browsers = { usual: browsersOf(parts.hosts), 'as-shipped': browsersOf(parts.asShipped ?? []) };
    this.#scenarios = new Map(parts.scenarios.map((scenario) => [scenario.result.id, scenario]));
    this.#stopListening = listenForErrors({
      late: (watch, error) =>
        this.#late(watch, { what: `an error that nothing caught: ${messageOf(error)}`, error }),
      orphan: (error) => this.#orphan(error),
    });
    options.signal.addEventListener('abort', () => void this.#closeBrowsers());
  }

  /** Starts the fixture; browsers start with `started`, or with the first cell that needs them. */
  static async open(
    options: RunOptions,
    events: RunEvents,
    store: SessionParts['store'],
    scenarios: readonly Scenario[],
    modules: Modules,
  ): Promise<Session> {
    const own = [options.pages ?? {}, ...scenarios.map(({ pages }) => pages)].flatMap(originsOf);
    const server = await startSignaling({ allowedOrigins: [...new Set(own)] });
    let services = RunningServices.none;
    try {
      services = await RunningServices.start(options.services ?? {}, options.folder ?? process.cwd());
      const origins = await openEntrances(server, options);
      const pages = await servePeerPage(server, options.adapter);
      const devices = new Devices(server, pages.deviceScript, (wanted) => events.deviceWanted?.(wanted));
      options.signal.addEventListener('abort', () => devices.close());
      const { jobs, headed, browsers, cells, timeoutMs } = options;
      const needed = new Set(cells.flatMap(({ offerer, answerer }) => [offerer, answerer ?? offerer]));
      const oneOf = (spec: BrowserSpec, launch: Launch, sameAs?: KnownDetails): BrowserHost => {
        const at = pages.at(origins[signalingOf(spec)]);
        return new BrowserHost(spec, {
          server,
          pages: at,
          start: (browser, how) => startAny(browser, how, { devices, origin: at.origin }),
          headed,
          launch,
          ...(sameAs ? { sameAs } : {}),
          onStarted: (browser, afterMs) => events.browserStarted?.(spec.id, browser, afterMs),
          timeoutMs: Math.max(launchMs, timeoutMs),
          maxPages: boundsOf(jobs).pages,
        });
      };
      const hostOf = (spec: BrowserSpec, launch: Launch, sameAs?: KnownDetails): BrowserHost | HostPool =>
        spec.slots === undefined
          ? oneOf(spec, launch, sameAs)
          : new HostPool(spec, {
              slots: spec.slots,
              hostOf: (same) => oneOf(spec, launch, sameAs ?? same),
              onFewer: (error) => events.browserFailed?.(spec.id, error),
            });
      const hosts = browsers.filter(({ id }) => needed.has(id)).map((spec) => hostOf(spec, 'usual'));
      // a browser that we do not start has none of our flags: it is always as shipped
      const asShipped = hosts.map((host) =>
        isDriven(host.spec) ? hostOf(host.spec, 'as-shipped', host) : host,
      );
      const close = async (): Promise<void> => {
        devices.close();
        await server.close();
        await services.stop();
      };
      return new Session(options, events, {
        server,
        hosts,
        asShipped,
        store,
        scenarios,
        modules,
        services,
        limits: defaultLimits,
        close,
      });
    } catch (error) {
      await server.close();
      await services.stop();
      throw error;
    }
  }

  /** What a cell costs the machine. */
  loadOf({ scenario }: PlannedCell): Load {
    return this.#scenarios.get(scenario)?.load ?? 'light';
  }

  /** Starts the browsers of a cell, each once; resolves even if one will not start, which its cells report. */
  started(cell: PlannedCell, launch: Launch = this.launchOf(cell)): Promise<void> {
    return this.#browsers[launch].started(cell);
  }

  /** How the browsers of a cell are started. */
  launchOf({ scenario }: PlannedCell): Launch {
    return this.#scenarios.get(scenario)?.result.launch ?? 'usual';
  }

  /** Ends the browsers of one launch that no cell needs any more: all but those that a later launch has too. */
  async end(launch: Launch): Promise<void> {
    const later = launches.slice(launches.indexOf(launch) + 1);
    await this.#browsers[launch].close(later.flatMap((each) => this.#browsers[each].hosts));
  }

  async #closeBrowsers(): Promise<void> {
    await Promise.all(launches.map((launch) => this.#browsers[launch].close()));
  }

  /** Ends the browsers and the fixture; nothing is left running. */
  async close(): Promise<void> {
    await this.#closeBrowsers();
    await this.#parts.close();
    this.#stopListening();
  }

  /** Why results can no longer be stored, if so. */
  get storeError(): unknown {
    return this.#keeper.failure;
  }

  /** What went wrong that no cell reports. */
  get problems(): readonly Problem[] {
    return this.#problems;
  }

  /** The entry in the results for each browser that answered its probe. */
  browserResults(): BrowserResult[] {
    const usual = this.#browsers.usual.results();
    const asShipped = this.#browsers['as-shipped'].results();
    const only = asShipped.filter(({ id }) => !usual.some((browser) => browser.id === id));
    return [...usual, ...only].map((browser) => {
      const shipped = asShipped.find(({ id }) => id === browser.id);
      if (!shipped) return browser;
      return { ...browser, asShipped: { launchArgs: shipped.launchArgs, prefs: shipped.prefs } };
    });
  }

  /** Whether a browser of a cell was found to have no RTCPeerConnection. */
  cannotConnect(cell: PlannedCell): boolean {
    return this.#browsers[this.launchOf(cell)].cannotConnect(cell);
  }

  /**
   * Stores those cells of one pair whose sides cannot connect, as their probes prove, as one cell that stands for all. Never
   * rejects.
   * @param cells of one launch, each of another scenario
   * @returns those that were stored; the others have to be run
   */
  async recordTogether(cells: readonly PlannedCell[]): Promise<ReadonlySet<PlannedCell>> {
    const groups = new Map<string, { lack: Lack; cells: PlannedCell[] }>();
    for (const cell of cells) {
      const lack = await this.#unconnected(cell);
      if (lack === null) continue;
      const group = groups.get(lack.reason.message) ?? { lack: { ...lack, proof: [] }, cells: [] };
      groups.set(lack.reason.message, group);
      group.cells.push(cell);
      group.lack.proof.push(...lack.proof.filter((side) => !isAmong(group.lack.proof, side)));
    }
    const stored = new Set<PlannedCell>();
    for (const group of groups.values()) {
      const [first] = group.cells;
      if (first === undefined || group.cells.length === 1 || this.#cut('before')) continue;
      // Where it cannot be written, the run ends, and each cell says so.
      const attempt = await this.#keeper.attempt(first, unsupported(group.lack)).catch(() => undefined);
      if (attempt === undefined) continue;
      const standsFor = group.cells.map(({ scenario }) => scenario);
      const came = { ...cellOf(first, this.#options.repro(first), [attempt]), standsFor };
      const done = await this.#keeper.cell(came);
      for (const each of everyCellOf(done)) this.#events.cellFinished?.(each);
      for (const cell of done.standsFor === undefined ? [first] : group.cells) stored.add(cell);
    }
    return stored;
  }

  /** What keeps a pair from connecting; null also where `--pairs` asks for it, or a probe fails, as its own cell will say. */
  async #unconnected(cell: PlannedCell): Promise<Lack | null> {
    const scenario = this.#scenarios.get(cell.scenario);
    const { offerer, answerer } = cell;
    if (!scenario || answerer === null) return null;
    const browsers = this.#browsers[this.launchOf(cell)];
    try {
      const lack = await browsers.unconnected(scenario, browsers.sides(cell, scenario, {}));
      const { pairs = [] } = this.#options;
      const isAsked = lack?.proof.some(({ browser }) => isAskedFor(pairs, { offerer, answerer }, browser));
      return isAsked === true ? null : lack;
    } catch {
      return null;
    }
  }

  /** Runs a cell to its end and stores it. Never rejects. */
  async runCell(cell: PlannedCell, variation: Variation = {}): Promise<Cell> {
    this.#events.cellStarted?.(cell);
    return this.#store(await this.#judge(cell, variation));
  }

  /**
   * Runs a cell to its end and stores it, unless the machine's load may have decided its outcome: then
   * call `runAlone` with what is returned. Never rejects.
   * @param isKnown whether an outcome is a known failure, which needs no second look
   */
  async tryCell(cell: PlannedCell, isKnown: (came: Cell) => boolean): Promise<Cell | InDoubt> {
    this.#events.cellStarted?.(cell);
    const came = await this.#judge(cell, {});
    if (this.#options.strict === true || !isInDoubt(came) || isKnown(came)) return this.#store(came);
    this.#events.cellInDoubt?.(came);
    return { inDoubt: came };
  }

  /** Runs a cell in doubt once more, alone, and stores it with all its attempts. Never rejects. */
  async runAlone({ inDoubt: came }: InDoubt): Promise<Cell> {
    if (this.#cut('before')) return this.#store(unjudged(came));
    const { scenario, offerer, answerer } = came;
    const cell = { scenario, offerer, answerer };
    this.#events.cellStarted?.(cell);
    const again = await this.#judge(cell, {});
    // If the run was interrupted meanwhile, there is only the first look.
    if (again.attempts.length === 0) return this.#store(unjudged(came));
    const attempts = [...came.attempts, ...again.attempts.slice(0, -1)];
    const last = again.attempts.slice(-1).map(judgedAlone);
    return this.#store(cellOf(cell, came.repro, [...attempts, ...last]));
  }

  /** Stores the first outcome of a cell: there is no second look. */
  leaveInDoubt({ inDoubt }: InDoubt): Promise<Cell> {
    return this.#store(inDoubt);
  }

  async #store(came: Cell): Promise<Cell> {
    const done = await this.#keeper.cell(came);
    this.#events.cellFinished?.(done);
    return done;
  }

  async #judge(cell: PlannedCell, variation: Variation): Promise<Cell> {
    const repro = this.#options.repro(cell);
    const attempts: Attempt[] = [];
    let sides: Side[] = [];
    const loadOfAll = this.#cellMeter.begin();
    try {
      const cut = this.#cut('before');
      if (cut) return notRun(cell, repro, ...cut);
      const scenario = this.#scenarios.get(cell.scenario);
      if (!scenario)
        throw new HarnessError('unknown-scenario', `${cell.scenario} was planned but is not declared`);
      const browsers = this.#browsers[this.launchOf(cell)];
      sides = browsers.sides(cell, scenario, variation);
      const lacks = await browsers.unsupported(scenario, sides, variation);
      if (lacks) return cellOf(cell, repro, [await this.#keeper.attempt(cell, lacks)]);
      await this.#attempts(cell, scenario, sides, variation, attempts);
    } catch (error) {
      const cut = this.#cut('during');
      if (cut) return notRun(cell, repro, ...cut);
      if (error instanceof IncompleteError) return notRun(cell, repro, error.code, error.message, 'launch');
      // If its evidence cannot be written, the run ends.
      const failed = harnessFailed(error, sides);
      // where no page came in time, the load may have been why
      if (error instanceof DeadlineError) failed.load = loadOfAll();
      attempts.push(await this.#keeper.attempt(cell, failed).catch(() => ({ ...failed, evidence: [] })));
    } finally {
      loadOfAll();
    }
    const cut = attempts.length === 0 ? this.#cut('during') : undefined;
    return cut ? notRun(cell, repro, ...cut) : cellOf(cell, repro, attempts);
  }

  /** Adds attempts until no more are needed, or the run is interrupted. */
  async #attempts(
    cell: PlannedCell,
    scenario: Scenario,
    sides: readonly Side[],
    variation: Variation,
    attempts: Attempt[],
  ): Promise<void> {
    const { retries, strict = false, timeoutMs, screenshots = true } = this.#options;
    const { server, limits, services } = this.#parts;
    const time = variation.timeoutMs ?? scenario.timeoutMs ?? timeoutMs;
    const job = { cell, scenario, sides, timeoutMs: time, screenshots };
    const onLateCheck = (watch: Watch, name: string): void =>
      this.#late(watch, { what: `a check that did not hold: ${name}` });
    while (isRunAgain(attempts, { retries, strict })) {
      const { came: outcome, load } = await this.#loadMeter.during(() =>
        attemptCell(job, { server, limits, blame: this.#blame, onLateCheck, services }),
      );
      if (outcome.status !== 'pass' && this.#cut('during')) return;
      if (this.#blame.isBystander(outcome)) continue;
      this.#ended.set(outcome.watch, { ...cell, status: outcome.status });
      for (const late of this.#early.get(outcome.watch) ?? []) this.#late(outcome.watch, late);
      attempts.push(await this.#keeper.attempt(cell, { ...unstored(outcome), load }));
    }
  }

  /** Why no more cells are run, as code and words; undefined while they are. */
  #cut(when: 'before' | 'during'): [code: string, message: string] | undefined {
    const { signal } = this.#options;
    if (signal.aborted) return ['interrupted', `the run was interrupted ${when} this cell`];
    if (this.#keeper.failure !== undefined) return ['not-stored', messageOf(this.#keeper.failure)];
    if (this.#broken)
      return [
        'run-ended',
        `an error that belongs to no cell ended the run: ${messageOf(this.#broken.error)}`,
      ];
    return undefined;
  }

  /** An error from an attempt that has ended: it proves a pass wrong, and may be the true cause of a failure. */
  #late(watch: Watch, late: LateError): void {
    const cell = this.#ended.get(watch);
    if (!cell) {
      this.#early.set(watch, [...(this.#early.get(watch) ?? []), late]);
      return;
    }
    // A body that did not finish loses its pages.
    if (cell.status !== 'pass' && late.error instanceof PeerGoneError) return;
    this.#problem({
      message: `${cell.scenario} ${pairName(cell)} was stored as ${cell.status}, and then came ${late.what}`,
      incomplete: cell.status === 'pass',
    });
  }

  #orphan(error: unknown): void {
    this.#broken ??= { error };
    const stack = error instanceof Error ? `\n${error.stack ?? ''}` : '';
    const message = `an error that belongs to no cell ends the run: ${messageOf(error)}${stack}`;
    this.#problem({ message, incomplete: true });
    void this.#closeBrowsers();
  }

  #problem(problem: Problem): void {
    this.#problems.push(problem);
    this.#events.problem?.(problem);
  }
}

/** A cell in doubt when the run ends before its second look: its first is kept, and nothing is concluded from it. */
const unjudged = (came: Cell): Cell => {
  const { scenario, offerer, answerer, repro, attempts, status, reason } = came;
  const message = `the run ended before this cell was looked at again, alone; beside others it came to ${status}: ${reason?.message ?? ''}`;
  return cellOf({ scenario, offerer, answerer }, repro, [...attempts, leftOpen('in-doubt', message)]);
};

const isAmong = (sides: readonly ProbedSide[], { role, probe }: ProbedSide): boolean =>
  sides.some((side) => side.role === role && side.probe === probe);

const unstored = ({ lost: _lost, watch: _watch, ...attempt }: AttemptOutcome): Unstored => attempt;
