import { outcomeLetters } from '../report/data.ts';
import { nameOfPair, type Outcome as Shown, type Pair } from '../report/page/model.ts';
import { canaryStatus } from '../results/canary.ts';
import type { Outcome } from '../results/standing.ts';
import type { RunCause, RunData, RunEntry, ScenarioTable } from './schema.ts';

/** A letter of `outcomeLetters`, or `.` for a cell that does not exist. */
export type Letter = string;

const shown: ReadonlyMap<string, Shown> = new Map(Object.entries(outcomeLetters));
const standing: Readonly<Record<Shown, Outcome>> = {
  pass: 'pass',
  due: 'pass',
  flaky: 'flaky',
  fail: 'bad',
  timeout: 'bad',
  crash: 'bad',
  error: 'bad',
  unsupported: 'unsupported',
  skipped: 'left-out',
  notrun: 'left-out',
};

/** Whether cells with this letter have a reason. */
export const hasReason = (letter: Letter): boolean => 'ftceuk'.includes(letter);

/** The report's word for a letter; undefined for a cell that does not exist. */
export const shownOf = (letter: Letter): Shown | undefined => shown.get(letter);

/** The outcome that a letter stands for; undefined for a cell that does not exist. */
export function outcomeOfLetter(letter: Letter): Outcome | undefined {
  const word = shown.get(letter);
  return word === undefined ? undefined : standing[word];
}

/** What a run says about the cells of one scenario and pair. */
export interface Stood {
  letter: Letter;
  outcome: Outcome;
  /** Why, for people: the causes of outcomes that stand or, if all of those passed, of attempts that a retry replaced. */
  causes: readonly RunCause[];
  /** The causes of the cells themselves: what they are judged by. */
  stands: readonly RunCause[];
  /** The signatures of the cells that failed, like `Standing.failures`. */
  failures: ReadonlySet<string>;
  /** The signatures of all failures that were seen, including attempts before a retry, like `Standing.seen`. */
  seen: ReadonlySet<string>;
}

export const isBad = ({ status }: Pick<RunCause, 'status'>): boolean =>
  status === 'fail' || status === 'timeout' || status === 'crash' || status === 'error';

/** A run of a site. Cells are named by id of the scenario and name of the pair (`firefox:chromium`). */
export class HistoryRun {
  readonly entry: RunEntry;
  readonly scenarios: ScenarioTable;
  readonly pairs: readonly Pair[];
  readonly compat: string | null;
  readonly #data: RunData;
  readonly #scenarioPlaces: ReadonlyMap<string, number>;
  readonly #pairPlaces: ReadonlyMap<string, number>;
  readonly #versions: ReadonlyMap<string, string>;
  /** By place of the pair, the place in `why` of each cell; made on first use. */
  #why: Int32Array[] | undefined;

  /** @param data what the file of the run has */
  constructor(entry: RunEntry, data: RunData, scenarios: ScenarioTable) {
    this.entry = entry;
    this.scenarios = scenarios;
    this.pairs = data.pairs;
    this.compat = data.compat;
    this.#data = data;
    this.#scenarioPlaces = placesIn(scenarios);
    this.#pairPlaces = new Map(data.pairs.map((pair, at) => [nameOfPair(pair), at]));
    this.#versions = new Map(entry.browsers.map(({ id, version }) => [id, version]));
  }

  letter(scenario: string, pair: string): Letter {
    const row = this.#data.outcomes[this.#pairPlaces.get(pair) ?? -1];
    return row?.[this.#scenarioPlaces.get(scenario) ?? -1] ?? '.';
  }

  /** The version of the scenario; undefined if the run does not have it. */
  version(scenario: string): number | undefined {
    return this.scenarios[this.#scenarioPlaces.get(scenario) ?? -1]?.version;
  }

  /** The versions of the browsers of a pair, as one text: equal texts mean equal versions. */
  versionsOf({ offerer, answerer }: Pair): string {
    return [offerer, answerer].map((id) => (id === null ? '' : (this.#versions.get(id) ?? ''))).join(' → ');
  }

  /** Undefined if the run has no such cell. */
  of(scenario: string, pair: string): Stood | undefined {
    const letter = this.letter(scenario, pair);
    const outcome = outcomeOfLetter(letter);
    if (outcome === undefined) return undefined;
    const reason = hasReason(letter) ? this.#reasonAt(scenario, pair) : undefined;
    const stands = this.#causes(reason?.stands);
    // As in `standingOf`: the failures of a canary are not told apart.
    const failures = canaryStatus(scenario) === null ? stands.filter(isBad) : [];
    const retried = this.#causes(reason?.retried).filter(isBad);
    return {
      letter,
      outcome,
      causes: stands.length > 0 ? stands : retried,
      stands,
      failures: new Set(failures.map(({ signature }) => signature)),
      seen: new Set([...failures, ...retried].map(({ signature }) => signature)),
    };
  }

  #causes(places: readonly number[] = []): RunCause[] {
    return places.flatMap((at) => this.#data.causes[at] ?? []);
  }

  #reasonAt(scenario: string, pair: string): RunData['reasons'][number] | undefined {
    this.#why ??= whyPlaces(this.#data);
    const place = this.#why[this.#pairPlaces.get(pair) ?? -1]?.[this.#scenarioPlaces.get(scenario) ?? -1];
    return this.#data.reasons[this.#data.why[place ?? -1] ?? -1];
  }
}

/** Runs share their tables of scenarios: the places in each are computed once. */
const places = new WeakMap<ScenarioTable, ReadonlyMap<string, number>>();

function placesIn(scenarios: ScenarioTable): ReadonlyMap<string, number> {
  const known = places.get(scenarios) ?? new Map(scenarios.map(({ id }, at) => [id, at]));
  places.set(scenarios, known);
  return known;
}

function whyPlaces({ outcomes }: RunData): Int32Array[] {
  let next = 0;
  return outcomes.map((row) => Int32Array.from(row, (letter) => (hasReason(letter) ? next++ : -1)));
}
