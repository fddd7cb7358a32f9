import { isAsDue, canaryStatus } from './canary.ts';
import { keyOf } from './cell-key.ts';
import type { Cell } from './schema.ts';
import { signatureOf } from './signature.ts';

/**
 * The outcome of the cells with one key: `flaky` if some attempt passed and some failed, `bad` if none passed,
 * `left-out` if none was run. A canary passes if it comes out as it must.
 */
export type Outcome = 'pass' | 'flaky' | 'bad' | 'unsupported' | 'left-out';

/** What a run says about one key. */
export interface Standing {
  outcome: Outcome;
  /** At least one; several if `--repeat` made them. */
  cells: readonly [Cell, ...Cell[]];
  /** The signatures of the cells that failed. */
  failures: ReadonlySet<string>;
  /** The signatures of all failures that were seen, including attempts before a retry. */
  seen: ReadonlySet<string>;
}

function outcomeOfOne(cell: Cell): Outcome {
  const { scenario, status, flaky } = cell;
  if (status === 'notrun' || status === 'skipped') return 'left-out';
  if (canaryStatus(scenario) !== null) return isAsDue(cell) ? 'pass' : 'bad';
  if (status === 'pass') return flaky ? 'flaky' : 'pass';
  return status === 'unsupported' ? 'unsupported' : 'bad';
}

function outcomeOf(outcomes: ReadonlySet<Outcome>): Outcome {
  if (outcomes.has('flaky') || (outcomes.has('pass') && outcomes.has('bad'))) return 'flaky';
  return (['bad', 'unsupported', 'pass'] as const).find((each) => outcomes.has(each)) ?? 'left-out';
}

/** The signatures of what failed; a canary that fails says so by its outcome. */
const failuresOf = (
  scenario: string,
  outcomes: readonly Pick<Cell, 'status' | 'phase' | 'reason'>[],
): ReadonlySet<string> =>
  new Set(
    canaryStatus(scenario) !== null
      ? []
      : outcomes
          .filter(({ status }) => ['fail', 'timeout', 'crash', 'error'].includes(status))
          .map(signatureOf)
          .filter((signature) => signature !== null),
  );

export function standingOf(cells: readonly [Cell, ...Cell[]]): Standing {
  const [{ scenario }] = cells;
  return {
    outcome: outcomeOf(new Set(cells.map(outcomeOfOne))),
    cells,
    failures: failuresOf(scenario, cells),
    seen: failuresOf(
      scenario,
      cells.flatMap((cell) => [cell, ...cell.attempts]),
    ),
  };
}

/** What a run says about each key, by `keyOf`, in the order of its cells. */
export function standingsOf(cells: readonly Cell[]): Map<string, Standing> {
  const byKey = new Map<string, [Cell, ...Cell[]]>();
  for (const cell of cells) {
    const key = keyOf(cell);
    const others = byKey.get(key);
    if (others) others.push(cell);
    else byKey.set(key, [cell]);
  }
  return new Map([...byKey].map(([key, of]) => [key, standingOf(of)]));
}
