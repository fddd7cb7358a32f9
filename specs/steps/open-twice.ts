import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PeerHandle } from '../../harness/matrix/scenario.ts';
import { expectPace } from './hold.ts';

/** As unread events and as their order tell of it. */
const openTwice = /^(?:2 open events on |channel open came twice for )/;

/**
 * Nothing happened that should not have. On a busy machine, Chromium now and then loses a race with itself: a channel of the
 * other side fires `open` twice. The cell gets a second look because of that alone; a browser that always does it fails that
 * one, too.
 */
export function expectNone(
  happened: readonly string[],
  what: string,
  { engine }: Pick<PeerHandle<Agent>, 'engine'>,
): void {
  const isRace =
    engine === 'chromium' && happened.length > 0 && happened.every((each) => openTwice.test(each));
  (isRace ? expectPace : expect)(happened, what).to.deep.equal([]);
}
