import type { Cell } from './schema.ts';

/** What identifies a cell. `--repeat` makes several cells with one key. */
export type CellKey = Pick<Cell, 'scenario' | 'offerer' | 'answerer'>;

/** A key as one string, for a `Map`. */
export const keyOf = ({ scenario, offerer, answerer }: CellKey): string =>
  JSON.stringify([scenario, offerer, answerer]);

/** The area is the first part of a scenario's id. */
export const areaOf = (scenario: string): string => scenario.split('/', 1)[0] ?? scenario;
