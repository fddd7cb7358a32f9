import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { needsOf } from '../connection/added.ts';
import { scenario } from '../scenario.ts';
import { addContent, expectContent, negotiate, webrtc } from './steps.ts';

type Pair = PairContext<Agent>;

/** What the track that the answerer receives is, and what it has told since `listen`. */
interface Told {
  events: string[];
  muted: boolean;
  readyState: MediaStreamTrackState;
}

/** The events of the received track are kept from now on. */
const listen = ({ answerer }: Pair): Promise<void> =>
  answerer.run(async ({ connection, events }) =>
    events.watch('track', (await connection.track('video')).track, ['mute', 'unmute', 'ended']),
  );

/** What the track has told once it has told that. */
const told = ({ answerer }: Pair, event: 'mute' | 'unmute' | 'ended'): Promise<Told> =>
  answerer.run(async ({ connection, events }, wanted) => {
    await events.next('track', wanted, { othersTurn: true });
    const { muted, readyState } = (await connection.track('video')).track;
    return { events: events.all('track').map(({ event: name }) => name), muted, readyState };
  }, event);

const direct = async (pair: Pair, direction: RTCRtpTransceiverDirection): Promise<void> => {
  await pair.offerer.run(({ connection }, wanted) => {
    for (const transceiver of connection.pc.getTransceivers()) transceiver.direction = wanted;
  }, direction);
  await negotiate(pair);
};

async function callWithPicture(pair: Pair): Promise<void> {
  await pair.answerer.run((agent) => void agent.connect());
  await pair.offerer.run((agent) => void agent.connect());
  await addContent(pair.offerer, 'video', 'first');
  await negotiate(pair);
  await expectContent(pair, 'video', 'first');
  await listen(pair);
}

scenario(
  {
    id: 'media/track/muted-by-direction',
    title: 'A received track on hold',
    asks: 'When the sender takes its direction back and gives it again, is the received track muted and unmuted, each told once, and is the picture there again?',
    level: 'must',
    specs: [webrtc('process-remote-track-removal'), webrtc('process-remote-track-addition')],
    needs: needsOf.video,
  },
  async (pair) => {
    await callWithPicture(pair);
    await direct(pair, 'inactive');
    const held = await told(pair, 'mute');
    expect(held, 'the received track on hold').to.deep.equal({
      events: ['mute'],
      muted: true,
      readyState: 'live',
    });
    await direct(pair, 'sendonly');
    const back = await told(pair, 'unmute');
    await expectContent(pair, 'video', 'first');
    expect(back, 'the received track behind the hold').to.deep.equal({
      events: ['mute', 'unmute'],
      muted: false,
      readyState: 'live',
    });
  },
);

scenario(
  {
    id: 'media/track/ended-by-stop',
    title: 'A received track whose transceiver is stopped',
    asks: 'When the sender stops the transceiver, does the received track end, and is that told once?',
    level: 'must',
    specs: [webrtc('dom-rtcrtptransceiver-stop'), webrtc('dfn-stop-the-rtcrtptransceiver')],
    needs: [...needsOf.video, 'RTCRtpTransceiver.prototype.stop'],
  },
  async (pair) => {
    await callWithPicture(pair);
    await pair.offerer.run(({ connection }) => connection.pc.getTransceivers()[0]?.stop());
    await negotiate(pair);
    const { events, readyState } = await told(pair, 'ended');
    expect(readyState, 'readyState of the received track').to.equal('ended');
    expect(
      events.filter((event) => event === 'ended'),
      'how often the received track told its end',
    ).to.deep.equal(['ended']);
  },
);
