import { keyOf, type CellKey } from './cell-key.ts';

/** A cell by name, as in the page's addresses: `codecs/video/vp8/chromium:firefox`, with `/2` for its first repeat. */
export function cellName({ scenario, offerer, answerer }: CellKey, repeat = 1): string {
  const pair = answerer === null ? offerer : `${offerer}:${answerer}`;
  return `${scenario}/${pair}${repeat === 1 ? '' : `/${repeat}`}`;
}

/** Counts the cells of one key as they come: `--repeat` makes several. */
export class Repeats {
  readonly #seen = new Map<string, number>();

  /** Which of the cells with its key this one is, counting from 1. */
  next(cell: CellKey): number {
    const number = (this.#seen.get(keyOf(cell)) ?? 0) + 1;
    this.#seen.set(keyOf(cell), number);
    return number;
  }
}
