import { noExpectations, type Expectations } from '../results/expectations.ts';
import type { CellOutline, RunOutline } from '../results/outline.ts';
import type { Verdict } from './data.ts';
import { canaryStatus, crashesIn, isAsDue, isMissing, isUnexpected, problemsOf } from '../results/totals.ts';

const count = (number: number, one: string, many = `${one}s`): string =>
  `${number} ${number === 1 ? one : many}`;

export function verdictOf({ run, cells }: RunOutline, expectations: Expectations = noExpectations): Verdict {
  const missing = cells.filter(isMissing).length;
  const reported = cells.filter(({ status }) => status !== 'notrun').length;
  const unexpected = cells.filter((cell) => isUnexpected(cell, expectations)).length;
  const known = cells.filter((cell) => expectations.of(cell) !== undefined).length;
  const problems = problemsOf(run).length;
  const late = problems === 0 ? '' : ` and ${count(problems, 'error')} that no cell has`;
  const bad = `${count(unexpected, 'unexpected outcome')} in ${count(reported, 'cell')}${late}`;
  const unsupported = cells.filter(({ status }) => status === 'unsupported').length;
  // most of a browser that connects nobody are known before the first call
  const without = unsupported === 0 ? '' : ` (${unsupported} unsupported)`;
  const of = `${reported} of ${count(run.plannedCells, 'planned cell')} reported${without}`;
  if (run.interrupted) return { kind: 'incomplete', sentence: `Interrupted: ${of}, ${bad}.` };
  if (!run.complete || cells.length === 0)
    return { kind: 'incomplete', sentence: `Incomplete: ${of}, ${bad}.` };
  if (missing > 0)
    return {
      kind: 'incomplete',
      sentence: `Incomplete: a browser would not start for ${count(missing, 'cell')}; ${bad}.`,
    };
  const crashes = crashesIn(cells);
  const flaky = cells.filter((cell) => cell.flaky).length;
  const others = `${known === 0 ? '' : `; ${count(known, 'known failure')}`}${flaky === 0 ? '' : `; ${count(flaky, 'flaky pass', 'flaky passes')}`}${crashes === 0 ? '' : `; browsers crashed ${count(crashes, 'time')}`}.`;
  const outdated = expectations.outdated(cells);
  const strict =
    outdated === 0
      ? ''
      : `; ${count(outdated, 'expectation holds', 'expectations hold')} no longer (--strict)`;
  if (unexpected > 0 || outdated > 0 || problems > 0)
    return { kind: 'bad', sentence: `${bad}${strict}${others}` };
  return { kind: 'good', sentence: `Nothing unexpected in ${count(reported, 'cell')}${others}` };
}

/** A run's cells as totals count them: the canaries, which are good when they say no, are kept apart. */
export function countedCells({ cells }: Pick<RunOutline, 'cells'>): {
  counted: CellOutline[];
  canaries: string | null;
} {
  const canaries = cells.filter(({ scenario }) => canaryStatus(scenario) !== null);
  const good = canaries.filter(isAsDue).length;
  return {
    counted: cells.filter(({ scenario }) => canaryStatus(scenario) === null),
    canaries:
      canaries.length === 0
        ? null
        : `${good} of ${count(canaries.length, 'canary', 'canaries')} as they must be`,
  };
}
