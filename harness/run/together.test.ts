import { expect } from 'chai';
import * as fc from 'fast-check';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { makeScenario, type Scenario } from '../matrix/scenario.ts';
import { cellsOf, isAskedFor, pairsOf, repeated, type PlannedCell } from '../matrix/plan.ts';
import { exampleHeader } from '../report/example.ts';
import { EvidenceReader } from '../results/evidence-reader.ts';
import { readRun, wholeOf } from '../results/read-run.ts';
import type { Cell, Results } from '../results/schema.ts';
import { openStore } from '../results/store.ts';
import { tempDir } from '../results/temp-dir.ts';
import { exampleLender } from './lender.example.ts';
import { defaultLimits } from './limits.ts';
import { RunningServices } from './services.ts';
import { Session } from './session.ts';
import { Together } from './together.ts';

/** A page that loads it has RTCPeerConnection, whatever its browser has. */
const polyfill = { name: 'polyfill', source: '' };

/** The scenarios of the plans: one pair needs more, one needs less, one has adapter and so a page of its own. */
const scenarioOf = (
  id: string,
  more: { needs?: string[]; adapter?: ('offerer' | 'answerer')[] } = {},
): Scenario =>
  makeScenario(
    { id, title: '', asks: '', level: 'info', specs: [], needs: [], ...more },
    id === 'b/alone/single' ? 'single' : 'pair',
    async () => undefined,
  );
const scenarios: readonly Scenario[] = [
  scenarioOf('a/call/plain'),
  scenarioOf('a/call/more', { needs: ['RTCDtlsTransport'] }),
  scenarioOf('b/call/adapter', { adapter: ['offerer', 'answerer'] }),
  scenarioOf('b/alone/single'),
  scenarioOf('canary/agent/unknown-command'),
];

interface Plan {
  /** Whether each browser connects. */
  connects: { a: boolean; b: boolean; c: boolean };
  /** Whether pages of answerers load the polyfill. */
  polyfilled: boolean;
  pairs: readonly string[];
  repeat: number;
}

const planned = ({ connects, repeat }: Plan): PlannedCell[] => {
  const pairs = pairsOf(Object.keys(connects));
  return repeated(
    scenarios.flatMap((scenario) => cellsOf(scenario, pairs)),
    repeat,
  );
};

/** Runs a plan as `run` does, or each cell by itself, in browsers that run no cell. */
async function ranIn(dir: string, plan: Plan, together: boolean): Promise<Results> {
  const cells = planned(plan);
  const store = await openStore(dir);
  const finished: Cell[] = [];
  const lenders = Object.entries(plan.connects).map(([id, connects]) =>
    exampleLender(
      id,
      (name, { scripts }) =>
        name !== 'RTCDtlsTransport' &&
        (name !== 'RTCPeerConnection' || connects || scripts.includes(polyfill)),
    ),
  );
  const session = new Session(
    {
      scripts: { offerer: [], answerer: plan.polyfilled ? [polyfill] : [] },
      adapter: { name: 'adapter', source: '' },
      pairs: plan.pairs,
      signal: new AbortController().signal,
      retries: 0,
      timeoutMs: 1000,
      repro: ({ scenario, offerer, answerer }) =>
        `run --pairs ${offerer}:${answerer ?? offerer} --scenarios ${scenario}`,
    },
    { cellFinished: (cell) => finished.push(cell) },
    {
      server: {
        call: () => {
          throw new Error('no cell runs');
        },
      },
      hosts: lenders,
      store,
      scenarios,
      modules: { of: () => [] },
      services: RunningServices.none,
      limits: defaultLimits,
      close: async () => undefined,
    },
  );
  const all = new Together(session, cells);
  await Promise.all(
    cells.map(async (cell, at) => {
      await session.started(cell);
      if (together && (await all.has(cell, at, (record) => record()))) return;
      await session.runCell(cell);
    }),
  );
  await session.close();
  const { run } = exampleHeader();
  const about = { ...run, complete: true, plannedCells: cells.length };
  const stored = await store.finish(
    about,
    [],
    scenarios.map(({ result }) => result),
  );
  expect(finished, 'cells that were said to have finished').to.have.length(cells.length);
  return wholeOf(stored);
}

