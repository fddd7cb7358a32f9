import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { VideoSourceOptions } from '../../fixtures/peer-page/media/video-source.ts';
import type { PairContext, PeerHandle } from '../../harness/matrix/scenario.ts';
import { payloadTypes, section } from './sdp.ts';
import { bothNegotiate, receiveVideo, videoReceiver, videoSender, type Received } from './steps.ts';
import type { Wire } from './wire.ts';

type Peer = PeerHandle<Agent>;
type Pair = Pick<PairContext<Agent>, 'offerer' | 'answerer'>;

/** What VP8 video over an observed path needs; candidates have to be in the descriptions. */
export const videoOverWire = {
  needs: {
    offerer: ['codec:video/VP8:send', ...videoSender],
    answerer: ['codec:video/VP8:receive', ...videoReceiver],
  },
  signaling: { trickle: false },
} as const;

/** What the sides said to each other, as it went over the wire. */
export interface Exchange {
  offer: string;
  answer: string;
}

/** A side offers what its connection has; resolves when both have set the answer. */
export async function exchange({ offerer, answerer }: Pair): Promise<Exchange> {
  const offered = offerer.run(async ({ connection }) => {
    await connection.negotiate();
    const last = ({ descriptions }: typeof connection.said) => descriptions.at(-1)?.sdp ?? '';
    return { offer: last(connection.said), answer: last(connection.heard) };
  });
  await bothNegotiate(answerer, offered);
  return offered;
}

/** The offerer adds a video of numbered frames, sent as VP8, to its connection and offers it. */
export async function sendVideo(pair: Pair, sent: SentVideo = {}): Promise<Exchange> {
  await addVideo(pair.offerer, sent);
  return exchange(pair);
}

/** An encoding to send; with temporal layers if `layers` is set. */
type Encoding = RTCRtpEncodingParameters & { rid: string; layers?: boolean };

export interface SentVideo extends VideoSourceOptions {
  /** By default one without a name. */
  encodings?: Encoding[];
}

/** Adds a video of numbered frames, sent as VP8, to a side's connection. */
export const addVideo = (sender: Peer, sent: SentVideo = {}): Promise<void> =>
  sender.run(({ connection, media, codecs }, { encodings = [], ...size }) => {
    const { track, stream } = media.video(size);
    const transceiver = connection.pc.addTransceiver(track, {
      direction: 'sendonly',
      streams: [stream],
      sendEncodings: encodings.map(({ layers = false, rid, ...encoding }) => ({
        ...encoding,
        ...(layers ? codecs.layered(rid) : { rid }),
      })),
    });
    codecs.prefer(transceiver, 'video/VP8');
  }, sent);

/** The offerer adds a tone to its connection and offers it. */
export async function sendTone(pair: Pair): Promise<Exchange> {
  await pair.offerer.run(async ({ connection, media }) => {
    const { track, stream } = await media.tone();
    connection.pc.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
  });
  return exchange(pair);
}

/** Statistics that count requests for packets and pictures, and what came of them. */
export type Counter = 'nackCount' | 'pliCount' | 'firCount' | 'keyFramesDecoded';

/** What came of the loss of one packet of video. */
export interface Loss {
  /** The picture after the loss. */
  received: Received;
  /** How far the receiver's counter has risen over the loss. */
  risen(counter: Counter): number;
  /** How often the packet was sent, by its own source and with its own number. */
  timesSent: number;
  /** Packets of RTX that were sent after it. */
  retransmissions: number;
}

/** Loses one packet of the running video, and watches until the picture goes on after it. */
export async function loseOnePacket({ answerer }: Pair, wire: Wire, { answer }: Exchange): Promise<Loss> {
  const before = await receiveVideo(answerer, { stretchMs: 0 });
  const rtx = payloadTypes(section(answer, 'video'), 'rtx');
  const sentBefore = wire.rtp('offerer').length;
  wire.lose(({ padding, payloadType }) => wire.lost.length === 0 && !padding && !rtx.includes(payloadType));
  const received = await receiveVideo(answerer, { frames: 15 });
  const [lost] = wire.lost;
  expect(wire.lost.length, 'packets of video that were lost on the way').to.equal(1);
  const sent = wire.rtp('offerer').slice(sentBefore);
  return {
    received,
    risen: (counter) => (received.inbound[counter] ?? 0) - (before.inbound[counter] ?? 0),
    timesSent: sent.filter(
      ({ ssrc, sequenceNumber }) => ssrc === lost?.ssrc && sequenceNumber === lost.sequenceNumber,
    ).length,
    retransmissions: sent.filter(({ payloadType }) => rtx.includes(payloadType)).length,
  };
}

/**
 * Expects most packets seen on the way to have the payload type that the receiver's statistics name, or that of RED,
 * which wraps it, where RED is agreed on. https://www.rfc-editor.org/rfc/rfc5109#section-14.1
 */
export function expectOnWire(wire: Wire, { codec, answer }: Received): void {
  const red = payloadTypes(section(answer, 'video'), 'red');
  const media = wire.rtp('offerer').filter(({ padding }) => !padding);
  const named = media.filter(
    ({ payloadType }) => payloadType === codec?.payloadType || red.includes(payloadType),
  );
  expect(
    named.length / media.length,
    'packets on the way that have the payload type that inbound-rtp names, of all',
  ).to.be.at.least(0.5);
}

/** How many of the receiver's requests the sender has heard, by its own counter. */
export const heardBy = (sender: Peer, counter: Exclude<Counter, 'keyFramesDecoded'>): Promise<number> =>
  sender.run(async ({ connection }, name) => {
    const outbound = await connection.stats<RTCOutboundRtpStreamStats>(
      'outbound-rtp',
      ({ kind }) => kind === 'video',
      'outbound-rtp of the video',
    );
    return outbound[name] ?? 0;
  }, counter);
