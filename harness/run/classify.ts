import { AssertionError } from 'chai';
import type { Exit } from '../drivers/driver.ts';
import type { Collected } from '../protocol/agent.ts';
import type { Role } from '../protocol/signaling.ts';
import { HarnessError, messageOf, PeerGoneError } from '../errors.ts';
import { PageFailure } from '../peers/peer.ts';
import { dueInWords } from '../results/claim.ts';
import type { Attempt, Check, Claim, Phase, Reason } from '../results/schema.ts';
import { ScenarioTimeoutError } from './body.ts';
import { causeOf } from './cause.ts';
import { layerOf, phaseOfError } from './layers.ts';

/** The state of a side when the cell ended. */
export interface SideState {
  role: Role;
  /** The browser's id. */
  browser: string;
  /** How its browser, its page's own process or a helper that it needs ended, if one has. */
  exit: Exit | undefined;
  /** Why its page is gone, if it is. */
  gone: PeerGoneError | undefined;
  /** What the page said at the end; undefined if it did not answer. */
  collected: Collected | undefined;
  /** Why what the page said at the end cannot be read, if so. */
  unreadable: string | undefined;
}

export type Outcome = Pick<Attempt, 'status' | 'phase' | 'reason'>;

/** Codes of errors thrown in a page for which the scenario is to blame, not a browser. */
const scenarioFaults: readonly string[] = ['edit-changed-nothing', 'bad-option', 'no-foreign-origin'];

/** Derives an outcome from what a body threw and the sides' state; blames the harness unless something proves otherwise. */
export function classify(thrown: unknown, sides: readonly SideState[], timeoutMs: number): Outcome {
  const error = causeOf(thrown, sides);
  const collected = sides.map((side) => side.collected);
  const reason = (code: string, message: string, peer: Role | null): Reason => ({ code, message, peer });
  const phase: Phase = layerOf(collected);

  const dead = sides.find(({ exit }) => exit !== undefined);
  if (dead?.exit) return outcomeOfExit(dead.exit, dead, phase);
  if (error instanceof AssertionError) {
    return { status: 'fail', phase: 'assert', reason: reason('assertion', error.message, null) };
  }
  if (error instanceof PageFailure) {
    return outcomeOfPage(error, sides, phaseOfError(error.page, collected));
  }
  const silent = sides.find(({ gone, collected }) => gone === undefined && collected === undefined);
  if (error instanceof ScenarioTimeoutError && silent) {
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
  if (gone?.gone && (error instanceof PeerGoneError || error instanceof ScenarioTimeoutError)) {
    return outcomeOfGone(gone.gone, gone, phase);
  }
  if (error instanceof ScenarioTimeoutError) {
    return {
      status: 'timeout',
      phase,
      reason: reason('scenario-timeout', `the scenario's ${String(timeoutMs)} ms ran out (--timeout)`, null),
    };
  }
  if (error instanceof Error && error.name.startsWith('AssertionError')) {
    const message = `an assertion library that is not ours failed, and nobody keeps its checks: import { expect } from 'webrtc-interop'. It said: ${error.message}`;
    return { status: 'error', phase: 'assert', reason: reason('foreign-assertion', message, null) };
  }
  return {
    status: 'error',
    phase,
    reason: reason(error instanceof HarnessError ? error.code : 'harness-error', messageOf(error), null),
  };
}

/** The death of a helper is the machine's fault, whatever died with it. */
function outcomeOfExit(
  { of, description, lastWords }: Exit,
  { role, browser }: SideState,
  phase: Phase,
): Outcome {
  const code = `${of ?? 'browser'}-died`;
  const words = lastWords === undefined || lastWords === '' ? '' : ` It said last: ${lastWords}`;
  const reason = { code, message: `${role} ${browser}: ${description}${words}`, peer: role };
  return { status: of === 'helper' ? 'error' : 'crash', phase, reason };
}

/** The status when a page is gone while its browser lives; any other cause is the harness's fault. */
const statusOfGone: Readonly<Record<string, Outcome['status']>> = {
  'page-closed': 'fail',
  'heartbeat-missed': 'timeout',
  'page-lost': 'crash',
  'socket-failed': 'crash',
};

/** An error from a page: seen at its side, which need not be the side that caused it. */
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

function outcomeOfGone(gone: PeerGoneError, { role, browser }: SideState, phase: Phase): Outcome {
  return {
    status: statusOfGone[gone.code] ?? 'error',
    phase,
    reason: { code: gone.code, message: `${role} ${browser}: ${gone.message}`, peer: role },
  };
}

/**
 * The outcome of an attempt.
 * @param failure what the body threw or left behind; undefined if it ended well
 */
export function verdictOf(
  failure: unknown,
  checks: readonly Check[],
  sides: readonly SideState[],
  timeoutMs: number,
): Outcome {
  if (failure !== undefined) return classify(failure, sides, timeoutMs);
  if (checks.length === 0) {
    const message = 'the scenario checked nothing, so nothing was proven';
    return { status: 'error', phase: 'assert', reason: { code: 'nothing-checked', message, peer: null } };
  }
  const claims = checks.filter(({ ok, claim }) => !ok && claim !== undefined);
  if (claims.length > 0) return outcomeOfClaims(claims, sides);
  const broken = checks.find(({ ok }) => !ok);
  if (broken) {
    const message = `${broken.name} did not hold, although the scenario went on`;
    return { status: 'fail', phase: 'assert', reason: { code: 'assertion', message, peer: null } };
  }
  return atTheEnd(sides) ?? { status: 'pass', phase: null, reason: null };
}

/** Claims that do not hold, by side; see `Tools.claim`. */
function outcomeOfClaims(broken: readonly Check[], sides: readonly SideState[]): Outcome {
  const wrong = sides.flatMap(({ role, browser }) => {
    const words = broken.flatMap((check) =>
      check.claim?.peer === role ? [wordsOf(check.claim, check)] : [],
    );
    return words.length === 0 ? [] : [{ role, words: `${role} ${browser}: ${words.join(', ')}` }];
  });
  const peer = wrong.length === 1 ? (wrong[0]?.role ?? null) : null;
  const message = wrong.map(({ words }) => words).join('; ');
  return { status: 'fail', phase: 'assert', reason: { code: 'wrong-claim', message, peer } };
}

function wordsOf({ dictionary, member, verdict, unit }: Claim, { expected, actual }: Check): string {
  const name = `${dictionary}.${member}`;
  if (verdict === 'absent') return `${name} is absent`;
  const due = dueInWords(expected, (value) => (typeof value === 'string' ? value : JSON.stringify(value)));
  return `${name} is ${JSON.stringify(actual)}, not ${due}${unit === '1' ? '' : ` ${unit}`}`;
}

/** What is wrong with a side whose closing state did not come: without it, a pass is not proven. */
function atTheEnd(sides: readonly SideState[]): Outcome | undefined {
  const side = sides.find(({ collected }) => collected === undefined);
  if (!side) return undefined;
  const { role, browser, gone, exit, unreadable } = side;
  if (unreadable !== undefined) {
    const message = `${role} ${browser}: its closing state cannot be read: ${unreadable}`;
    return { status: 'error', phase: 'teardown', reason: { code: 'unreadable-answer', message, peer: role } };
  }
  if (gone || exit) {
    return { ...classify(gone, sides, 0), phase: 'teardown' };
  }
  const message = `${role} ${browser} stopped answering when every check had held: its closing state did not come`;
  return { status: 'timeout', phase: 'teardown', reason: { code: 'not-answering', message, peer: role } };
}
