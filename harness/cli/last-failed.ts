import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import { isCanary, type PlannedCell } from '../matrix/plan.ts';
import { keyOf } from '../results/cell-key.ts';
import { readExpectationFile, Expectations } from '../results/expectations.ts';
import type { Results } from '../results/schema.ts';
import { isMissing, isUnexpected } from '../results/totals.ts';
import { readWholeRun } from '../results/whole-run.ts';

/** The run that `--last-failed` means if it names none. */
export const latestRun = join('reports', 'latest');

/** The keys of the cells that made a run fail: what was unexpected in it, and what it did not reach. */
function failedKeys({ cells }: Results, expectations: Expectations): Set<string> {
  return new Set(cells.filter((cell) => isUnexpected(cell, expectations) || isMissing(cell)).map(keyOf));
}

/**
 * Reduces a plan to the cells that failed in an earlier run, and the canaries.
 * @param expectationFile what was known about failures: a known one is not run again
 * @throws {UsageError} `nothing-failed` if none failed; by the returned function, `nothing-selected` if none is in the plan
 */
export async function onlyFailed(
  run: string,
  expectationFile: string,
): Promise<(planned: readonly PlannedCell[]) => PlannedCell[]> {
  const results = await readWholeRun(run);
  const known = await readExpectationFile(expectationFile);
  const failed = failedKeys(results, new Expectations(known, results.browsers));
  if (failed.size === 0) {
    throw new UsageError('nothing-failed', `Nothing failed in ${run}, so there is nothing to run again.`);
  }
  return (planned) => {
    if (planned.some((cell) => failed.has(keyOf(cell))))
      return planned.filter((cell) => isCanary({ id: cell.scenario }) || failed.has(keyOf(cell)));
    throw new UsageError(
      'nothing-selected',
      `None of the cells that failed in ${run} (${failed.size}) is in this plan. Its browsers are ${results.browsers.map(({ id }) => id).join(', ')}; name them with --browsers, and select no other scenarios.`,
    );
  };
}
