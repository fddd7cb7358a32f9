import PQueue from 'p-queue';
import { randomUUID } from 'node:crypto';
import { startSignaling } from '../../fixtures/signaling/server.ts';
import type { BrowserSpec } from '../config/browser-spec.ts';
import type { BrowserDetails, Exit } from '../drivers/driver.ts';
import { startBrowser } from '../drivers/index.ts';
import { HarnessError, IncompleteError, messageOf } from '../errors.ts';
import type { Shard } from '../config/shard.ts';
import type { PlannedCell } from '../matrix/plan.ts';
import type { Scenario } from '../matrix/scenario.ts';
import { BrowserHost } from '../peers/host.ts';
import { servePeerPage, type PageSetup, type Script } from '../peers/page-server.ts';
import type { Role } from '../protocol/signaling.ts';
import type { Attempt, BrowserResult, Cell, Results, Run } from '../results/schema.ts';
import { signatureOf } from '../results/signature.ts';
import { openStore, type ResultStore } from '../results/store.ts';
import { lacking, namesAsked, Prober, type Probe } from './capabilities.ts';
import { attemptCell, type AttemptOutcome, type Side } from './cell.ts';
import { environment, harnessVersion } from './environment.ts';
import type { EvidenceBag } from './evidence.ts';

export interface RunOptions {
  browsers: readonly BrowserSpec[];
  scenarios: readonly Scenario[];
  cells: readonly PlannedCell[];
  shard: Shard | null;
  /** The folder of the run. */
  out: string;
  /** The pointer to the newest run, or null for none. */
  latest: string | null;
  /** Cells that run at once. */
  jobs: number;
  /** Further attempts of a cell that is not a pass. */
  retries: number;
  /** Times that each cell is run. */
  repeat: number;
  /** A cell's time, where its scenario does not say otherwise. */
  timeoutMs: number;
  headed: boolean;
  /** Scripts that pages load ahead of everything, by side. */
  scripts: { offerer: readonly Script[]; answerer: readonly Script[] };
  /** webrtc-adapter, for the sides of scenarios that ask for it. */
  adapter: Script;
  argv: readonly string[];
  /** The command that repeats a cell. */
  repro: (cell: PlannedCell) => string;
  /** Ends the run: cells under way are cut off. */
  signal: AbortSignal;
}

/** What happens, as it happens; for progress. */
export interface RunEvents {
  browserStarted?(id: string, details: BrowserDetails, afterMs: number): void;
  browserFailed?(id: string, error: unknown): void;
  cellStarted?(cell: PlannedCell): void;
  cellFinished?(cell: Cell): void;
}

/** A browser that starts takes Firefox's five seconds at most, several times that on a busy machine. */
const launchMs = 60_000;
/** How often a cell may be run again because its browser died under another cell. */
const mostBystanders = 3;

/** Launches, probes, runs every cell, stores. Rejects only where nothing could be run or stored at all. */
export async function run(options: RunOptions, events: RunEvents = {}): Promise<Results> {
  const startedAt = new Date();
  const store = await openStore(options.out, options.latest === null ? {} : { latest: options.latest });
  const describe = async (finished: boolean, cells: number): Promise<Run> => ({
    id: randomUUID(),
    startedAt: startedAt.toISOString(),
    finishedAt: finished ? new Date().toISOString() : null,
    complete: finished && cells >= planned.length,
    interrupted: options.signal.aborted,
    argv: [...options.argv],
    harness: await harnessVersion(),
    environment: environment(),
    shard: options.shard,
    plannedCells: planned.length,
  });
  const planned = options.cells.flatMap((cell) => Array.from({ length: options.repeat }, () => cell));
  const used = options.scenarios.filter(({ result }) =>
    planned.some(({ scenario }) => scenario === result.id),
  );
  const { id } = await describe(false, 0);
  try {
    await store.writeHeader(
      { ...(await describe(false, 0)), id },
      [],
      used.map(({ result }) => result),
    );
    const runner = new Runner(options, events, store, used);
    const reported = await runner.runAll(planned);
    return await store.finish(
      { ...(await describe(true, reported)), id },
      runner.browserResults(),
      used.map(({ result }) => result),
    );
  } finally {
    await store.close();
  }
}

class Runner {
  readonly #options: RunOptions;
  readonly #events: RunEvents;
  readonly #store: ResultStore;
  readonly #scenarios: ReadonlyMap<string, Scenario>;
  readonly #prober: Prober;
  readonly #hosts = new Map<string, BrowserHost>();
  readonly #plainProbes = new Map<string, Probe>();
  /** Exits that a cell has been blamed for; a browser that dies makes one crash. */
  readonly #blamed = new WeakSet<Exit>();
  #storeError: unknown;

  constructor(options: RunOptions, events: RunEvents, store: ResultStore, scenarios: readonly Scenario[]) {
    this.#options = options;
    this.#events = events;
    this.#store = store;
    this.#scenarios = new Map(scenarios.map((scenario) => [scenario.result.id, scenario]));
    this.#prober = new Prober(namesAsked(scenarios));
  }

