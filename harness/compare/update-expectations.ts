import { keyOf } from '../results/cell-key.ts';
import { Expectations, type Expectation, type ExpectationFile } from '../results/expectations.ts';
import type { Cell, Results } from '../results/schema.ts';
import { failuresIn, type Agreed } from './agree.ts';
import { updateLacks, type LacksUpdate } from './update-lacks.ts';

/** An expectation file that fits some runs, and the differences. */
export interface ExpectationsUpdate extends LacksUpdate {
  file: ExpectationFile;
  /** Failures without an expectation on which the runs agree, or that occurred only sometimes. */
  added: Agreed[];
  /** Expectations whose cells pass. */
  dropped: Expectation[];
  /** Expectations without `sometimes` whose cells fail only sometimes. */
  nowSometimes: Expectation[];
  /** Failures of cells that were run only once: they may not occur again, so nothing excuses them. */
  seenOnce: Agreed[];
}

/** What the runs say about one expectation. */
interface Observed {
  passes: boolean;
  meets: boolean;
  /** Some cell met it and also passed at another time, with the same versions. */
  flakes: boolean;
}

const versionsOf = ({ browsers }: Results, { offerer, answerer }: Cell): (string | undefined)[] =>
  [offerer, answerer].map((id) => browsers.find((browser) => browser.id === id)?.version);

function observe(expectation: Expectation, runs: readonly Results[]): Observed {
  const met = new Set<string>();
  const passed = new Set<string>();
  for (const run of runs) {
    const alone = new Expectations({ expectations: [expectation] }, run.browsers);
    for (const cell of run.cells) {
      if (alone.about(cell).length === 0) continue;
      const key = JSON.stringify([keyOf(cell), versionsOf(run, cell)]);
      if (alone.of(cell) !== undefined) met.add(key);
      else if (cell.status === 'pass') passed.add(key);
      // a pass that needed a further attempt failed before
      if (cell.flaky) met.add(key);
    }
  }
  return { passes: passed.size > 0, meets: met.size > 0, flakes: [...met].some((key) => passed.has(key)) };
}

/** The runs without the cells of scenarios that a later version judges differently. */
function asJudgedNow(runs: readonly Results[]): Results[] {
  const newest = new Map<string, number>();
  for (const { id, version } of runs.flatMap(({ scenarios }) => scenarios))
    newest.set(id, Math.max(version, newest.get(id) ?? 0));
  return runs.map((run) => {
    const old = new Set(
      run.scenarios.filter(({ id, version }) => version !== newest.get(id)).map(({ id }) => id),
    );
    return { ...run, cells: run.cells.filter(({ scenario }) => !old.has(scenario)) };
  });
}

/**
 * Updates an expectation file from several runs. Hand-written reasons stay; what no longer holds is removed; a failure that
 * does not occur every time is never excused without `sometimes`. Pure.
 */
export function updateExpectations(file: ExpectationFile, all: readonly Results[]): ExpectationsUpdate {
  const runs = asJudgedNow(all);
  const dropped: Expectation[] = [];
  const nowSometimes: Expectation[] = [];
  const kept = file.expectations.flatMap((expectation): Expectation[] => {
    const { passes, meets, flakes } = observe(expectation, runs);
    if (expectation.sometimes === true) return [expectation];
    if (passes && !meets) {
      dropped.push(expectation);
      return [];
    }
    if (!flakes) return [expectation];
    nowSometimes.push(expectation);
    return [{ ...expectation, sometimes: true }];
  });
  const known = new Map(runs.map((run) => [run, new Expectations({ expectations: kept }, run.browsers)]));
  const unknown = failuresIn(runs).filter(({ cells }) =>
    cells.some(({ run, cell }) => known.get(run)?.of(cell) === undefined),
  );
  const added = unknown.filter(({ of }) => of > 1);
  const lacks = updateLacks(file.lacks, runs);
  return {
    ...lacks,
    file: {
      expectations: [...kept, ...added.map(({ expectation }) => expectation)],
      lacks: lacks.lacks,
    },
    added,
    dropped,
    nowSometimes,
    seenOnce: unknown.filter(({ of }) => of === 1),
  };
}
