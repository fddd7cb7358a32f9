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
 * A cell as it is stored: without its last attempt, which says what the cell says itself.
 * @throws {HarnessError} `invalid-cell` where they say two things
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

/** A cell that was stored, with every attempt again. One that was never tried has none. */
export function cellFrom(stored: Cell, version: Results['schemaVersion']): Cell {
  const isTried = stored.status !== 'notrun' && stored.status !== 'skipped';
  return version === '1.0.0' || !isTried
    ? stored
    : { ...stored, attempts: [...stored.attempts, lastOf(stored)] };
}
