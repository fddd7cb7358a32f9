import { AssertionError } from 'chai';
import type { Exit } from '../drivers/driver.ts';
import type { Collected } from '../protocol/agent.ts';
import type { Role } from '../protocol/signaling.ts';
import { HarnessError, messageOf, PeerGoneError } from '../errors.ts';
import { PageFailure } from '../peers/peer.ts';
import type { Attempt, Phase, Reason } from '../results/schema.ts';
import { causeOf } from './cause.ts';
import { layerOf, phaseOfError } from './layers.ts';
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

/** Codes of what a page threw for which the scenario itself is to blame, not a browser. */
const scenarioFaults: readonly string[] = ['edit-changed-nothing', 'bad-option'];

/** Makes an outcome of what a body threw and of how its sides stood. Blame goes to the harness unless something proves otherwise. */
export function classify(thrown: unknown, sides: readonly SideState[], timeoutMs: number): Outcome {
  const error = causeOf(thrown, sides);
  const collected = sides.map((side) => side.collected);
  const reason = (code: string, message: string, peer: Role | null): Reason => ({ code, message, peer });
  const phase: Phase = layerOf(collected);

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
    return outcomeOfPage(error, sides, phaseOfError(error.page, collected));
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

/** What a page threw: seen at its side, which need not be the side that did it. */
function outcomeOfPage(error: PageFailure, sides: readonly SideState[], phase: Phase): Outcome {
  const { code, role, page } = error;
  const status = code === 'wait-timeout' ? 'timeout' : scenarioFaults.includes(code) ? 'error' : 'fail';
  const browser = sides.find((side) => side.role === role)?.browser ?? '';
  const maker = sides.find((side) => (side.role === role) === (page.madeBy === 'this side'));
  const made =
    page.madeBy === undefined || maker === undefined
      ? ''
      : ` (that description was made by the ${maker.role}, ${maker.browser})`;
  const message = `seen at the ${role} (${browser}): ${error.message}${made}`;
  return { status, phase, reason: { code, message, peer: role } };
}

/** A page that is gone while its browser lives: it left, its process died, or it does not answer. */
function outcomeOfGone(gone: PeerGoneError, { role, browser }: SideState, phase: Phase): Outcome {
  const status =
    gone.code === 'page-closed' ? 'fail' : gone.code === 'heartbeat-missed' ? 'timeout' : 'crash';
  return {
    status,
    phase,
    reason: { code: gone.code, message: `${role} ${browser}: ${gone.message}`, peer: role },
  };
}
