import { isDeepStrictEqual } from 'node:util';
import type { Attempt, Cell, Results } from './schema.ts';

/** What a cell says about the attempt that it stands for. */
const lastOf = ({
  status,
  phase,
  reason,
  startedAt,
  durationMs,
  checks,
  measurements,
  evidence,
}: Cell): Attempt => ({ status, phase, reason, startedAt, durationMs, checks, measurements, evidence });

/** A cell as it is stored: without its last attempt, which says what the cell says itself. */
export function storedCell(cell: Cell): Cell {
  const last = cell.attempts.at(-1);
  return last !== undefined && isDeepStrictEqual(last, lastOf(cell))
    ? { ...cell, attempts: cell.attempts.slice(0, -1) }
    : cell;
}

/** A cell that was stored, with every attempt again. One that was never tried has none. */
export function cellFrom(stored: Cell, version: Results['schemaVersion']): Cell {
  const isTried = stored.status !== 'notrun' && stored.status !== 'skipped';
  return version === '1.0.0' || !isTried
    ? stored
    : { ...stored, attempts: [...stored.attempts, lastOf(stored)] };
}
