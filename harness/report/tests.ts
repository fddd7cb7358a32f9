import type { Expectations } from '../results/expectations.ts';
import type { CellOutline } from '../results/outline.ts';
import { pairName } from '../results/pair-name.ts';
import { ciOutcomeOf } from './ci-outcome.ts';

/**
 * The tests that formats for CI systems list: one per cell, but one per pair for cells that were recorded together and are
 * skipped. Unexpected cells among them, as when a pair lost its support, are tests of their own, under their usual names.
 */
export class Tests {
  /** For each pair, how many of the cells that were recorded together are skipped, and the first of them. */
  readonly #skipped = new Map<string, { first: CellOutline; cells: number }>();
  readonly #expectations: Expectations;

  constructor(cells: readonly CellOutline[], expectations: Expectations) {
    this.#expectations = expectations;
    for (const cell of cells) {
      if (!this.#isSkipped(cell)) continue;
      const skipped = this.#skipped.get(pairName(cell));
      if (skipped === undefined) this.#skipped.set(pairName(cell), { first: cell, cells: 1 });
      else skipped.cells += 1;
    }
  }

  /** How many cells the test of a cell stands for: 0 if another cell's test stands for it. */
  cellsOf(cell: CellOutline): number {
    if (!this.#isSkipped(cell)) return 1;
    const skipped = this.#skipped.get(pairName(cell));
    return skipped?.first === cell ? skipped.cells : 0;
  }

  #isSkipped(cell: CellOutline): boolean {
    return cell.standsFor !== undefined && ciOutcomeOf(cell, this.#expectations).kind === 'skipped';
  }
}

/** The name of the test of a pair that cannot connect, whatever scenarios there are. */
export const noCall = 'a call of any kind';

/** The reason of a test, for all cells that it stands for. */
export const whyFor = (why: string | null, cells: number): string | null =>
  cells > 1 ? `${why ?? ''} (${String(cells)} cells)` : why;
