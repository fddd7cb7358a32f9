import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { otherSide, sides, type Side } from '../steps/sides.ts';

/** Creates both connections, which hold back what they hear until it is taken. */
export async function connectByHand(pair: PairContext<Agent>): Promise<void> {
  for (const side of sides) await pair[side].run((agent) => void agent.connect({ byHand: true }));
}

/** One side offers, and the other answers. */
export async function negotiateByHand(
  pair: PairContext<Agent>,
  from: Side,
  options: RTCOfferOptions = {},
): Promise<void> {
  await pair[from].run(({ connection }, given) => connection.offer(given), options);
  await answerByHand(pair, from);
}

/** Offers, and waits until all candidates are told. */
export const offerAndGather = async ({ connection, waitFor }: Agent): Promise<void> => {
  await connection.offer();
  const { pc } = connection;
  await waitFor({
    name: 'gathering for the offer to be complete',
    phase: 'ice',
    probe: () => pc.iceGatheringState === 'complete',
    triggers: [{ on: pc, events: ['icegatheringstatechange'] }],
    seen: () => pc.iceGatheringState,
  });
};

/** The offer that a side has made is answered, and the answer is taken. */
export async function answerByHand(pair: PairContext<Agent>, from: Side): Promise<void> {
  await pair[otherSide[from]].run(async ({ connection }) => {
    await connection.take();
    await connection.answer();
  });
  await pair[from].run(({ connection }) => connection.take());
}

/** Takes what has come, and returns what that throws and the state that the connection is in afterwards. */
export const tryToTake = async ({
  connection,
}: Agent): Promise<{ thrown: string; state: RTCSignalingState }> => {
  let thrown = 'nothing';
  try {
    await connection.take();
  } catch (error) {
    thrown = error instanceof Error ? error.message : String(error);
  }
  return { thrown, state: connection.pc.signalingState };
};
