import { AssertionError } from 'chai';
import type { Exit } from '../drivers/driver.ts';
import type { Collected } from '../protocol/agent.ts';
import type { Role } from '../protocol/signaling.ts';
import { HarnessError, messageOf, PeerGoneError } from '../errors.ts';
import { PageFailure } from '../peers/peer.ts';
import { phases, type Attempt, type Phase, type Reason } from '../results/schema.ts';
import { isMochaTimeout } from './mocha.ts';

/** How a side stood when the cell ended. */
export interface SideState {
  role: Role;
  /** The browser's id. */
  browser: string;
  /** How its browser ended, if it has. */
  exit: Exit | undefined;
  /** Why its page is gone, if it is. */
  gone: PeerGoneError | undefined;
  /** What the page said at the end; undefined where it did not answer. */
  collected: Collected | undefined;
}

export type Outcome = Pick<Attempt, 'status' | 'phase' | 'reason'>;

/** The earliest layer that is not up on any side. */
export function phaseOfSides(sides: readonly SideState[]): Phase {
  const seen: Phase[] = sides.flatMap(
    ({ collected }) => collected?.connections.map(({ phase }) => phase) ?? [],
  );
  return phases.find((phase) => seen.includes(phase)) ?? 'assert';
}

/** Makes an outcome of what a body threw and of how its sides stood. Blame goes to the harness unless something proves otherwise. */
export function classify(error: unknown, sides: readonly SideState[], timeoutMs: number): Outcome {
  const reason = (code: string, message: string, peer: Role | null): Reason => ({ code, message, peer });
  const phase = phaseOfSides(sides);

  const dead = sides.find(({ exit }) => exit !== undefined);
  if (dead) {
    return {
      status: 'crash',
      phase,
      reason: reason(
        'browser-died',
        `${dead.role} ${dead.browser}: ${dead.exit?.description ?? 'its browser died'}`,
        dead.role,
      ),
    };
  }
  if (error instanceof AssertionError) {
    return { status: 'fail', phase: 'assert', reason: reason('assertion', error.message, null) };
  }
  if (error instanceof PageFailure) {
    const status = error.code === 'wait-timeout' ? 'timeout' : 'fail';
    const browser = sides.find(({ role }) => role === error.role)?.browser ?? '';
    return {
      status,
      phase: error.page.phase,
      reason: reason(error.code, `${error.role} ${browser}: ${error.message}`, error.role),
    };
  }
  const silent = sides.find(({ gone, collected }) => gone === undefined && collected === undefined);
  if (isMochaTimeout(error) && silent) {
    return {
      status: 'timeout',
      phase,
      reason: reason(
        'not-answering',
        `${silent.role} ${silent.browser} stopped answering; the scenario's ${String(timeoutMs)} ms ran out (--timeout)`,
        silent.role,
      ),
    };
  }
  const gone = sides.find((side) => side.gone !== undefined);
  if (gone?.gone && (error instanceof PeerGoneError || isMochaTimeout(error))) {
    return outcomeOfGone(gone.gone, gone, phase);
  }
  if (isMochaTimeout(error)) {
    return {
      status: 'timeout',
      phase,
      reason: reason('scenario-timeout', `the scenario's ${String(timeoutMs)} ms ran out (--timeout)`, null),
    };
  }
  return {
    status: 'error',
    phase,
    reason: reason(error instanceof HarnessError ? error.code : 'harness-error', messageOf(error), null),
  };
}

/** Codes of what a page's own code did to its socket: neither its browser nor its process died. */
const ofThePage: ReadonlySet<string> = new Set([
  'message-too-large',
  'too-much-unfinished',
  'malformed-frame',
  'malformed-answer',
  'too-much-said',
]);

/** A page that is gone while its browser lives: it left, its process died, or it does not answer. */
function outcomeOfGone(gone: PeerGoneError, { role, browser }: SideState, phase: Phase): Outcome {
  const status = ofThePage.has(gone.code)
    ? 'error'
    : gone.code === 'page-closed'
      ? 'fail'
      : gone.code === 'heartbeat-missed'
        ? 'timeout'
        : 'crash';
  return {
    status,
    phase,
    reason: { code: gone.code, message: `${role} ${browser}: ${gone.message}`, peer: role },
  };
}
