import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { ConnectOptions, Edit } from '../../fixtures/peer-page/connection.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import type { Side } from '../steps/sides.ts';

/** Text that is changed in a side's descriptions, at the places where `ConnectOptions` takes edits. */
export type Rewrites = Partial<Record<'outgoing' | 'incoming', readonly [RegExp, string]>>;

/** Creates a side's connection, with text changed in its descriptions. */
export const connectRewritten = (agent: Agent, { outgoing, incoming }: Rewrites): void => {
  const edit =
    ([text, becomes]: readonly [RegExp, string]): Edit =>
    ({ type, sdp = '' }) => ({ type, sdp: sdp.replaceAll(text, becomes) });
  agent.connect({
    ...(outgoing ? { outgoing: edit(outgoing) } : {}),
    ...(incoming ? { incoming: edit(incoming) } : {}),
  });
};

/** Offers the channel `proof` over the existing connection. */
export const offerProof = async ({ connection }: Agent): Promise<void> => {
  connection.createChannel('proof');
  await connection.negotiate();
};

/** The candidate pair that a side uses. */
export const pairInUse = ({ connection }: Agent) => connection.selectedPair();

/** Connects a pair with a data channel, `proof`, and measures how long that takes, in milliseconds. */
export async function connect(
  { offerer, answerer, measure }: PairContext<Agent>,
  options: Partial<Record<Side, ConnectOptions>> = {},
): Promise<number> {
  await answerer.run((agent, given) => void agent.connect(given), options.answerer);
  const connectMs = await offerer.run(async (agent, given) => {
    const connection = agent.connect(given);
    connection.createChannel('proof');
    const began = performance.now();
    await connection.negotiate();
    await connection.connected();
    return performance.now() - began;
  }, options.offerer);
  measure('time to connect', connectMs, 'ms');
  return connectMs;
}

/** Each side sends a text over the channel `proof`, and has to receive the other's. */
export async function proveData({ offerer, answerer }: PairContext<Agent>, when = ''): Promise<void> {
  const texts = { offerer: `from the offerer${when}`, answerer: `from the answerer${when}` };
  await offerer.run(
    async ({ connection }, text) => (await connection.channel('proof')).send(text),
    texts.offerer,
  );
  const received = await answerer.run(async ({ connection }, text) => {
    (await connection.channel('proof')).send(text);
    return connection.message('proof');
  }, texts.answerer);
  const answered = await offerer.run(({ connection }) => connection.message('proof'));
  expect(received, `what the answerer received${when}`).to.equal(texts.offerer);
  expect(answered, `what the offerer received${when}`).to.equal(texts.answerer);
}

/** What a side's descriptions of a type say of DTLS roles, one word for each description, or one for each m-line. */
export const setupOf = (
  said: readonly { type: string; sdp?: string | undefined }[],
  type: string,
): string[] =>
  said
    .filter((description) => description.type === type)
    .map(({ sdp = '' }) => [...sdp.matchAll(/^a=setup:(.*)$/gm)].map(([, role = '']) => role.trim()).join());
