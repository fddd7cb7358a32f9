import { keyOf, type CellKey } from '../results/cell-key.ts';

/** Which of the cells with one key each cell is, from 1: `--repeat` makes several, and none may hide another. */
export function repeatsOf<T extends CellKey>(cells: readonly T[]): Map<T, number> {
  const seen = new Map<string, number>();
  return new Map(
    cells.map((cell) => {
      const number = (seen.get(keyOf(cell)) ?? 0) + 1;
      seen.set(keyOf(cell), number);
      return [cell, number];
    }),
  );
}
