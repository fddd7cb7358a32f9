import { canaryStatus, isAsDue } from './canary.ts';
import { areaOf } from './cell-key.ts';
import { noExpectations, type Expectations } from './expectations.ts';
import type { RunOutline } from './outline.ts';
import type { Attempt, Cell, Problem, Run, Status } from './schema.ts';

export { canaryStatus, isAsDue } from './canary.ts';

/** How many cells came out as what. */
export type Counts = Record<Status, number>;

export interface Totals {
  all: Counts;
  /** By area, in the order in which the cells name them. */
  areas: Map<string, Counts>;
  /** By browser id; a cell counts for each of its sides, once for a browser with itself. */
  browsers: Map<string, Counts>;
  /** Passes that needed a retry. */
  flaky: number;
  /** Crashes of browsers, those that came to something else when they were run again included. */
  crashes: number;
}

const bad: readonly Status[] = ['fail', 'timeout', 'crash', 'error'];

/**
 * Whether a cell came out as it should not: a canary that is anything but what it must be; any other cell that is
 * fail, timeout, crash or error and whose failure is not a known one; one that lost support; with `--fail-on-flaky`
 * a flaky pass. A cell that was not run came out as nothing; `isMissing` is for it.
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

export const noCounts = (): Counts => ({
  pass: 0,
  fail: 0,
  timeout: 0,
  crash: 0,
  unsupported: 0,
  error: 0,
  skipped: 0,
  notrun: 0,
});

/** Counts cells by status. */
export function countsOf(cells: readonly Pick<Cell, 'status'>[]): Counts {
  const counts = noCounts();
  for (const { status } of cells) counts[status] += 1;
  return counts;
}

/** Counts as words, worst first, nothing that is zero: `1 fail · 12 pass`. */
export const countsInWords = (counts: Counts): string =>
  worstFirst
    .filter((status) => counts[status] > 0)
    .map((status) => `${counts[status]} ${status}`)
    .join(' · ');

/** The order in which a sum of cells is judged: the first that occurs decides how it looks. */
export const worstFirst = [
  'crash',
  'error',
  'fail',
  'timeout',
  'notrun',
  'unsupported',
  'skipped',
  'pass',
] as const satisfies readonly Status[];

/** How often a browser crashed, every attempt counted. */
export const crashesIn = (cells: readonly { attempts: readonly Pick<Attempt, 'status'>[] }[]): number =>
  cells.flatMap(({ attempts }) => attempts).filter(({ status }) => status === 'crash').length;

export function totalsOf({ cells }: Pick<RunOutline, 'cells'>): Totals {
  const areas = new Map<string, Counts>();
  const browsers = new Map<string, Counts>();
  const count = (counts: Map<string, Counts>, name: string, status: Status): void => {
    const at = counts.get(name) ?? noCounts();
    at[status] += 1;
    counts.set(name, at);
  };
  for (const { scenario, offerer, answerer, status } of cells) {
    count(areas, areaOf(scenario), status);
    for (const id of new Set([offerer, answerer ?? offerer])) count(browsers, id, status);
  }
  return {
    all: countsOf(cells),
    areas,
    browsers,
    flaky: cells.filter((cell) => cell.flaky).length,
    crashes: crashesIn(cells),
  };
}

/** What went wrong in a run that no cell says. */
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
