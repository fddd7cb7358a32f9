import { keyOf, type CellKey } from '../results/cell-key.ts';

/**
 * Which of the cells with one key each cell is: `--repeat` makes several, and none may hide another. From 2 on: the first
 * of them, which most cells are, is not named.
 */
export function repeatsOf<T extends CellKey>(cells: readonly T[]): Map<T, number> {
  const seen = new Map<string, number>();
  const repeats = new Map<T, number>();
  for (const cell of cells) {
    const key = keyOf(cell);
    const number = (seen.get(key) ?? 0) + 1;
    seen.set(key, number);
    if (number > 1) repeats.set(cell, number);
  }
  return repeats;
}
