import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { scenario } from '../scenario.ts';
import { throughPage } from '../steps/bounds.ts';
import { audioReceiver, audioSender, expectTones, hearTones } from './audio-steps.ts';
import {
  bothNegotiate,
  expectCodec,
  expectPicture,
  receiveVideo,
  videoReceiver,
  videoSender,
} from './steps.ts';

const specs = ['https://www.w3.org/TR/webrtc-encoded-transform/#scripttransform'];
const either = 'RTCRtpScriptTransform|RTCRtpSender.prototype.createEncodedStreams';
const older = 'RTCRtpSender.prototype.createEncodedStreams';

const videoNeeds = {
  offerer: [either, 'codec:video/VP8:send', ...videoSender],
  answerer: [either, 'codec:video/VP8:receive', ...videoReceiver],
};
const audioNeeds = {
  offerer: [either, 'codec:audio/opus:send', videoSender[0], ...audioSender],
  answerer: [either, 'codec:audio/opus:receive', ...audioReceiver],
};

interface Scrambled {
  kind?: 'audio' | 'video';
  /** The sides that change each encoded frame; what one side changes, the other changes back. */
  by: readonly ('offerer' | 'answerer')[];
  /** Uses the streams that Chromium had before the standard, at the sender. */
  older?: boolean;
}

/** The offerer sends video as VP8, or a tone as Opus, and the encoded frames are changed on the way. */
async function sendScrambled({ offerer, answerer }: PairContext<Agent>, call: Scrambled): Promise<void> {
  await answerer.run((agent, { by }) => {
    if (!by.includes('answerer')) return void agent.connect();
    const { pc } = agent.connect({ configuration: agent.codecs.scrambling() });
    pc.addEventListener('track', ({ receiver }) => agent.codecs.scramble(receiver));
    return undefined;
  }, call);
  const offered = offerer.run(async (agent, { kind = 'video', by, older: asBefore = false }) => {
    const api = asBefore ? 'createEncodedStreams' : undefined;
    const scrambles = by.includes('offerer');
    const connection = agent.connect(scrambles ? { configuration: agent.codecs.scrambling(api) } : {});
    const { track, stream } = kind === 'video' ? agent.media.video() : await agent.media.tone();
    const transceiver = connection.pc.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
    agent.codecs.prefer(transceiver, kind === 'video' ? 'video/VP8' : 'audio/opus');
    if (scrambles) agent.codecs.scramble(transceiver.sender, api);
    await connection.negotiate();
  }, call);
  await bothNegotiate(answerer, offered);
}

/** Expects both sides to have changed the frames that arrived: a picture that nobody touched looks the same. */
async function expectChanged({ offerer, answerer }: PairContext<Agent>): Promise<void> {
  for (const [side, peer] of [
    ['sender', offerer],
    ['receiver', answerer],
  ] as const) {
    const changed = await peer.run(({ codecs }) => codecs.scrambled());
    expect(changed, `encoded frames that the ${side} changed`).to.be.at.least(10);
  }
}

scenario(
  {
    id: 'codecs/transform/both-sides',
    version: 2,
    title: 'Encoded frames changed and changed back',
    asks: 'When the sender changes every encoded frame and the receiver changes it back, is the picture right?',
    level: 'should',
    specs,
    needs: videoNeeds,
  },
  async (pair) => {
    await sendScrambled(pair, { by: ['offerer', 'answerer'] });
    const received = await receiveVideo(pair.answerer);
    await expectCodec(pair.offerer, received, 'video', 'video/VP8');
    await expectChanged(pair);
    expectPicture(pair, received);
  },
);

scenario(
  {
    id: 'codecs/transform/encoded-streams',
    version: 2,
    title: 'Encoded frames changed with createEncodedStreams',
    asks: 'When the sender changes encoded frames through the streams that came before the standard, and the receiver changes them back, is the picture right?',
    level: 'info',
    specs: ['https://developer.chrome.com/docs/web-platform/webrtc-encoded-transform'],
    needs: { ...videoNeeds, offerer: [older, ...videoNeeds.offerer] },
  },
  async (pair) => {
    await sendScrambled(pair, { by: ['offerer', 'answerer'], older: true });
    const received = await receiveVideo(pair.answerer);
    await expectCodec(pair.offerer, received, 'video', 'video/VP8');
    await expectChanged(pair);
    expectPicture(pair, received, [320, 240], throughPage);
  },
);

for (const [by, does] of [
  ['offerer', 'changes encoded frames and the receiver does not change them back'],
  ['answerer', 'changes no encoded frame and the receiver does'],
] as const) {
  const side = by === 'offerer' ? 'sender' : 'receiver';
  scenario(
    {
      id: `codecs/transform/${side}-only`,
      title: `Encoded frames changed by the ${side} alone`,
      asks: `When the sender ${does}, do packets arrive but show no readable picture?`,
      level: 'should',
      specs,
      needs: videoNeeds,
    },
    async (pair) => {
      await sendScrambled(pair, { by: [by] });
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
}

scenario(
  {
    id: 'codecs/transform/audio-both-sides',
    version: 2,
    title: 'Encoded sound changed and changed back',
    asks: 'When the sender changes every encoded frame of Opus and the receiver changes it back, is the tone heard?',
    level: 'should',
    specs,
    needs: audioNeeds,
  },
  async (pair) => {
    await sendScrambled(pair, { kind: 'audio', by: ['offerer', 'answerer'] });
    const received = await hearTones(pair.answerer);
    await expectCodec(pair.offerer, received, 'audio', 'audio/opus');
    await expectChanged(pair);
    expectTones(pair, received);
  },
);

for (const [by, does] of [
  ['offerer', 'changes encoded sound and the receiver does not change it back'],
  ['answerer', 'changes no encoded sound and the receiver does'],
] as const) {
  const side = by === 'offerer' ? 'sender' : 'receiver';
  scenario(
    {
      id: `codecs/transform/audio-${side}-only`,
      title: `Encoded sound changed by the ${side} alone`,
      asks: `When the sender ${does}, do packets arrive without the tone being heard?`,
      level: 'should',
      specs,
      needs: audioNeeds,
    },
    async (pair) => {
      await sendScrambled(pair, { kind: 'audio', by: [by] });
      const { packets, longest } = await pair.answerer.run(async ({ connection, media }) => {
        const listener = await media.listen((await connection.track('audio')).track);
        let inARow = 0;
        let longest = 0;
        const inbound = await connection.stats<RTCInboundRtpStreamStats>(
          'inbound-rtp',
          ({ kind, packetsReceived = 0 }) => {
            const [heard] = listener.hear();
            inARow = Math.abs((heard?.frequency ?? 0) - 440) < 5 ? inARow + 1 : 0;
            longest = Math.max(longest, inARow);
            return kind === 'audio' && packetsReceived >= 60;
          },
          'inbound-rtp to count 60 packets',
        );
        return { packets: inbound.packetsReceived, longest };
      });
      expect(packets, 'packets received').to.be.at.least(60);
      // What is decoded is noise, whose loudest component may be anywhere for a moment; a tone would be there at all 12 looks.
      expect(longest, 'looks in a row at which the tone was heard').to.be.below(3);
    },
  );
}
