import { setTimeout as delay } from 'node:timers/promises';
import type { Exit } from '../drivers/driver.ts';
import { messageOf } from '../errors.ts';
import type { Collected } from '../protocol/agent.ts';
import { DeadlineError, within } from '../within.ts';
import type { SideState } from './classify.ts';
import type { Limits } from './limits.ts';
import type { LentPage } from './lender.ts';
import type { SeatedSide } from './seats.ts';

/**
 * The state of a side when the body has ended.
 * @param waitMs how long its page may take to say so
 */
export async function stateOf(
  { role, host, seat }: SeatedSide,
  waitMs: number,
  { exitMs }: Limits,
): Promise<SideState> {
  const { peer, page } = seat;
  let died: Exit | undefined;
  void page.died.then((exit) => (died = exit));
  let collected: Collected | undefined;
  let unreadable: string | undefined;
  try {
    collected = await within(waitMs, 'the closing state', peer.collect());
  } catch (error) {
    // Silence and a page that is gone are outcomes of their own; a malformed answer of an open page is reported.
    if (peer.member.isOpen && !(error instanceof DeadlineError)) unreadable = messageOf(error);
  }
  let gone: SideState['gone'];
  if (!peer.member.isOpen) {
    gone = await within(exitMs, 'the socket to close', peer.gone).catch(() => undefined);
    died ??= await endOf(seat, exitMs);
  }
  return {
    role,
    browser: host.spec.id,
    exit: host.exitOf(seat) ?? died,
    gone,
    collected,
    unreadable,
  };
}

/** How a page whose socket closed, or its browser, has ended; undefined if the page left by itself. */
async function endOf({ browser, page }: LentPage, exitMs: number): Promise<Exit | undefined> {
  const ended = Promise.race([browser.exited, page.died]);
  const endedWithin = (ms: number) => Promise.race([ended, delay(ms, undefined, { ref: false })]);
  // A browser that dies closes its sockets, some as if its pages left, before its process is seen to be gone.
  const seen = await endedWithin(exitMs);
  if (seen) return seen;
  // The driver is asked last: it knows less than whoever saw the process end. If it is silent, its browser is looked at later.
  const crash = await within(exitMs, 'what the driver says', page.crash()).catch(() => undefined);
  if (crash) return crash;
  // A session elsewhere counts as ended once several questions in a row were not answered.
  const lives = await within(exitMs, 'a sign of life', browser.isAlive()).catch(() => true);
  return lives ? undefined : endedWithin(2 * exitMs);
}
