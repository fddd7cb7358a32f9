import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext, ScenarioDeclaration } from '../../harness/matrix/scenario.ts';
import { scenario } from '../scenario.ts';
import { expectNothingElse, type Pair } from '../steps/channels.ts';

/** What every scenario here needs of both sides. */
export const needs = ['RTCPeerConnection.prototype.createDataChannel'] as const;

export const webrtc = (fragment: string): string => `https://www.w3.org/TR/webrtc/#${fragment}`;

/**
 * A scenario about data channels: once its body is done, each side sends a marker over every channel that is open,
 * and nothing that nobody caused may have come before it: no message, no event, no channel.
 * @param allows what may be left over all the same, e.g. an error where the scenario aborts a connection
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

/** Options of `open`. */
export interface Opening {
  init?: RTCDataChannelInit;
  /** `false` where a scenario reads messages by itself. */
  keepMessages?: boolean;
}

/** Connects the pair with a data channel of the offerer's, which is open on both sides when this resolves. */
export async function open(
  { offerer, answerer }: Pair,
  label: string,
  { init = {}, keepMessages = true }: Opening = {},
): Promise<void> {
  await answerer.run((agent, keepMessages) => void agent.connect({ keepMessages }), keepMessages);
  await offerer.run(
    async (agent, { label, init, keepMessages }) => {
      const connection = agent.connect({ keepMessages });
      connection.createChannel(label, init);
      await connection.negotiate();
      await connection.channel(label);
    },
    { label, init, keepMessages },
  );
  await answerer.run(async ({ connection }, label) => void (await connection.channel(label)), label);
}

/** Adds a channel of the offerer's to an already connected pair; it is open on both sides when this resolves. */
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
