import type { Attempt, Cell, CellLoad } from '../results/schema.ts';

/** Processors busier than this share of their time may be too slow. */
const fullAbove = 0.9;
/** A cell alone seldom takes more than this share: what is above may be another program's. */
const sharedAbove = 0.6;

const isBusier = ({ processorBusy }: CellLoad, share: number): boolean =>
  processorBusy !== null && processorBusy > share;

/** Whether something else may have used the machine while an attempt ran. */
const wasShared = (load: CellLoad | undefined): boolean =>
  load !== undefined && (load.cellsAtOnce > 1 || isBusier(load, sharedAbove));

type Judged = Pick<Attempt, 'status' | 'reason' | 'checks'>;

/** Whether a slow machine can cause such an outcome: time ran out, no page came in time, or only bounds of pace did not hold. */
function isOfPace({ status, reason, checks }: Judged): boolean {
  if (status === 'timeout' || (status === 'error' && reason?.code === 'deadline')) return true;
  const broken = checks.filter(({ ok }) => !ok);
  return status === 'fail' && broken.length > 0 && broken.every(({ paced }) => paced === true);
}

/** Whether the load of the machine may have decided the outcome of a cell. */
export const isInDoubt = (cell: Judged & Pick<Cell, 'load'>): boolean =>
  isOfPace(cell) && wasShared(cell.load);

/**
 * The verdict on an attempt that ran alone, after one in doubt: if the processors were full even so, the machine failed,
 * and nothing is known about the browser.
 */
export function judgedAlone(attempt: Attempt): Attempt {
  const { load, reason } = attempt;
  if (!isOfPace(attempt) || load === undefined || !isBusier(load, fullAbove)) return attempt;
  const busy = Math.round((load.processorBusy ?? 0) * 100);
  const message = `this machine is too slow: alone, with the processors ${String(busy)} % busy, it came to ${attempt.status}: ${reason?.message ?? ''}`;
  return {
    ...attempt,
    status: 'error',
    reason: { code: 'machine-too-slow', message, peer: reason?.peer ?? null },
  };
}

/** How many of the planned cells may be run again alone, so that a broken browser does not take forever. */
export const mostInDoubt = (planned: number): number => Math.max(10, Math.ceil(planned / 50));
