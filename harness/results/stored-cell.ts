import { isDeepStrictEqual } from 'node:util';
import { HarnessError } from '../errors.ts';
import type { Attempt, Cell, Results } from './schema.ts';

/** What a cell says about the attempt that it stands for. */
function lastOf(cell: Cell): Attempt {
  const { status, phase, reason, startedAt, durationMs, checks, measurements, evidence, load } = cell;
  const attempt = { status, phase, reason, startedAt, durationMs, checks, measurements, evidence };
  return load === undefined ? attempt : { ...attempt, load };
}

/**
 * A cell as it is stored: without its last attempt, which repeats what the cell itself says.
 * @throws {HarnessError} `invalid-cell` if they contradict each other
 */
export function storedCell(cell: Cell): Cell {
  const last = cell.attempts.at(-1);
  if (last === undefined) return cell;
  // runs of old kept the load of a cell alone
  const { load: _, ...of } = last;
  const { load: __, ...said } = lastOf(cell);
  if (!isDeepStrictEqual(of, said))
    throw new HarnessError(
      'invalid-cell',
      `The cell ${cell.scenario} (${cell.offerer}, ${String(cell.answerer)}) is not what its last attempt came to. This is a mistake of the harness; please report it.`,
    );
  return { ...cell, attempts: cell.attempts.slice(0, -1) };
}

/** A stored cell with all of its attempts restored. One that was never tried has none. */
function withLast(stored: Cell, version: Results['schemaVersion']): Cell {
  const isTried = !['notrun', 'skipped'].includes(stored.status) || stored.attempts.length > 0;
  return version === '1.0.0' || !isTried
    ? stored
    : { ...stored, attempts: [...stored.attempts, lastOf(stored)] };
}

/** Whether a cell is stored: of those that were recorded together, the first stands for all. */
export const isStored = ({ scenario, standsFor }: Pick<Cell, 'scenario' | 'standsFor'>): boolean =>
  standsFor === undefined || standsFor[0] === scenario;

/** Every cell that one stands for, itself first. They share the list of their scenarios. */
export function everyCellOf(cell: Cell): Cell[] {
  const { standsFor, scenario: first, repro } = cell;
  if (standsFor === undefined) return [cell];
  const words = repro.split(' ');
  return standsFor.map((scenario) => ({
    ...cell,
    scenario,
    repro: words.map((word) => (word === first ? scenario : word)).join(' '),
  }));
}

/** The cells that a stored cell stands for, with every attempt. */
export const cellsFrom = (stored: Cell, version: Results['schemaVersion']): Cell[] =>
  everyCellOf(withLast(stored, version));
