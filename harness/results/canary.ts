import type { Cell, Status } from './schema.ts';

/** The status that each canary must have, and for which reason: canaries prove that the harness can say no. */
const canaries: Readonly<Record<string, { status: Status; code: string }>> = {
  'canary/probe/nonsense-capability': { status: 'unsupported', code: 'lacks-capability' },
  'canary/agent/unknown-command': { status: 'error', code: 'unknown-command' },
};

/** The status that a canary must have, or null for any other scenario. */
export const canaryStatus = (scenario: string): Status | null =>
  Object.hasOwn(canaries, scenario) ? (canaries[scenario]?.status ?? null) : null;

/** Whether a cell is a canary with the required status and reason: an error of another kind proves nothing. */
export const isAsDue = ({
  scenario,
  status,
  reason,
}: Pick<Cell, 'scenario' | 'status' | 'reason'>): boolean =>
  Object.hasOwn(canaries, scenario) &&
  canaries[scenario]?.status === status &&
  canaries[scenario].code === reason?.code;
