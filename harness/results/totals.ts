import { canaryStatus, isAsDue } from './canary.ts';
import { noExpectations, type Expectations } from './expectations.ts';
import type { RunOutline } from './outline.ts';
import type { Attempt, Cell, Problem, Run, Status } from './schema.ts';

export { canaryStatus, isAsDue } from './canary.ts';

const bad: readonly Status[] = ['fail', 'timeout', 'crash', 'error'];

/**
 * Whether a cell came out as it should not: a canary that is anything but what it must be; any other cell that is
 * fail, timeout, crash or error and whose failure is not a known one; one that lost support; with `--fail-on-flaky`
 * a flaky pass. A cell that was not run has no outcome; `isMissing` covers it.
 */
export function isUnexpected(cell: Judged, expectations: Expectations = noExpectations): boolean {
  if (canaryStatus(cell.scenario) !== null) return !isAsDue(cell) && cell.status !== 'notrun';
  if (cell.status === 'unsupported') return expectations.lost(cell) !== undefined;
  if (cell.status === 'pass') return cell.flaky && expectations.failsOnFlaky;
  return bad.includes(cell.status) && expectations.of(cell) === undefined;
}

type Judged = Pick<Cell, 'scenario' | 'offerer' | 'answerer' | 'status' | 'reason' | 'signature' | 'flaky'>;

/** Whether a cell leaves the run incomplete: it was not reached, or its browser would not start. */
export const isMissing = ({ status, phase }: Pick<Cell, 'status' | 'phase'>): boolean =>
  status === 'notrun' || (phase === 'launch' && (status === 'error' || status === 'crash'));

/** How often a browser crashed, every attempt counted. */
export const crashesIn = (cells: readonly { attempts: readonly Pick<Attempt, 'status'>[] }[]): number =>
  cells.flatMap(({ attempts }) => attempts).filter(({ status }) => status === 'crash').length;

/** What went wrong in a run that no cell shows. */
export const problemsOf = ({ problems = [] }: Pick<Run, 'problems'>): readonly Problem[] => problems;

/** The exit code of a run: 130 interrupted, 3 incomplete or empty, 1 something unexpected, 0 nothing unexpected. */
export function exitCodeOf(
  { run, cells }: Pick<RunOutline, 'run' | 'cells'>,
  expectations: Expectations = noExpectations,
): 0 | 1 | 3 | 130 {
  if (run.interrupted) return 130;
  if (!run.complete || cells.length === 0 || cells.some(isMissing)) return 3;
  if (problemsOf(run).length > 0) return 1;
  return cells.some((cell) => isUnexpected(cell, expectations)) || expectations.outdated(cells) > 0 ? 1 : 0;
}
