import type { Expectation, Expectations } from '../results/expectations.ts';
import type { Header } from '../results/read-run.ts';
import type { CellOutline } from '../results/outline.ts';
import type { ScenarioResult } from '../results/schema.ts';
import { signatureOf } from '../results/signature.ts';
import { canaryStatus, isAsDue, isUnexpected } from '../results/totals.ts';
import {
  outcomeLetters,
  type newsLetters,
  type CellColumns,
  type ReportCause,
  type ReportIndex,
  type ReportScenario,
} from './data.ts';

type Pair = ReportIndex['pairs'][number];

/** How much of a message the index holds, in characters; the cell has the whole. */
const messageLength = 400;

const shortened = (text: string): string =>
  text.length <= messageLength ? text : `${text.slice(0, messageLength)}…`;

const letters = new Map(Object.entries(outcomeLetters).map(([letter, outcome]) => [outcome, letter]));

/** How an outcome is shown: a canary that came out as it must is due, any other canary that ran is a failure. */
export function outcomeOf(
  cell: Pick<CellOutline, 'scenario' | 'status' | 'flaky' | 'reason'>,
): (typeof outcomeLetters)[keyof typeof outcomeLetters] {
  const { scenario, status, flaky } = cell;
  if (canaryStatus(scenario) !== null && status !== 'notrun') return isAsDue(cell) ? 'due' : 'fail';
  return status === 'pass' && flaky ? 'flaky' : status;
}

/** Things in the order in which they first came, and the place of each. */
class Places<T> {
  readonly all: T[] = [];
  readonly #places = new Map<string, number>();

  /** The place of the thing with this key, which is made if it is new. */
  of(key: string, make: () => T): number {
    const known = this.#places.get(key);
    if (known !== undefined) return known;
    this.#places.set(key, this.all.length);
    return this.all.push(make()) - 1;
  }
}

/** All cells of a run as columns, which refer to everything else by its place. */
export class CellTable {
  readonly #header: Header;
  readonly #expectations: Expectations;
  readonly #scenarios = new Places<ReportScenario>();
  readonly #pairs = new Places<Pair>();
  readonly #causes = new Places<ReportCause>();
  readonly #knowns = new Map<Expectation, number>();
  readonly #scenario: number[] = [];
  readonly #pair: number[] = [];
  readonly #cause: number[] = [];
  readonly #ms: number[] = [];
  readonly #chunks: number[] = [];
  readonly #outcome: string[] = [];
  readonly #news: string[] = [];
  readonly #before: string[] = [];

  constructor(header: Header, expectations: Expectations) {
    this.#header = header;
    this.#expectations = expectations;
    for (const scenario of header.scenarios) this.#scenarioOf(scenario.id, scenario);
  }

  /** How many cells there are. */
  get size(): number {
    return this.#ms.length;
  }

  /** Adds a cell. @returns its place */
  add(cell: CellOutline): number {
    const known = this.#expectations.of(cell);
    this.#scenario.push(this.#scenarioOf(cell.scenario));
    const { offerer, answerer } = cell;
    this.#pair.push(this.#pairs.of(JSON.stringify([offerer, answerer]), () => ({ offerer, answerer })));
    this.#outcome.push(letters.get(outcomeOf(cell)) ?? '');
    const { baseline } = this.#expectations;
    const before = baseline?.of(cell);
    this.#news.push(this.#newsOf(cell, known, before?.outcome === 'bad'));
    if (baseline)
      this.#before.push(before === undefined ? '.' : (letters.get(outcomeOf(before.cells[0])) ?? '.'));
    this.#cause.push(this.#causeOf(cell, known));
    return this.#ms.push(Math.round(cell.durationMs)) - 1;
  }

  /** Notes that the cell added last is the first of a chunk. */
  beginChunk(): void {
    this.#chunks.push(this.size - 1);
  }

  /** The whole table, pairs in the order of the browsers, those of one browser last. */
  end(): { columns: CellColumns; pairs: Pair[]; scenarios: ReportScenario[]; causes: ReportCause[] } {
    const ids = new Map(this.#header.browsers.map(({ id }, at) => [id, at]));
    const rank = (id: string): number => ids.get(id) ?? ids.size;
    const order = this.#pairs.all
      .map((pair, place) => ({ pair, place }))
      .toSorted(
        ({ pair: one }, { pair: other }) =>
          Number(one.answerer === null) - Number(other.answerer === null) ||
          rank(one.offerer) - rank(other.offerer) ||
          rank(one.answerer ?? '') - rank(other.answerer ?? ''),
      );
    const moved = new Map(order.map(({ place }, at) => [place, at]));
    return {
      columns: {
        scenario: this.#scenario,
        pair: this.#pair.map((place) => moved.get(place) ?? place),
        outcome: this.#outcome.join(''),
        news: this.#news.join(''),
        before: this.#before.join(''),
        cause: this.#cause,
        ms: this.#ms,
        chunks: this.#chunks,
      },
      pairs: order.map(({ pair }) => pair),
      scenarios: this.#scenarios.all,
      causes: this.#causes.all,
    };
  }

  #newsOf(cell: CellOutline, known: Expectation | undefined, wasBad: boolean): keyof typeof newsLetters {
    if (isUnexpected(cell, this.#expectations)) return cell.status === 'unsupported' ? 'L' : 'N';
    if (known !== undefined) return 'K';
    return cell.status === 'pass' && !cell.flaky && wasBad ? 'F' : '.';
  }

  #scenarioOf(id: string, declared?: ScenarioResult): number {
    return this.#scenarios.of(id, () => ({
      id,
      title: declared?.title ?? id,
      question: declared?.description ?? '',
      level: declared?.level ?? 'info',
      roles: declared?.roles ?? 'pair',
    }));
  }

  /** For a pass that needed a retry, why the attempt before did not pass; -1 for any other pass. */
  #causeOf(cell: CellOutline, known: Expectation | undefined): number {
    const failed = cell.status === 'pass' ? cell.attempts.findLast(({ status }) => status !== 'pass') : cell;
    if (failed === undefined || (cell.status === 'pass' && !cell.flaky)) return -1;
    const { status, phase, reason } = failed;
    const { repro } = cell;
    const signature = cell.status === 'pass' ? signatureOf(failed) : cell.signature;

    const code = reason?.code ?? '';
    const by = known === undefined ? '' : this.#knownOf(known);
    return this.#causes.of(JSON.stringify([signature, status, code, by]), () => ({
      signature: signature ?? '',
      status,
      phase,
      code,
      message: shortened(reason?.message ?? ''),
      known: known === undefined ? null : { why: known.why, bug: known.bug ?? null, since: null },
      repro,
    }));
  }

  #knownOf(known: Expectation): number {
    const number = this.#knowns.get(known) ?? this.#knowns.size;
    this.#knowns.set(known, number);
    return number;
  }
}
