import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { scenario } from '../scenario.ts';
import {
  bothNegotiate,
  expectCodec,
  expectPicture,
  receiveVideo,
  videoReceiver,
  videoSender,
} from './steps.ts';

const common = {
  level: 'should',
  specs: ['https://www.w3.org/TR/webrtc-encoded-transform/#scripttransform'],
  needs: {
    offerer: ['RTCRtpScriptTransform', 'codec:video/VP8:send', ...videoSender],
    answerer: ['RTCRtpScriptTransform', 'codec:video/VP8:receive', ...videoReceiver],
  },
} as const;

/** Video by VP8 whose encoded frames the sender changes; the receiver takes it back if it is told to. */
async function sendScrambled({ offerer, answerer }: PairContext<Agent>, takenBack: boolean): Promise<void> {
  await answerer.run((agent, undo) => {
    const { pc } = agent.connect();
    pc.addEventListener('track', ({ receiver }) => {
      if (undo) agent.codecs.scramble(receiver);
    });
  }, takenBack);
  const offered = offerer.run(async (agent) => {
    const connection = agent.connect();
    const { track, stream } = agent.media.video();
    const transceiver = connection.pc.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
    agent.codecs.prefer(transceiver, 'video/VP8');
    agent.codecs.scramble(transceiver.sender);
    await connection.negotiate();
  });
  await bothNegotiate(answerer, offered);
}

scenario(
  {
    ...common,
    id: 'codecs/transform/both-sides',
    title: 'Encoded frames changed and changed back',
    asks: 'Where the sender changes every encoded frame and the receiver takes it back, is the picture right?',
  },
  async (pair) => {
    await sendScrambled(pair, true);
    const received = await receiveVideo(pair.answerer, 15);
    expectCodec(received, 'video', 'video/VP8');
    expectPicture(pair, received);
  },
);

scenario(
  {
    ...common,
    id: 'codecs/transform/sender-only',
    title: 'Encoded frames changed and not changed back',
    asks: 'Where only the sender changes encoded frames, do they arrive and show no readable picture?',
  },
  async (pair) => {
    await sendScrambled(pair, false);
    const { packets, readable } = await pair.answerer.run(async ({ connection, media }) => {
      const watcher = media.watch((await connection.track('video')).track);
      // Sixty packets are more than the frames that would have made a picture readable.
      const inbound = await connection.stats<RTCInboundRtpStreamStats>(
        'inbound-rtp',
        ({ kind, packetsReceived = 0 }) => kind === 'video' && packetsReceived >= 60,
        'inbound-rtp to count 60 packets',
      );
      return { packets: inbound.packetsReceived, readable: watcher.report().readable };
    });
    expect(packets, 'packets received').to.be.at.least(60);
    expect(readable, 'frames whose code could be read').to.equal(0);
  },
);
