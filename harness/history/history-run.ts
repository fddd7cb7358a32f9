import { outcomeLetters } from '../report/data.ts';
import { nameOfPair, type Outcome as Shown, type Pair } from '../report/page/model.ts';
import { canaryStatus } from '../results/canary.ts';
import type { Outcome } from '../results/standing.ts';
import type { RunCause, RunData, RunEntry, ScenarioTable } from './schema.ts';

/** A letter of `outcomeLetters`, or `.` for a cell that is not there. */
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

/** Whether cells of this letter say why. */
export const hasReason = (letter: Letter): boolean => 'ftceuk'.includes(letter);

/** What a letter is in the words of the report; undefined for a cell that is not there. */
export const shownOf = (letter: Letter): Shown | undefined => shown.get(letter);

/** What a letter comes to; undefined for a cell that is not there. */
export function outcomeOfLetter(letter: Letter): Outcome | undefined {
  const word = shown.get(letter);
  return word === undefined ? undefined : standing[word];
}

/** What a run says about the cells of one scenario and pair. */
export interface Stood {
  letter: Letter;
  outcome: Outcome;
  /** Why, for people: of what stands; where all of that passed, of attempts that a retry replaced. */
  causes: readonly RunCause[];
  /** Why, of the cells themselves: what they are judged by. */
  stands: readonly RunCause[];
  /** The signatures of the cells that failed, as `Standing.failures`. */
  failures: ReadonlySet<string>;
  /** Those of all failures that were seen, attempts before a retry included, as `Standing.seen`. */
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
  /** By place of the pair, the place in `why` of each cell; made when it is asked for. */
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

  /** The version of the scenario; undefined where the run does not have it. */
  version(scenario: string): number | undefined {
    return this.scenarios[this.#scenarioPlaces.get(scenario) ?? -1]?.version;
  }

  /** The versions of the browsers of a pair, as one text: where it is the same, so are they. */
  versionsOf({ offerer, answerer }: Pair): string {
    return [offerer, answerer].map((id) => (id === null ? '' : (this.#versions.get(id) ?? ''))).join(' → ');
  }

  /** Undefined where the run has no such cell. */
  of(scenario: string, pair: string): Stood | undefined {
    const letter = this.letter(scenario, pair);
    const outcome = outcomeOfLetter(letter);
    if (outcome === undefined) return undefined;
    const reason = hasReason(letter) ? this.#reasonAt(scenario, pair) : undefined;
    const stands = this.#causes(reason?.stands);
    // As in `standingOf`: how a canary fails tells no failures apart.
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

/** Runs share their tables of scenarios: the places in one are made once. */
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