const said = ({ scenario, offerer, answerer, status, repro }: Cell): string =>
  JSON.stringify([scenario, offerer, answerer, status, repro]);

const plans: fc.Arbitrary<Plan> = fc.record({
  connects: fc.record({ a: fc.boolean(), b: fc.boolean(), c: fc.boolean() }),
  polyfilled: fc.boolean(),
  pairs: fc.constantFrom([], ['*:*'], ['a:*', '*:*'], ['b:c', '*:*']),
  repeat: fc.integer({ min: 1, max: 3 }),
});

describe('a pair that cannot connect', () => {
  let dir: string;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    ({ dir, remove } = await tempDir());
  });
  afterEach(() => remove());

  const none: Plan = {
    connects: { a: true, b: false, c: true },
    polyfilled: false,
    pairs: [],
    repeat: 1,
  };
  const lines = async (): Promise<Cell[]> =>
    (await readFile(join(dir, 'results.jsonl'), 'utf8'))
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Cell);

  it('is one line of results.jsonl and of results.json, with the probes as evidence, and every cell when it is read', async () => {
    const { run, cells } = await ranIn(dir, none, true);
    const entries = (await lines()).filter(({ standsFor }) => standsFor !== undefined);
    expect(entries.map(({ offerer, answerer }) => `${offerer}:${String(answerer)}`)).to.have.members([
      'a:b',
      'b:a',
      'b:b',
      'b:c',
      'c:b',
    ]);
    const first = entries.find(({ offerer, answerer }) => offerer === 'a' && answerer === 'b');
    expect(first?.standsFor).to.deep.equal(['a/call/plain', 'a/call/more', 'b/call/adapter']);
    expect(first?.reason?.message).to.equal('answerer b has no RTCPeerConnection, says its probe');
    // the probe of the plain page and that of the page with adapter differ in their consoles alone
    expect(first?.evidence.map(({ kind, peer, path }) => [kind, peer, path])).to.deep.equal([
      ['trace', 'answerer', 'answerer-probe.json'],
      ['console', 'answerer', 'answerer-console.jsonl'],
      ['screenshot', 'answerer', 'answerer-screenshot.png'],
      ['console', 'answerer', 'answerer-console.2.jsonl'],
    ]);
    const reader = new EvidenceReader(dir);
    for (const each of first?.evidence ?? [])
      expect((await reader.find(each)).state, each.path).to.equal('whole');
    expect((await readFile(join(dir, 'results.json'), 'utf8')).split('\n')).to.have.length(
      (await lines()).length + 3,
    );
    expect(run.complete).to.equal(true);
    expect(cells).to.have.length(run.plannedCells);
  });

  it('has a cell for each scenario where --pairs names the browser', async () => {
    await ranIn(dir, { ...none, pairs: ['b:*'] }, true);
    const entries = (await lines()).filter(({ standsFor }) => standsFor !== undefined);
    expect(entries.map(({ offerer, answerer }) => `${offerer}:${String(answerer)}`)).to.have.members([
      'a:b',
      'c:b',
    ]);
  });

  it('comes to the same as cells that are judged one by one, whatever is planned', async () => {
    await fc.assert(
      fc.asyncProperty(plans, async (plan) => {
        const { dir: here, remove: clean } = await tempDir();
        try {
          const together = await ranIn(join(here, 'together'), plan, true);
          const alone = await ranIn(join(here, 'alone'), plan, false);
          expect(together.cells.map(said)).to.have.members(alone.cells.map(said));
          expect(together.run.complete).to.equal(true);
          for (const { scenario, offerer, answerer, standsFor } of together.cells) {
            if (standsFor === undefined) continue;
            const lacking = Object.entries(plan.connects).flatMap(([id, connects]) =>
              connects || ![offerer, answerer].includes(id) ? [] : [id],
            );
            expect(scenario).not.to.match(/^canary/);
            expect(lacking).not.to.deep.equal([]);
            const pair = { offerer, answerer: answerer ?? '' };
            for (const id of lacking) expect(isAskedFor(plan.pairs, pair, id)).to.equal(false);
          }
          expect((await readRun(join(here, 'together'))).cells).to.deep.equal(together.cells);
        } finally {
          await clean();
        }
      }),
      { numRuns: 25 },
    );
  }).timeout(60_000);
});
