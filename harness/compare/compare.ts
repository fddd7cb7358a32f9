import { Baseline } from '../results/baseline.ts';
import type { CellKey } from '../results/cell-key.ts';
import { noExpectations, type Expectations } from '../results/expectations.ts';
import type { Cell, Results } from '../results/schema.ts';
import { standingsOf, type Standing } from '../results/standing.ts';
import { isUnexpected } from '../results/totals.ts';
import { changeKinds, type Change, type ChangeKind } from './changes.ts';
import { checkComparable } from './comparable.ts';
import { harmlessKinds, kindOf } from './kind-of.ts';
import { slowerOf } from './slower.ts';

/** A browser of either run, in words: `Firefox 153.7.0`; null if the run does not have it. */
export interface BrowserChange {
  id: string;
  before: string | null;
  after: string | null;
}

/** The differences between two runs. */
export interface Comparison {
  before: Results['run'];
  after: Results['run'];
  /** Every browser of either run, including those that are the same before and after. */
  browsers: BrowserChange[];
  /** The most urgent kinds first; within a kind in the order of the later run. */
  changes: Change[];
  /** Number of keys whose cells had the same outcome. */
  unchanged: number;
}

/**
 * Compares an earlier with a later run. Pure: nothing is read or written.
 *
 * Cells are matched by scenario, offerer and answerer; repetitions made by `--repeat` belong together. Two failures are the
 * same if their signatures are. A scenario with another version is judged differently, which is no regression.
 * A gate uses `worse` of a change, and `isWorse` of the whole; they agree with `run --baseline`, whose
 * `expectations.against(…)` this uses.
 * @param expectations excuse what they know: failures that come `sometimes`, another reason that is known
 * @throws {UsageError} `not-comparable`, with the reason for people
 */
export function compareRuns(
  before: Results,
  after: Results,
  expectations: Expectations = noExpectations,
): Comparison {
  checkComparable(before, after);
  const baseline = new Baseline(before, after.scenarios);
  const judge = expectations.against(baseline, after.browsers);
  const earlier = standingsOf(before.cells);
  const later = standingsOf(after.cells);
  const steady = new Map<string, { before: Standing; after: Standing }>();
  const changes: Change[] = [];
  let unchanged = 0;
  for (const [key, now] of later) {
    const was = earlier.get(key);
    const kind = kindOf(was, now, {
      judgedOtherwise: baseline.judgedOtherwise(now.cells[0]) !== undefined,
      isSame: isSameFailure(was, now, judge),
    });
    if (kind !== null) changes.push(changeOf(kind, was, now, judge));
    else if (was?.outcome === 'pass' && now.outcome === 'pass') steady.set(key, { before: was, after: now });
    else unchanged += 1;
  }
  const slower = slowerOf(steady);
  unchanged += steady.size - slower.size;
  for (const [key, pace] of slower) {
    const both = steady.get(key);
    if (both) changes.push({ ...changeOf('slower', both.before, both.after, judge), pace });
  }
  for (const [key, was] of earlier) {
    if (!later.has(key) && was.outcome !== 'left-out') changes.push(gone(was));
  }
  return {
    before: before.run,
    after: after.run,
    browsers: browsersOf(before, after),
    changes: changes.toSorted((a, b) => changeKinds.indexOf(a.kind) - changeKinds.indexOf(b.kind)),
    unchanged,
  };
}

/** Whether anything got worse. */
export const isWorse = ({ changes }: Comparison): boolean => changes.some(({ worse }) => worse);

/**
 * Whether every failure now was there before: by its signature, or because both have one known cause, e.g. when only
 * the wording of the harness has changed.
 */
function isSameFailure(was: Standing | undefined, now: Standing, judge: Expectations): boolean {
  if (was === undefined) return false;
  if (now.outcome === 'flaky') return [...now.seen].every((failure) => was.seen.has(failure));
  if ([...now.failures].every((failure) => was.failures.has(failure))) return true;
  const known = new Set(judged(now).map((cell) => judge.causeOf(cell)));
  return !known.has(undefined) && judged(was).every((cell) => known.has(judge.causeOf(cell)));
}

/** Its cells except those that were left out, about which nothing can be known. */
const judged = ({ cells }: Standing): Cell[] =>
  cells.filter(({ status }) => status !== 'skipped' && status !== 'notrun');

function changeOf(kind: ChangeKind, was: Standing | undefined, now: Standing, judge: Expectations): Change {
  const unexpected = now.cells.filter((cell) => isUnexpected(cell, judge));
  const known = judge.ofAny(now.cells);
  return {
    ...keyIn(now),
    kind,
    before: was ?? null,
    after: now,
    worse: !harmlessKinds.includes(kind) && unexpected.length > 0,
    known: unexpected.length === 0 ? known : undefined,
    pace: undefined,
  };
}

const gone = (was: Standing): Change => ({
  ...keyIn(was),
  kind: 'gone',
  before: was,
  after: null,
  worse: false,
  known: undefined,
  pace: undefined,
});

const keyIn = ({ cells: [{ scenario, offerer, answerer }] }: Standing): CellKey => ({
  scenario,
  offerer,
  answerer,
});

function browsersOf(before: Results, after: Results): BrowserChange[] {
  const words = ({ browsers }: Results): Map<string, string> =>
    new Map(browsers.map(({ id, product, version }) => [id, `${product} ${version}`]));
  const [was, is] = [words(before), words(after)];
  return [...new Set([...is.keys(), ...was.keys()])].map((id) => ({
    id,
    before: was.get(id) ?? null,
    after: is.get(id) ?? null,
  }));
}
