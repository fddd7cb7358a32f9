import type { Cell, Status } from './schema.ts';

/** What the canaries, which prove that the harness can say no, have to come out as, and for which reason. */
const canaries: Readonly<Record<string, { status: Status; code: string }>> = {
  'canary/probe/nonsense-capability': { status: 'unsupported', code: 'lacks-capability' },
  'canary/agent/unknown-command': { status: 'error', code: 'unknown-command' },
};

/** What a canary has to come out as, or null for any other scenario. */
export const canaryStatus = (scenario: string): Status | null =>
  Object.hasOwn(canaries, scenario) ? (canaries[scenario]?.status ?? null) : null;

/** Whether a cell is a canary that came out as it must, for the reason that it must: an error of another kind proves nothing. */
export const isAsDue = ({
  scenario,
  status,
  reason,
}: Pick<Cell, 'scenario' | 'status' | 'reason'>): boolean =>
  Object.hasOwn(canaries, scenario) &&
  canaries[scenario]?.status === status &&
  canaries[scenario].code === reason?.code;
