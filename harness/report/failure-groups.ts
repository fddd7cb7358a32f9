import type { CellOutline, RunOutline } from '../results/outline.ts';
import { noExpectations, type Expectations } from '../results/expectations.ts';
import { isUnexpected } from '../results/totals.ts';

/** Cells that failed in the same way. */
export interface FailureGroup {
  signature: string;
  /** At least one; the first stands for all. */
  cells: [CellOutline, ...CellOutline[]];
}

/** The unexpected cells, grouped by signature, the largest group first. */
export function failureGroups(
  { cells }: RunOutline,
  expectations: Expectations = noExpectations,
): FailureGroup[] {
  const bySignature = groupBy(
    cells.filter((cell) => isUnexpected(cell, expectations)),
    (cell) => cell.signature ?? `${cell.status} ${cell.scenario}`,
  );
  return [...bySignature]
    .flatMap(([signature, [first, ...rest]]) =>
      first === undefined
        ? []
        : [{ signature, cells: [first, ...rest] satisfies [CellOutline, ...CellOutline[]] }],
    )
    .toSorted((a, b) => b.cells.length - a.cells.length);
}

function groupBy<T>(items: readonly T[], keyOfItem: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOfItem(item));
    if (group === undefined) groups.set(keyOfItem(item), [item]);
    else group.push(item);
  }
  return groups;
}
