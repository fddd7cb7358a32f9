import type { Expectations } from '../results/expectations.ts';
import type { CellOutline } from '../results/outline.ts';
import type { Attempt } from '../results/schema.ts';
import { canaryStatus, isUnexpected } from '../results/totals.ts';

/** The outcome of a cell as formats for CI systems know it. */
export interface CiOutcome {
  /**
   * `failed` is what makes the run fail, except for `broken`: the harness's own errors, and cells that were not reached.
   * `skipped` is what is unsupported or left out, and what failed as it is known to.
   */
  kind: 'passed' | 'failed' | 'broken' | 'skipped';
  /** What a reader has to know, in one sentence; null for a pass. */
  why: string | null;
}

/** The outcome of an attempt or a cell, and why: `timeout@ice: waited 15000 ms …`. */
export const reasonText = ({ status, phase, reason }: Pick<Attempt, 'status' | 'phase' | 'reason'>): string =>
  `${status}${phase === null ? '' : `@${phase}`}: ${reason?.message ?? 'not as it must be'}`;

export function ciOutcomeOf(cell: CellOutline, expectations: Expectations): CiOutcome {
  const { scenario, status } = cell;
  const isCanary = canaryStatus(scenario) !== null;
  if (status === 'notrun' || (status === 'error' && !isCanary))
    return { kind: 'broken', why: reasonText(cell) };
  if (isUnexpected(cell, expectations)) return { kind: 'failed', why: unexpectedText(cell, expectations) };
  if (isCanary || status === 'pass') return { kind: 'passed', why: null };
  const known = expectations.of(cell);
  if (!known) return { kind: 'skipped', why: reasonText(cell) };
  const bug = known.bug === undefined ? '' : ` ${known.bug}`;
  return { kind: 'skipped', why: `known ${status}: ${known.why}${bug}` };
}

function unexpectedText(cell: CellOutline, expectations: Expectations): string {
  if (cell.status === 'pass') return `flaky: it passed after ${cell.attempts.length - 1} further attempts`;
  const lost = expectations.lost(cell);
  return lost === undefined ? reasonText(cell) : `lost support: ${lost}; ${reasonText(cell)}`;
}

/** The attempts before the one that the cell stands for, in order. */
export const earlierAttempts = <T>({ attempts }: { attempts: readonly T[] }): T[] => attempts.slice(0, -1);
