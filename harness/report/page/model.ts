import {
  newsLetters,
  outcomeLetters,
  type ReportCause,
  type ReportIndex,
  type ReportScenario,
} from '../data.ts';
import { areaOf } from '../../results/cell-key.ts';

export type Outcome = (typeof outcomeLetters)[keyof typeof outcomeLetters];
export type News = (typeof newsLetters)[keyof typeof newsLetters];
export type Pair = ReportIndex['pairs'][number];

/** The cells of a report by number, in the form that the page needs. */
export interface Model {
  index: ReportIndex;
  /** How many cells there are. */
  size: number;
  /** In the order of the scenarios, the canaries last. */
  areas: string[];
  /** The area of each scenario. */
  areaOfScenario: string[];
  /** The text of each scenario that a search looks at: id, title and question, in lower case. */
  searched: string[];
  /** The pairs with a browser that cannot connect at all; their cells say nothing else. */
  outOfIt: ReadonlySet<number>;
  scenario(cell: number): ReportScenario;
  pair(cell: number): Pair;
  outcome(cell: number): Outcome;
  news(cell: number): News;
  /** Its outcome in the baseline; null if it was not there. */
  before(cell: number): Outcome | null;
  /** Why it is not a pass; undefined for a pass. */
  cause(cell: number): ReportCause | undefined;
  /** Which of the cells of one scenario and pair it is, from 1: `--repeat` makes several. */
  repeat(cell: number): number;
  /** The cells of one scenario and pair in order. */
  cellsAt(scenario: number, pair: number): number[];
  scenarioById(id: string): number | undefined;
  pairByName(name: string): number | undefined;
}

const nth = <T>(list: readonly T[], at: number | undefined): T => {
  const found = at === undefined ? undefined : list[at];
  if (found === undefined) throw new RangeError(`The report's index names ${String(at)}, which is not there`);
  return found;
};

const outcomes: ReadonlyMap<string, Outcome> = new Map(Object.entries(outcomeLetters));
const news: ReadonlyMap<string, News> = new Map(Object.entries(newsLetters));

/** What the letters of a column stand for, so that a search through all cells need not look any of them up. */
const meaningsOf = <T>(letters: string, meanings: ReadonlyMap<string, T>, otherwise: T): T[] =>
  Array.from(letters, (letter) => meanings.get(letter) ?? otherwise);

/** `firefox:chromium`, as `--pairs` spells it; for one browser, its id. Addresses are made from it. */
export const nameOfPair = ({ offerer, answerer }: Pair): string =>
  answerer === null ? offerer : `${offerer}:${answerer}`;

export function modelOf(index: ReportIndex): Model {
  const { scenarios, pairs, cells, causes, browsers } = index;
  const size = cells.scenario.length;
  const ids = new Map(scenarios.map(({ id }, at) => [id, at]));
  const names = new Map(pairs.map((pair, at) => [nameOfPair(pair), at]));
  const areaOfScenario = scenarios.map(({ id }) => areaOf(id));
  const isCanary = (area: string): number => (area === 'canary' ? 1 : 0);
  const connects = new Map(browsers.map((browser) => [browser.id, browser.connects]));
  const place = (cell: number): number => nth(cells.scenario, cell) * pairs.length + nth(cells.pair, cell);
  /** The first cell of each place, and the next cell of the same place for each cell; -1 for none. */
  const first = new Int32Array(scenarios.length * pairs.length).fill(-1);
  const last = new Int32Array(first.length).fill(-1);
  const next = new Int32Array(size).fill(-1);
  const repeats = new Uint16Array(size);
  for (let cell = 0; cell < size; cell += 1) {
    const at = place(cell);
    const before = last[at] ?? -1;
    if (before < 0) first[at] = cell;
    else next[before] = cell;
    repeats[cell] = before < 0 ? 1 : (repeats[before] ?? 0) + 1;
    last[at] = cell;
  }
  const outcomeAt = meaningsOf(cells.outcome, outcomes, 'notrun');
  const newsAt = meaningsOf(cells.news, news, 'none');
  return {
    index,
    size,
    areas: [...new Set(areaOfScenario)].toSorted((one, other) => isCanary(one) - isCanary(other)),
    areaOfScenario,
    searched: scenarios.map(({ id, title, question }) => `${id}\n${title}\n${question}`.toLowerCase()),
    outOfIt: new Set(
      pairs.flatMap(({ offerer, answerer }, at) =>
        answerer !== null && [offerer, answerer].some((id) => connects.get(id) === false) ? [at] : [],
      ),
    ),
    scenario: (cell) => nth(scenarios, cells.scenario[cell]),
    pair: (cell) => nth(pairs, cells.pair[cell]),
    outcome: (cell) => outcomeAt[cell] ?? 'notrun',
    news: (cell) => newsAt[cell] ?? 'none',
    before: (cell) => outcomes.get(cells.before[cell] ?? '') ?? null,
    cause: (cell) => causes[cells.cause[cell] ?? -1],
    repeat: (cell) => repeats[cell] ?? 1,
    cellsAt(scenario, pair) {
      const found: number[] = [];
      for (let cell = first[scenario * pairs.length + pair] ?? -1; cell >= 0; cell = next[cell] ?? -1)
        found.push(cell);
      return found;
    },
    scenarioById: (id) => ids.get(id),
    pairByName: (name) => names.get(name),
  };
}

/** Counts of some cells. */
export interface Tally {
  cells: number;
  /** Those with an outcome that a browser is judged by: passes and failures. */
  judged: number;
  passed: number;
  new: number;
  known: number;
  lost: number;
  fixed: number;
  flaky: number;
  unsupported: number;
}

export const noTally = (): Tally => ({
  cells: 0,
  judged: 0,
  passed: 0,
  new: 0,
  known: 0,
  lost: 0,
  fixed: 0,
  flaky: 0,
  unsupported: 0,
});

/** Adds a cell to a tally. */
export function tell(model: Model, tally: Tally, cell: number): void {
  const outcome = model.outcome(cell);
  const news = model.news(cell);
  tally.cells += 1;
  if (outcome === 'unsupported') tally.unsupported += 1;
  else if (outcome !== 'skipped' && outcome !== 'notrun') tally.judged += 1;
  if (outcome === 'pass' || outcome === 'flaky' || outcome === 'due') tally.passed += 1;
  if (outcome === 'flaky') tally.flaky += 1;
  if (news !== 'none') tally[news] += 1;
}

/** Tallies by area and pair, and over all. */
export interface Matrix {
  all: Tally;
  /** By place of the pair. */
  pairs: Tally[];
  areas: { name: string; pairs: Tally[] }[];
}

/** Canaries have an area of their own and count towards no pair; a pair that cannot connect counts towards no sum. */
export function matrixOf(model: Model): Matrix {
  const { cells, pairs } = model.index;
  const tallies = new Map(model.areas.map((area) => [area, pairs.map(noTally)]));
  const byPair = pairs.map(noTally);
  const all = noTally();
  for (let cell = 0; cell < model.size; cell += 1) {
    const pair = cells.pair[cell] ?? 0;
    const area = nth(model.areaOfScenario, cells.scenario[cell]);
    tell(model, nth(tallies.get(area) ?? [], pair), cell);
    if (area === 'canary') continue;
    tell(model, nth(byPair, pair), cell);
    if (!model.outOfIt.has(pair)) tell(model, all, cell);
  }
  return { all, pairs: byPair, areas: [...tallies].map(([name, of]) => ({ name, pairs: of })) };
}
