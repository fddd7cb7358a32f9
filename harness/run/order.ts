import { isCanary, type PlannedCell } from '../matrix/plan.ts';
import type { Load } from '../matrix/scenario.ts';

/** Long cells begin within this share of the run, so that the end does not wait for one. */
const longBy = 0.8;

/**
 * The order in which cells side by side use a machine best: canaries first, then each kind of load spread evenly, and
 * likewise those known to take long. So there is always something that computes beside something that waits.
 */
export function spread(
  cells: readonly PlannedCell[],
  loadOf: (cell: PlannedCell) => Load,
  takesLong: (cell: PlannedCell) => boolean,
): PlannedCell[] {
  const kinds = new Map<string, PlannedCell[]>();
  for (const cell of cells) {
    const kind = isCanary({ id: cell.scenario }) ? 'canary' : takesLong(cell) ? 'long' : loadOf(cell);
    kinds.set(kind, [...(kinds.get(kind) ?? []), cell]);
  }
  const share: Readonly<Record<string, number>> = { canary: 0, long: longBy };
  return [...kinds]
    .flatMap(([kind, of]) =>
      of.map((cell, index) => ({ cell, at: ((index + 0.5) / of.length) * (share[kind] ?? 1) })),
    )
    .toSorted((a, b) => a.at - b.at)
    .map(({ cell }) => cell);
}
