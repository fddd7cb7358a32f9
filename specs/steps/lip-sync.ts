import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';

type Pair = PairContext<Agent>;

/**
 * By ITU-R BT.1359-1, people notice sound that is 45 ms early or 125 ms late. Frames are drawn, captured and shown every
 * 33 ms each, and a busy machine delays either side, hence twice that.
 */
const inStep = { from: -90, to: 250 } as const;

/** The offerer sends flashes with their beeps over the connections that are there; resolves when the answer is set. */
export const sendFlashes = ({ offerer }: Pick<Pair, 'offerer'>): Promise<void> =>
  offerer.run(async ({ connection, media }) => {
    const { stream } = await media.flashAndBeep();
    for (const track of stream.getTracks())
      connection.pc.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
    await connection.negotiate();
  });

/** The answerer sees flashes and hears their beeps in step. */
export async function expectInStep(pair: Pair): Promise<void> {
  const { medianMs, offsetsMs } = await pair.answerer.run(async ({ connection, media }, tolerance) => {
    const [video, audio] = await Promise.all([connection.track('video'), connection.track('audio')]);
    return media.lipSync(video.track, audio.track, tolerance);
  }, inStep);
  pair.trace('offsets', offsetsMs);
  pair.measure('sound behind picture', medianMs, 'ms');
  expect(medianMs, 'how far sound lags behind the picture, in ms').to.be.within(inStep.from, inStep.to);
}
