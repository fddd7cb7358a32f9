import type { Cell, Phase, Status } from '../results/schema.ts';

/** The outcome of a cell that was broken on purpose. */
export interface FaultVerdict {
  /** Whether that is the expected outcome. */
  isDue: boolean;
  wasRun: boolean;
  /** `fail at assert: …` */
  came: string;
  /** The expected outcome, in words. */
  due: string;
}

/**
 * Compares a cell with its expected outcome.
 * @param due null for a scenario that does not depend on what is broken: it passes
 */
export function faultVerdict(
  { status, phase, reason }: Pick<Cell, 'status' | 'phase' | 'reason'>,
  due: { status: Status; phase: Phase; reason: RegExp } | null,
): FaultVerdict {
  const message = reason?.message ?? '';
  const wasRun = status !== 'notrun' && status !== 'skipped';
  const came = status === 'pass' ? 'pass' : `${status} at ${String(phase)}: ${message}`;
  if (due === null) return { isDue: status === 'pass', wasRun, came, due: 'pass' };
  // a global or sticky expression remembers its last position
  const reasonIsDue = new RegExp(due.reason.source, due.reason.flags.replaceAll(/[gy]/g, '')).test(message);
  return {
    isDue: status === due.status && phase === due.phase && reasonIsDue,
    wasRun,
    came,
    due: `${due.status} at ${due.phase}: ${String(due.reason)}`,
  };
}
