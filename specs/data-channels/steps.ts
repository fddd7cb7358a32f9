import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext, ScenarioDeclaration } from '../../harness/matrix/scenario.ts';
import { scenario } from '../scenario.ts';

export type Pair = Pick<PairContext<Agent>, 'offerer' | 'answerer'>;

/** What every scenario here needs of both sides. */
export const needs = ['RTCPeerConnection.prototype.createDataChannel'] as const;

export const webrtc = (fragment: string): string => `https://www.w3.org/TR/webrtc/#${fragment}`;

/**
 * A scenario of data channels: when its body is through, each side sends a marker over every channel that is open,
 * and nothing may have come ahead of it that nobody caused: no message, no event, no channel.
 * @param allows what may be left all the same, e.g. an error where the scenario aborts a connection
 */
export const channelScenario = (
  declaration: ScenarioDeclaration,
  body: (context: PairContext<Agent>) => Promise<void>,
  allows?: RegExp,
): void =>
  scenario(declaration, async (context) => {
    await body(context);
    await expectNothingElse(context, allows);
  });

/** The end of a `channelScenario`, for those that have to ask for it by themselves: while a path is still there. */
export async function expectNothingElse(pair: Pair, allows?: RegExp): Promise<void> {
  await settle(pair);
  for (const role of ['offerer', 'answerer'] as const) {
    const left = await pair[role].run(({ connection, data }) =>
      data.uncaused(connection.channels, connection.announced),
    );
    const due = left.filter((what) => !allows?.test(what));
    expect(due, `what nobody caused, at the ${role}`).to.deep.equal([]);
  }
}

/** Each side sends its marker and waits for the other's: what was sent over ordered channels before is there now. */
export async function settle({ offerer, answerer }: Pair): Promise<void> {
  for (const peer of [offerer, answerer])
    await peer.run(({ connection, data }) => data.mark(connection.channels));
  for (const peer of [answerer, offerer])
    await peer.run(({ connection, data }) => data.marked(connection.channels));
}

/** What `open` makes. */
export interface Opening {
  init?: RTCDataChannelInit;
  /** `false` where a scenario reads messages by itself. */
  keepMessages?: boolean;
  /** Of the offerer, as for `connect`. */
  candidatesAfterAnswer?: boolean;
}

/** Connects the pair by a data channel of the offerer's, open on both sides when this resolves. */
export async function open(
  { offerer, answerer }: Pair,
  label: string,
  { init = {}, keepMessages = true, candidatesAfterAnswer = false }: Opening = {},
): Promise<void> {
  await answerer.run((agent, keepMessages) => void agent.connect({ keepMessages }), keepMessages);
  await offerer.run(
    async (agent, { label, init, keepMessages, candidatesAfterAnswer }) => {
      const connection = agent.connect({ keepMessages, candidatesAfterAnswer });
      connection.createChannel(label, init);
      await connection.negotiate();
      await connection.channel(label);
    },
    { label, init, keepMessages, candidatesAfterAnswer },
  );
  await answerer.run(async ({ connection }, label) => void (await connection.channel(label)), label);
}

/** Adds a channel of the offerer's to a pair that is connected already; open on both sides when this resolves. */
export async function openAnother(
  { offerer, answerer }: Pair,
  label: string,
  init: RTCDataChannelInit = {},
): Promise<void> {
  await offerer.run(
    async ({ connection }, { label, init }) => {
      connection.createChannel(label, init);
      await connection.channel(label);
    },
    { label, init },
  );
  await answerer.run(async ({ connection }, label) => void (await connection.channel(label)), label);
}
