import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { expectNone } from './open-twice.ts';

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
    expectNone(due, `what nobody caused, at the ${role}`, pair[role]);
  }
}

/** Each side sends its marker and waits for the other's: whatever was sent earlier over ordered channels has then arrived. */
export async function settle({ offerer, answerer }: Pair): Promise<void> {
  for (const peer of [offerer, answerer])
    await peer.run(({ connection, data }) => data.mark(connection.channels));
  for (const peer of [answerer, offerer])
    await peer.run(({ connection, data }) => data.marked(connection.channels));
}
