import type { PageError, PageWait } from '../protocol/agent.ts';
import { PageFailure } from '../peers/peer.ts';
import type { SideState } from './classify.ts';
import { phaseOfError } from './layers.ts';
import { phases } from '../results/schema.ts';

/** A wait that ran out at one side, or that was running out when the cell ended. */
interface Stuck {
  side: SideState;
  wait: PageWait;
}

const failureAt = ({ role, browser }: SideState, page: PageError): PageFailure =>
  new PageFailure(page, role, browser);

const asError = (wait: PageWait): PageError => {
  const { message, phase } = wait;
  return { name: 'WaitTimeout', message, stack: '', code: 'wait-timeout', phase, wait };
};

/** What failed in a connection by itself, at either side. */
function failureOf(sides: readonly SideState[]): PageFailure | undefined {
  for (const side of sides) {
    const failure = side.collected?.connections.at(-1)?.failure;
    if (failure) return failureAt(side, failure);
  }
  return undefined;
}

/** A failure that no wait reported to the scenario: then a body that ended well proves nothing. */
export function unheardFailure(sides: readonly SideState[]): PageFailure | undefined {
  return failureOf(sides.filter(({ collected }) => collected?.connections.at(-1)?.failureWasHeard === false));
}

/** A scenario's edit of descriptions that saw some and changed none: its question was not asked. */
export function idleEdit(sides: readonly SideState[]): PageFailure | undefined {
  for (const side of sides) {
    const [edit] = side.collected?.connections.at(-1)?.idleEdits ?? [];
    if (edit === undefined) continue;
    const message =
      `the scenario's ${edit} edit changed no description, so its question was not asked; ` +
      'where that may be so, connect() takes editsMayChangeNothing';
    return failureAt(side, {
      name: 'AgentError',
      message,
      stack: '',
      code: 'edit-changed-nothing',
      phase: 'sdp',
    });
  }
  return undefined;
}

/**
 * Why a wait of one side ran out: a failure that the other side had not reported or, if the other side was waiting too,
 * the wait on which this one depends. That is decided by what each side waits for, not by which was heard first.
 */
export function causeOf(error: unknown, sides: readonly SideState[]): unknown {
  if (!(error instanceof PageFailure) || error.page.wait === undefined) return error;
  const failure = failureOf(sides);
  if (failure) return failure;
  const thrower = sides.find(({ role }) => role === error.role);
  if (!thrower) return error;
  const collected = sides.map((side) => side.collected);
  const stuck: Stuck[] = [
    { side: thrower, wait: error.page.wait },
    ...sides
      .filter((side) => side !== thrower)
      .flatMap((side) => (side.collected?.waits ?? []).map((wait) => ({ side, wait }))),
  ];
  const rank = ({ wait }: Stuck): number => phases.indexOf(phaseOfError(asError(wait), collected));
  const [cause] = stuck.toSorted(
    (one, other) =>
      // a wait for the other side is not the cause if the other side waits for something else
      Number(one.wait.othersTurn) - Number(other.wait.othersTurn) ||
      rank(one) - rank(other) ||
      other.wait.ms - one.wait.ms,
  );
  return cause === undefined || cause.wait === error.page.wait
    ? error
    : failureAt(cause.side, asError(cause.wait));
}
