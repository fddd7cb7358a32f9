import { startSignaling, type SignalingServer } from '../../fixtures/signaling/server.ts';
import type { Exit } from '../drivers/driver.ts';
import { startBrowser } from '../drivers/index.ts';
import { HarnessError, IncompleteError, messageOf } from '../errors.ts';
import type { PlannedCell } from '../matrix/plan.ts';
import type { Load, Scenario } from '../matrix/scenario.ts';
import { BrowserHost } from '../peers/host.ts';
import { servePeerPage, setupKey, type PageServer, type PageSetup } from '../peers/page-server.ts';
import { PageNotReadyError } from '../peers/peer.ts';
import type { Role } from '../protocol/signaling.ts';
import type { Attempt, BrowserResult, Cell } from '../results/schema.ts';
import { signatureOf } from '../results/signature.ts';
import type { ResultStore } from '../results/store.ts';
import { lacking, namesAsked, Prober, type Probe } from './capabilities.ts';
import { autoBounds, fixedBounds, type Bounds } from './admission.ts';
import { attemptCell, type AttemptOutcome, type Side } from './cell.ts';
import type { EvidenceBag } from './evidence.ts';
import { LoadMeter } from './load-meter.ts';
import type { RunEvents, RunOptions } from './options.ts';

/** A browser that starts takes Firefox's five seconds at most, several times that on a busy machine. */
const launchMs = 60_000;
/** How often a cell may be run again because its browser died under another cell. */
const mostBystanders = 3;

/** What is different about one cell, e.g. a fault that is injected to see whether the cell turns red. */
export interface Variation {
  /** Scripts that pages load behind those of the run. */
  scripts?: Partial<RunOptions['scripts']>;
  /** The cell's time. */
  timeoutMs?: number;
}

/** The browsers, the fixture and the store of one run; it runs cells, one at a time or side by side. */
export class Session {
  /** How many cells may run side by side. */
  readonly bounds: Bounds;
  readonly #loadMeter = new LoadMeter();
  readonly #options: RunOptions;
  readonly #events: RunEvents;
  readonly #store: ResultStore;
  readonly #scenarios: ReadonlyMap<string, Scenario>;
  readonly #prober: Prober;
  readonly #hosts = new Map<string, BrowserHost>();
  readonly #starts = new Map<string, Promise<void>>();
  readonly #plainProbes = new Map<string, Probe>();
  /** Exits that a cell has been blamed for; a browser that dies makes one crash. */
  readonly #blamed = new WeakSet<Exit>();
  readonly #server: SignalingServer;
  #storeError: unknown;

  private constructor(
    server: SignalingServer,
    options: RunOptions,
    events: RunEvents,
    store: ResultStore,
    scenarios: readonly Scenario[],
  ) {
    this.#server = server;
    this.#options = options;
    this.bounds = options.jobs === 'auto' ? autoBounds() : fixedBounds(options.jobs);
    this.#events = events;
    this.#store = store;
    this.#scenarios = new Map(scenarios.map((scenario) => [scenario.result.id, scenario]));
    this.#prober = new Prober(namesAsked(scenarios));
  }

  /** Starts the fixture; browsers start with `started`, or with the first cell that needs them. */
  static async open(
    options: RunOptions,
    events: RunEvents,
    store: ResultStore,
    scenarios: readonly Scenario[],
  ): Promise<Session> {
    const server = await startSignaling();
    const session = new Session(server, options, events, store, scenarios);
    try {
      session.#makeHosts(await servePeerPage(server, options.adapter));
      return session;
    } catch (error) {
      await session.close();
      throw error;
    }
  }

  #makeHosts(pages: PageServer): void {
    const { headed, signal, browsers, cells, timeoutMs } = this.#options;
    const needed = new Set(cells.flatMap(({ offerer, answerer }) => [offerer, answerer ?? offerer]));
    for (const spec of browsers.filter(({ id }) => needed.has(id))) {
      const host = new BrowserHost(spec, {
        server: this.#server,
        pages,
        start: startBrowser,
        headed,
        onStarted: (browser, afterMs) => this.#events.browserStarted?.(spec.id, browser, afterMs),
        timeoutMs: Math.max(launchMs, timeoutMs),
        maxPages: this.bounds.pages,
      });
      this.#hosts.set(spec.id, host);
    }
    signal.addEventListener('abort', () => void this.#closeHosts());
  }

  /** What a cell costs the machine. */
  loadOf({ scenario }: PlannedCell): Load {
    return this.#scenarios.get(scenario)?.load ?? 'light';
  }

