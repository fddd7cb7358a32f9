import type { Attempt, Cell, CellLoad } from '../results/schema.ts';

/** Processors that are busier than this may be too slow for what is asked of them. */
const fullAbove = 0.9;

/** Whether something else wanted the machine while an attempt ran. */
const wasShared = (load: CellLoad | undefined): boolean =>
  load !== undefined && (load.cellsAtOnce > 1 || isFull(load));

const isFull = ({ processorBusy }: CellLoad): boolean => processorBusy !== null && processorBusy > fullAbove;

type Judged = Pick<Attempt, 'status' | 'reason' | 'checks'>;

/** Whether a slow machine can make an attempt come out so: time ran out, or all that did not hold is bounds of pace. */
function isOfPace({ status, reason, checks }: Judged): boolean {
  // a browser that opens no page is looked for long enough
  if (status === 'timeout') return reason?.code !== 'browser-hangs';
  const broken = checks.filter(({ ok }) => !ok);
  return status === 'fail' && broken.length > 0 && broken.every(({ paced }) => paced === true);
}

/** Whether the load of the machine may have decided what came of a cell. */
export const isInDoubt = (cell: Judged & Pick<Cell, 'load'>): boolean =>
  isOfPace(cell) && wasShared(cell.load);

/**
 * What is made of an attempt that ran alone, after one that was in doubt: where the processors were full even so, the
 * machine failed, and nothing is known of the browser.
 */
export function judgedAlone(attempt: Attempt): Attempt {
  const { load, reason } = attempt;
  if (!isOfPace(attempt) || load === undefined || !isFull(load)) return attempt;
  const busy = Math.round((load.processorBusy ?? 0) * 100);
  const message = `this machine is too slow: alone, with the processors ${String(busy)} % busy, it came to ${attempt.status}: ${reason?.message ?? ''}`;
  return {
    ...attempt,
    status: 'error',
    reason: { code: 'machine-too-slow', message, peer: reason?.peer ?? null },
  };
}

/** How many cells are run again alone, of so many planned: a browser that is broken for good is not waited for. */
export const mostInDoubt = (planned: number): number => Math.max(10, Math.ceil(planned / 50));