  /** Gives the number of cells that were reported. */
  async runAll(planned: readonly PlannedCell[]): Promise<number> {
    const { jobs, headed, signal, browsers } = this.#options;
    const server = await startSignaling();
    try {
      const pages = await servePeerPage(server);
      const needed = new Set(planned.flatMap(({ offerer, answerer }) => [offerer, answerer ?? offerer]));
      for (const spec of browsers.filter(({ id }) => needed.has(id))) {
        const options = {
          server,
          pages,
          start: startBrowser,
          headed,
          timeoutMs: launchMs,
          maxPages: jobs * 2 + 2,
        };
        this.#hosts.set(spec.id, new BrowserHost(spec, options));
      }
      const close = () => void this.#closeHosts();
      signal.addEventListener('abort', close);
      await Promise.all([...this.#hosts.values()].map((host) => this.#startHost(host)));

      const queue = new PQueue({ concurrency: jobs });
      let reported = 0;
      const work = planned.map((cell) =>
        queue.add(async () => {
          const done = await this.#runCell(server, cell);
          if (done.status !== 'notrun') reported += 1;
          await this.#keep(done);
        }),
      );
      await Promise.all(work);
      signal.removeEventListener('abort', close);
      if (this.#storeError !== undefined) throw this.#storeError;
      return reported;
    } finally {
      await this.#closeHosts();
      await server.close();
    }
  }

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
    const began = performance.now();
    try {
      const probe = await this.#prober.probe(host, this.#setup('offerer', undefined));
      this.#plainProbes.set(host.spec.id, probe);
      this.#events.browserStarted?.(host.spec.id, host.details, Math.round(performance.now() - began));
      // The second page is for the cells in which a browser meets itself, and for the next cell while a page starts afresh.
      if (probe.answer.has['RTCPeerConnection'] === true) await host.prepare(2);
    } catch (error) {
      // Its cells say so; the other browsers' cells go on.
      this.#events.browserFailed?.(host.spec.id, error);
    }
  }

  #setup(role: Role, scenario: Scenario | undefined): PageSetup {
    const { scripts, adapter } = this.#options;
    const side = role === 'answerer' ? 'answerer' : 'offerer';
    const shimmed = scenario?.adapter.includes(side) === true;
    return { scripts: [...scripts[side], ...(shimmed ? [adapter] : [])] };
  }

  async #runCell(server: Parameters<typeof attemptCell>[0], cell: PlannedCell): Promise<Cell> {
    const { signal, retries, timeoutMs } = this.#options;
    const scenario = this.#scenarios.get(cell.scenario);
    if (!scenario)
      throw new HarnessError('unknown-scenario', `${cell.scenario} was planned but is not declared`);
    if (signal.aborted)
      return this.#notRun(cell, 'interrupted', 'the run was interrupted before this cell', null);
    if (this.#storeError !== undefined)
      return this.#notRun(cell, 'not-stored', messageOf(this.#storeError), null);
    this.#events.cellStarted?.(cell);
    const attempts: Attempt[] = [];
    try {
      const sides = this.#sides(cell, scenario);
      const unsupported = await this.#unsupported(cell, scenario, sides);
      if (unsupported) return this.#asCell(cell, [unsupported]);
      const job = { cell, scenario, sides, timeoutMs: scenario.timeoutMs ?? timeoutMs };
      for (let bystander = 0; attempts.length <= retries;) {
        const outcome = await attemptCell(server, job);
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
      if (error instanceof IncompleteError) return this.#notRun(cell, error.code, error.message, 'launch');
      attempts.push(harnessFailed(error));
    }
    if (attempts.length === 0) {
      return this.#notRun(cell, 'interrupted', 'the run was interrupted during this cell', null);
    }
    return this.#asCell(cell, attempts);
  }

  /** Whether its browser died under another cell, which is blamed already: this one was only there. */
  #isBystander({ status, exits }: AttemptOutcome): boolean {
    if (status !== 'crash' || exits.length === 0) return false;
    if (exits.every((exit) => this.#blamed.has(exit))) return true;
    for (const exit of exits) this.#blamed.add(exit);
    return false;
  }

  #sides({ offerer, answerer }: PlannedCell, scenario: Scenario): Side[] {
    const side = (role: Role, id: string): Side => {
      const host = this.#hosts.get(id);
      if (!host) throw new HarnessError('unknown-browser', `${id} was planned but is no browser of this run`);
      return { role, host, setup: this.#setup(role, scenario) };
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
      const lines = probe.console.map((entry) => `${JSON.stringify(entry)}\n`);
      const answer = `${JSON.stringify(probe.answer, null, 1)}\n`;
      return [
        { kind: 'trace', peer: role, name: 'probe.json', content: answer },
        { kind: 'console', peer: role, name: 'console.jsonl', content: lines.join('') },
        ...(probe.screenshot
          ? [{ kind: 'screenshot' as const, peer: role, name: 'screenshot.png', content: probe.screenshot }]
          : []),
      ];
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

  async #stored(cell: PlannedCell, { evidence, exits: _, ...attempt }: AttemptOutcome): Promise<Attempt> {
    return { ...attempt, evidence: await this.#write(cell, evidence) };
  }

  async #write(cell: PlannedCell, bag: EvidenceBag): Promise<Attempt['evidence']> {
    return Promise.all(
      bag.map(({ kind, peer, name, content }) => this.#store.writeEvidence(cell, kind, peer, name, content)),
    );
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

  /** A disk that is full ends the run; what was stored before stays. */
  async #keep(cell: Cell): Promise<void> {
    try {
      if (this.#storeError === undefined) await this.#store.appendCell(cell);
    } catch (error) {
      this.#storeError = error;
    }
    this.#events.cellFinished?.(cell);
  }
}

/** The harness itself failed: no page could be had, a file could not be written. */
const harnessFailed = (error: unknown): Attempt => ({
  status: 'error',
  phase: 'signaling',
  reason: {
    code: error instanceof HarnessError ? error.code : 'harness-error',
    message: messageOf(error),
    peer: null,
  },
  startedAt: new Date().toISOString(),
  durationMs: 0,
  checks: [],
  measurements: {},
  evidence: [],
});