  /** Starts the browsers of a cell, each once; resolves also where one will not start, which its cells say. */
  async started({ offerer, answerer }: PlannedCell): Promise<void> {
    await Promise.all([offerer, answerer ?? offerer].map((id) => this.#startOnce(id)));
  }

  #startOnce(id: string): Promise<void> {
    const host = this.#hosts.get(id);
    const start = this.#starts.get(id) ?? (host ? this.#startHost(host) : Promise.resolve());
    this.#starts.set(id, start);
    return start;
  }

  /** Ends the browsers and the fixture; nothing is left running. */
  async close(): Promise<void> {
    await this.#closeHosts();
    await this.#server.close();
  }

  /** Why results can no longer be stored, if they cannot. */
  get storeError(): unknown {
    return this.#storeError;
  }

  /** What the result says about each browser that answered its probe. */
  browserResults(): BrowserResult[] {
    return [...this.#hosts.values()].flatMap((host) => {
      const probe = this.#plainProbes.get(host.spec.id);
      if (!probe) return [];
      const { engine, product, version, driver, launchArgs, prefs, reasons } = host.details;
      const capabilities = { ...probe.answer, settings: reasons };
      return [
        {
          id: host.spec.id,
          kind: host.spec.kind,
          engine,
          product,
          version,
          driver,
          launchArgs,
          prefs,
          capabilities,
        },
      ];
    });
  }

  async #closeHosts(): Promise<void> {
    await Promise.all([...this.#hosts.values()].map((host) => host.close()));
  }

  async #startHost(host: BrowserHost): Promise<void> {
    try {
      const probe = await this.#plainProbe(host);
      // The second page is for the cells in which a browser meets itself, and for the next cell while a page starts afresh.
      if (probe.answer.has['RTCPeerConnection'] === true) await host.prepare(2);
    } catch (error) {
      // Its cells say so; the other browsers' cells go on.
      this.#events.browserFailed?.(host.spec.id, error);
    }
  }

