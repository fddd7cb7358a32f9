import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { interfaces, places, type Mutant } from '../../specs/breakages/catalogue.ts';
import { survey } from '../../specs/breakages/survey.ts';
import { parseBrowserSpec } from '../config/browser-spec.ts';
import type { Script } from '../config/script.ts';
import { readSideScripts } from '../config/scripts.ts';
import type { PlannedCell } from '../matrix/plan.ts';
import type { PairContext, PeerHandle, Scenario, SingleContext } from '../matrix/scenario.ts';
import type { Cell } from '../results/schema.ts';
import { openRun, type OpenedRun } from '../run/run.ts';
import { faultScript } from './fault-script.ts';
import type { Healthy, MutantCell, Sides } from './plan.ts';
import type { MutantOutcome } from './tally.ts';

/** The two browsers of every cell; a scenario about one browser uses the first. */
export type BrowserPair = readonly [offerer: string, answerer: string];

/** What a broken page reports at the end of its cell. */
interface PageNote {
  script: string | null;
  bites: number;
  uses: string[];
}

const defaultTimeoutMs = 10_000;

/** Runs scenarios with scripts in their pages, and returns what those scripts recorded there. */
export class MutantRunner {
  readonly #opened: OpenedRun;
  readonly #out: string;
  readonly #scenarios: ReadonlyMap<string, Scenario>;
  readonly #pair: BrowserPair;
  /** By script, scenario and side. */
  readonly #notes: Map<string, PageNote>;

  private constructor(
    opened: OpenedRun,
    out: string,
    scenarios: readonly Scenario[],
    pair: BrowserPair,
    notes: Map<string, PageNote>,
  ) {
    this.#opened = opened;
    this.#out = out;
    this.#scenarios = new Map(scenarios.map((scenario) => [scenario.result.id, scenario]));
    this.#pair = pair;
    this.#notes = notes;
  }

  static async open(scenarios: readonly Scenario[], pair: BrowserPair, jobs: number): Promise<MutantRunner> {
    const notes = new Map<string, PageNote>();
    const noting = scenarios.map((scenario) => noteAtEnd(scenario, notes));
    const out = await mkdtemp(join(tmpdir(), 'webrtc-interop-mutants-'));
    const { scripts, adapter } = await readSideScripts([], 'none');
    const opened = await openRun({
      browsers: [...new Set(pair)].map(parseBrowserSpec),
      scenarios: noting,
      cells: noting.map((scenario) => cellOf(scenario, pair)),
      shard: null,
      out,
      latest: null,
      jobs,
      retries: 0,
      screenshots: false,
      strict: true,
      timeoutMs: defaultTimeoutMs,
      headed: false,
      scripts,
      adapter,
      argv: [],
      repro: ({ scenario }) => `npm run mutants -- --scenarios ${scenario}`,
      signal: new AbortController().signal,
    });
    return new MutantRunner(opened, out, scenarios, pair, notes);
  }

  async close(): Promise<void> {
    await this.#opened.close();
    await rm(this.#out, { recursive: true, force: true });
  }

  /** Runs a scenario unbroken and counts what its pages use; null if it does not pass, so that nothing can be told. */
  async survey(id: string): Promise<Healthy | null> {
    const scenario = this.#scenario(id);
    const script = await marked('survey', { name: 'survey', page: survey, arg: { interfaces, places } });
    const sides = scenario.result.roles === 'single' ? ['single'] : ['offerer', 'answerer'];
    const cell = await this.#run(scenario, script, 'both');
    if (cell.status !== 'pass') return null;
    const uses: Record<string, string[]> = {};
    for (const side of sides) uses[side] = this.#notes.get(noteKey('survey', id, side))?.uses ?? [];
    return {
      scenario: id,
      roles: scenario.result.roles,
      ms: cell.durationMs,
      timeoutMs: scenario.timeoutMs ?? defaultTimeoutMs,
      uses,
    };
  }

  async mutate({ id, page, arg }: Mutant, planned: MutantCell): Promise<MutantOutcome> {
    const scenario = this.#scenario(planned.scenario);
    const name = `${id} on ${planned.on}`;
    const script = await marked(name, { name: id, page, arg });
    const cell = await this.#run(scenario, script, planned.on, planned.timeoutMs);
    const notes = ['offerer', 'answerer', 'single'].flatMap(
      (side) => this.#notes.get(noteKey(name, planned.scenario, side)) ?? [],
    );
    return {
      ...planned,
      status: cell.status,
      phase: cell.phase,
      reason: cell.reason?.message ?? '',
      bites: notes.length === 0 ? null : notes.reduce((sum, { bites }) => sum + bites, 0),
    };
  }

  #scenario(id: string): Scenario {
    const scenario = this.#scenarios.get(id);
    if (!scenario) throw new Error(`there is no scenario ${id}`);
    return scenario;
  }

  #run(scenario: Scenario, script: Script, on: Sides, timeoutMs?: number): Promise<Cell> {
    const scripts = {
      ...(on === 'answerer' ? {} : { offerer: [script] }),
      ...(on === 'answerer' || on === 'both' ? { answerer: [script] } : {}),
    };
    const variation = timeoutMs === undefined ? { scripts } : { scripts, timeoutMs };
    return this.#opened.session.runCell(cellOf(scenario, this.#pair), variation);
  }
}

const cellOf = ({ result }: Scenario, [offerer, answerer]: BrowserPair): PlannedCell => ({
  scenario: result.id,
  offerer,
  answerer: result.roles === 'single' ? null : answerer,
});

const noteKey = (script: string, scenario: string, side: string): string => `${script} ${scenario} ${side}`;

/** A script that also sets its name in the page, so that what is noted there can be attributed to it. */
async function marked(name: string, breaking: Parameters<typeof faultScript>[0]): Promise<Script> {
  const script = await faultScript(breaking);
  const mark = `globalThis[Symbol.for('webrtc-interop script')] = ${JSON.stringify(name)};\n`;
  return { ...script, source: mark + script.source };
}

/** The same scenario, which at its end asks its pages what their scripts noted. */
function noteAtEnd(scenario: Scenario, notes: Map<string, PageNote>): Scenario {
  const body: Scenario['body'] = async (context) => {
    try {
      await scenario.body(context);
    } finally {
      await Promise.all(
        sidesOf(context).map(async ([side, peer]) => {
          const note = await readNote(peer);
          if (note?.script != null) notes.set(noteKey(note.script, scenario.result.id, side), note);
        }),
      );
    }
  };
  return { ...scenario, body };
}

const sidesOf = (
  context: PairContext<never> | SingleContext<never>,
): (readonly [string, PeerHandle<never>])[] =>
  'peer' in context
    ? [['single', context.peer]]
    : [
        ['offerer', context.offerer],
        ['answerer', context.answerer],
      ];

/** Undefined if the page is gone: then nobody knows. */
async function readNote(peer: PeerHandle<never>): Promise<PageNote | undefined> {
  try {
    return await peer.run(() => {
      const script: unknown = Reflect.get(globalThis, Symbol.for('webrtc-interop script'));
      const uses: unknown = Reflect.get(globalThis, Symbol.for('webrtc-interop uses'));
      return {
        script: typeof script === 'string' ? script : null,
        bites: Number(Reflect.get(globalThis, Symbol.for('webrtc-interop bites')) ?? 0),
        uses: uses instanceof Map ? [...uses.keys()].map(String) : [],
      };
    });
  } catch {
    // The cell's own verdict says what became of its page.
    return undefined;
  }
}
