import { UsageError } from '../errors.ts';
import { canaryStatus } from '../results/canary.ts';
import { keyOf, type CellKey } from '../results/cell-key.ts';
import type { BrowserResult } from '../results/schema.ts';

/** What decides whether runs can be compared; a plan has these fields too. */
export interface Comparable {
  browsers: readonly Pick<BrowserResult, 'id' | 'kind'>[];
  cells: readonly CellKey[];
}

const keysOf = ({ cells }: Comparable): string[] =>
  cells.filter(({ scenario }) => canaryStatus(scenario) === null).map(keyOf);

/**
 * Whether two runs say something about the same cells.
 * @throws {UsageError} `not-comparable` if an id names browsers of two kinds, or no cell is in both
 */
export function checkComparable(before: Comparable, after: Comparable): void {
  const kinds = new Map(before.browsers.map(({ id, kind }) => [id, kind]));
  for (const { id, kind } of after.browsers) {
    const was = kinds.get(id) ?? kind;
    if (was !== kind) {
      throw new UsageError(
        'not-comparable',
        `The runs cannot be compared: "${id}" is ${was} in the earlier run and ${kind} in the later one. Give browsers of different kinds different names.`,
      );
    }
  }
  const earlier = new Set(keysOf(before));
  if (keysOf(after).some((key) => earlier.has(key))) return;
  const browsersOf = ({ browsers }: Comparable): string => browsers.map(({ id }) => id).join(', ') || 'none';
  throw new UsageError(
    'not-comparable',
    `The runs have no cell in common, so nothing can be compared. Browsers of the earlier run: ${browsersOf(before)}; of the later: ${browsersOf(after)}. Compare runs that share scenarios and names of browsers.`,
  );
}
