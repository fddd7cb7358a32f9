import type { Cell } from '../results/schema.ts';
import type { MeasuredChunk, ReportIndex } from './data.ts';

/** Scenarios name some dozens: each is a file of its own. */
const mostNames = 300;

/** What cells measured, by the name and the unit of the measurement. */
export class Measured {
  readonly #all = new Map<string, { name: string; unit: string; values: number[]; cells: number[] }>();

  /** How many values are left out because there are too many names. */
  left = 0;

  add({ measurements }: Cell, at: number): void {
    for (const [name, { value, unit }] of Object.entries(measurements)) {
      const key = JSON.stringify([name, unit]);
      const known = this.#all.get(key) ?? { name, unit, values: [], cells: [] };
      if (known.cells.length === 0 && this.#all.size === mostNames) {
        this.left += 1;
        continue;
      }
      known.values.push(value);
      known.cells.push(at);
      this.#all.set(key, known);
    }
  }

  names(): ReportIndex['measured'] {
    return [...this.#all.values()].map(({ name, unit, cells }) => ({ name, unit, cells: cells.length }));
  }

  /** A chunk for each, in the same order. @param pairs the pair of each cell, by its place */
  *chunks(pairs: readonly number[]): Generator<MeasuredChunk> {
    for (const { values, cells } of this.#all.values()) {
      const byPair = new Map<number, MeasuredChunk['values'][number]>();
      for (const [index, cell] of cells.entries()) {
        const pair = pairs[cell] ?? 0;
        const of = byPair.get(pair) ?? { pair, values: [], cells: [] };
        of.values.push(values[index] ?? 0);
        of.cells.push(cell);
        byPair.set(pair, of);
      }
      yield { values: [...byPair.values()].toSorted((one, other) => one.pair - other.pair) };
    }
  }
}