  /** What the browser has by itself, with the run's own scripts: goes into the result. */
  async #plainProbe(host: BrowserHost): Promise<Probe> {
    const probe = await this.#prober.probe(host, this.#setup('offerer'));
    this.#plainProbes.set(host.spec.id, probe);
    return probe;
  }

  #setup(role: Role, scenario?: Scenario, variation: Variation = {}): PageSetup {
    const { scripts, adapter } = this.#options;
    const side = role === 'answerer' ? 'answerer' : 'offerer';
    const shimmed = scenario?.adapter.includes(side) === true;
    return {
      scripts: [...scripts[side], ...(variation.scripts?.[side] ?? []), ...(shimmed ? [adapter] : [])],
    };
  }

  async #judge(cell: PlannedCell, variation: Variation): Promise<Cell> {
    const { signal, retries, timeoutMs } = this.#options;
    const scenario = this.#scenarios.get(cell.scenario);
    if (!scenario)
      throw new HarnessError('unknown-scenario', `${cell.scenario} was planned but is not declared`);
    if (signal.aborted)
      return this.#notRun(cell, 'interrupted', 'the run was interrupted before this cell', null);
    if (this.#storeError !== undefined) return this.#notStored(cell);
    const attempts: Attempt[] = [];
    try {
      const sides = this.#sides(cell, scenario, variation);
      const unsupported = await this.#unsupported(cell, scenario, sides);
      if (unsupported) return this.#asCell(cell, [unsupported]);
      const job = {
        cell,
        scenario,
        sides,
        timeoutMs: variation.timeoutMs ?? scenario.timeoutMs ?? timeoutMs,
      };
      for (let bystander = 0; attempts.length <= retries;) {
        const outcome = await attemptCell(this.#server, job);
        if (signal.aborted && outcome.status !== 'pass') break;
        if (this.#isBystander(outcome) && bystander < mostBystanders) {
          bystander += 1;
          continue;
        }
        attempts.push(await this.#stored(cell, outcome));
        if (outcome.status === 'pass') break;
      }
    } catch (error) {
      if (signal.aborted)
        return this.#notRun(cell, 'interrupted', 'the run was interrupted during this cell', null);
      if (this.#storeError !== undefined) return this.#notStored(cell);
      if (error instanceof IncompleteError) return this.#notRun(cell, error.code, error.message, 'launch');
      attempts.push(await this.#harnessFailed(cell, scenario, variation, error));
    }
    if (attempts.length === 0) {
      return this.#notRun(cell, 'interrupted', 'the run was interrupted during this cell', null);
    }
    return this.#asCell(cell, attempts);
  }

  /** Whether its browser died under another cell, which is blamed already: this one was only there. */
  #isBystander({ status, exits, bystander }: AttemptOutcome): boolean {
    if (bystander) return true;
    if (status !== 'crash' || exits.length === 0) return false;
    if (exits.every((exit) => this.#blamed.has(exit))) return true;
    for (const exit of exits) this.#blamed.add(exit);
    return false;
  }

  #sides({ offerer, answerer }: PlannedCell, scenario: Scenario, variation: Variation): Side[] {
    const side = (role: Role, id: string): Side => {
      const host = this.#hosts.get(id);
      if (!host) throw new HarnessError('unknown-browser', `${id} was planned but is no browser of this run`);
      return { role, host, setup: this.#setup(role, scenario, variation) };
    };
    return answerer === null
      ? [side('single', offerer)]
      : [side('offerer', offerer), side('answerer', answerer)];
  }

  async #unsupported(
    cell: PlannedCell,
    scenario: Scenario,
    sides: readonly Side[],
  ): Promise<Attempt | undefined> {
    const startedAt = new Date();
    await Promise.all(sides.map(({ host }) => this.#plainProbe(host)));
    const probed = await Promise.all(
      sides.map(async ({ role, host, setup }) => ({
        role,
        browser: host.spec.id,
        probe: await this.#prober.probe(host, setup),
      })),
    );
    const reason = lacking(scenario, probed);
    if (!reason) return undefined;
    const bag: EvidenceBag = probed.flatMap(({ role, probe }): EvidenceBag => {
      const answer = `${JSON.stringify(probe.answer, null, 1)}\n`;
      return [{ kind: 'trace', peer: role, name: 'probe.json', content: answer }, ...leftOf(probe, role)];
    });
    return {
      status: 'unsupported',
      phase: 'launch',
      reason,
      startedAt: startedAt.toISOString(),
      durationMs: 0,
      checks: [],
      measurements: {},
      evidence: await this.#write(cell, bag),
    };
  }

  async #stored(
    cell: PlannedCell,
    { evidence, exits: _exits, bystander: _bystander, ...attempt }: AttemptOutcome,
  ): Promise<Attempt> {
    return { ...attempt, evidence: await this.#write(cell, evidence) };
  }

  /** A disk that is full ends the run as it does in `#keep`; the cell, half of whose evidence is lost, was not run. */
  async #write(cell: PlannedCell, bag: EvidenceBag): Promise<Attempt['evidence']> {
    try {
      return await Promise.all(
        bag.map(({ kind, peer, name, content }) =>
          this.#store.writeEvidence(cell, kind, peer, name, content),
        ),
      );
    } catch (error) {
      this.#storeError ??= error;
      throw error;
    }
  }

  #notRun(cell: PlannedCell, code: string, message: string, phase: Attempt['phase']): Cell {
    const reason = { code, message, peer: null };
    return {
      ...cell,
      status: 'notrun',
      phase,
      reason,
      signature: signatureOf({ status: 'notrun', phase, reason }),
      startedAt: new Date().toISOString(),
      durationMs: 0,
      flaky: false,
      attempts: [],
      checks: [],
      measurements: {},
      evidence: [],
      repro: this.#options.repro(cell),
    };
  }

  #notStored(cell: PlannedCell): Cell {
    return this.#notRun(cell, 'not-stored', messageOf(this.#storeError), null);
  }

  #asCell(cell: PlannedCell, attempts: readonly Attempt[]): Cell {
    const last = attempts.at(-1);
    if (!last) throw new HarnessError('no-attempt', `${cell.scenario} has no attempt`);
    return {
      ...cell,
      ...last,
      signature: last.status === 'pass' ? null : signatureOf(last),
      flaky: last.status === 'pass' && attempts.length > 1,
      attempts: [...attempts],
      repro: this.#options.repro(cell),
    };
  }

  /** The harness itself failed, e.g. because no page could be had. */
  async #harnessFailed(
    cell: PlannedCell,
    scenario: Scenario,
    variation: Variation,
    error: unknown,
  ): Promise<Attempt> {
    const page = error instanceof PageNotReadyError ? error : undefined;
    const side = this.#sides(cell, scenario, variation).find(
      ({ setup }) => page?.setup !== undefined && setupKey(setup) === setupKey(page.setup),
    );
    const peer = side?.role ?? null;
    const bag: EvidenceBag = page ? leftOf(page, peer) : [];
    return {
      status: 'error',
      phase: 'signaling',
      reason: {
        code: error instanceof HarnessError ? error.code : 'harness-error',
        message: messageOf(error),
        peer,
      },
      startedAt: new Date().toISOString(),
      durationMs: 0,
      checks: [],
      measurements: {},
      // where that fails, the run ends by it
      evidence: await this.#write(cell, bag).catch(() => []),
    };
  }

  /** Runs a cell to its end and stores it. */
  async runCell(cell: PlannedCell, variation: Variation = {}): Promise<Cell> {
    this.#events.cellStarted?.(cell);
    const loadOf = this.#loadMeter.begin();
    const judged = await this.#judge(cell, variation);
    const done = { ...judged, load: loadOf() };
    await this.#keep(done);
    this.#events.cellFinished?.(done);
    return done;
  }

  /** A disk that is full ends the run; what was stored before stays. */
  async #keep(cell: Cell): Promise<void> {
    try {
      if (this.#storeError === undefined) await this.#store.appendCell(cell);
    } catch (error) {
      this.#storeError = error;
    }
  }
}

/** What a page left that never got as far as a scenario. */
function leftOf(
  { console, screenshot }: Pick<Probe, 'console' | 'screenshot'>,
  peer: Role | null,
): EvidenceBag {
  const lines = console.map((entry) => `${JSON.stringify(entry)}\n`);
  return [
    { kind: 'console', peer, name: 'console.jsonl', content: lines.join('') },
    ...(screenshot
      ? [{ kind: 'screenshot' as const, peer, name: 'screenshot.png', content: screenshot }]
      : []),
  ];
}
