import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { expectPace } from './hold.ts';

/**
 * On a busy machine, Chromium now and then loses a race with itself: a channel of the other side fires `open` twice. The
 * cell gets a second look because of it; a browser that always does it fails that one, too.
 */
const openTwice = /^2 open events on /;

export type Pair = Pick<PairContext<Agent>, 'offerer' | 'answerer'>;

/**
 * Each side sends a marker over every open channel, and nothing that nobody caused may have arrived before it: no message,
 * no event, no channel.
 * @param allows what may be left all the same, e.g. an error where the scenario aborts a connection
 */
export async function expectNothingElse(pair: Pair, allows?: RegExp): Promise<void> {
  await settle(pair);
  for (const role of ['offerer', 'answerer'] as const) {
    const left = await pair[role].run(({ connection, data }) =>
      data.uncaused(connection.channels, connection.announced),
    );
    const due = left.filter((what) => !allows?.test(what));
    const isRace =
      pair[role].engine === 'chromium' && due.length > 0 && due.every((what) => openTwice.test(what));
    const expectIt = isRace ? expectPace : expect;
    expectIt(due, `what nobody caused, at the ${role}`).to.deep.equal([]);
  }
}

/** Each side sends its marker and waits for the other's: whatever was sent earlier over ordered channels has then arrived. */
export async function settle({ offerer, answerer }: Pair): Promise<void> {
  for (const peer of [offerer, answerer])
    await peer.run(({ connection, data }) => data.mark(connection.channels));
  for (const peer of [answerer, offerer])
    await peer.run(({ connection, data }) => data.marked(connection.channels));
}
