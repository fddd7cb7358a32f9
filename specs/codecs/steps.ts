import { expect } from 'chai';
import type { UsedCodec } from '../../fixtures/peer-page/codecs.ts';
import { isCodec, type NamedCodec } from '../../fixtures/peer-page/codec-match.ts';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { Edit } from '../../fixtures/peer-page/connection.ts';
import type { VideoSourceOptions } from '../../fixtures/peer-page/media/video-source.ts';
import type { PairContext, PeerHandle, Tools } from '../../harness/matrix/scenario.ts';
import { receivedOfSent, sent, videoBits, type PictureBounds } from '../steps/bounds.ts';
import { hold } from '../steps/hold.ts';
import { expectPicture as expectShown } from '../steps/picture.ts';
import { formats, section, spell } from './sdp.ts';

type Peer = PeerHandle<Agent>;
type Pair = Pick<PairContext<Agent>, 'offerer' | 'answerer'>;

/** Which codecs the offerer puts into its m-line. */
export interface Choice {
  /** Put first; the others follow. */
  prefer?: string[];
  /** No others. */
  only?: string[];
}

/** https://www.w3.org/TR/webrtc-svc/#dom-rtcrtpencodingparameters-scalabilitymode; not in TypeScript's types. */
export interface Encoding extends RTCRtpEncodingParameters {
  scalabilityMode?: string;
}

/** How the offerer sends: with which codecs, and what. */
export interface Sending extends Choice {
  /** `sendEncodings` of its transceiver; default the browser's own. */
  encodings?: Encoding[];
  /**
   * Bits per second that the path certainly carries. Chromium finds this out by itself, on a busy machine in ten seconds,
   * and holds layers back until then, unless the answer tells it so. Other browsers ignore it.
   */
  carries?: number;
  /** Set ahead of the offer. */
  degradationPreference?: RTCDegradationPreference;
  /** What it draws; default 320×240. */
  source?: VideoSourceOptions;
}

/** What a scenario about video needs of the side that sends, besides a codec. */
export const videoSender = [
  'RTCRtpTransceiver.prototype.setCodecPreferences',
  'HTMLCanvasElement.prototype.captureStream',
] as const;
/** What it needs of the side that receives. */
export const videoReceiver = ['HTMLVideoElement.prototype.requestVideoFrameCallback'] as const;

/** Waits for both sides, so that the reason is what goes wrong at the answerer, not that the offerer waits for an answer. */
export async function bothNegotiate(answerer: Peer, offered: Promise<unknown>): Promise<void> {
  await Promise.all([answerer.run(({ connection }) => connection.negotiated()), offered]);
}

/** How the answerer receives. */
export interface Receiving extends Choice {
  /** `true`: it counts encoded frames by their temporal layer, for `countedLayers`. */
  countsLayers?: boolean;
}

/** The offerer sends numbered frames with the codecs of its choice; the answerer may choose too. */
export async function offerVideo(
  { offerer, answerer }: Pair,
  sending: Sending,
  receiving: Receiving = {},
): Promise<void> {
  await answerer.run((agent, { prefer, only, countsLayers = false }) => {
    const { pc } = agent.connect({
      beforeAnswer(pc) {
        for (const transceiver of pc.getTransceivers()) {
          if (prefer) agent.codecs.prefer(transceiver, ...prefer);
          if (only) agent.codecs.only(transceiver, ...only);
        }
      },
    });
    if (countsLayers) pc.addEventListener('track', ({ receiver }) => agent.codecs.countLayers(receiver));
  }, receiving);
  const offered = offerer.run(
    async (agent, { prefer, only, encodings = [], carries, degradationPreference, source = {} }) => {
      const incoming: Edit = ({ type, sdp = '' }) => ({
        type,
        sdp: agent.sdp.carrying(sdp, carries ?? 0),
      });
      const connection = agent.connect(carries ? { incoming } : {});
      const { track, stream } = agent.media.video(source);
      const transceiver = connection.pc.addTransceiver(track, {
        direction: 'sendonly',
        streams: [stream],
        sendEncodings: encodings,
      });
      if (prefer) agent.codecs.prefer(transceiver, ...prefer);
      if (only) agent.codecs.only(transceiver, ...only);
      if (degradationPreference) {
        const { sender } = transceiver;
        await sender.setParameters({ ...sender.getParameters(), degradationPreference });
      }
      await connection.negotiate();
    },
    sending,
  );
  await bothNegotiate(answerer, offered);
}

/** The offerer asks for video with the codecs of its choice, and the answerer sends numbered frames. */
export async function askForVideo({ offerer, answerer }: Pair, choice: Choice): Promise<void> {
  await answerer.run((agent) => {
    const { track } = agent.media.video();
    agent.connect({
      async beforeAnswer(pc) {
        const [transceiver] = pc.getTransceivers();
        if (!transceiver) return;
        transceiver.direction = 'sendonly';
        await transceiver.sender.replaceTrack(track);
      },
    });
  });
  const offered = offerer.run(async (agent, { prefer, only }) => {
    const connection = agent.connect();
    const transceiver = connection.pc.addTransceiver('video', { direction: 'recvonly' });
    if (prefer) agent.codecs.prefer(transceiver, ...prefer);
    if (only) agent.codecs.only(transceiver, ...only);
    await connection.negotiate();
  }, choice);
  await bothNegotiate(answerer, offered);
}

export type Received = Awaited<ReturnType<typeof receiveVideo>>;

/** Watches the video that a side receives over a stretch, a second by default, and returns what it saw. */
export function receiveVideo(receiver: Peer, { frames = 3, stretchMs = 1000 } = {}) {
  return receiver.run(
    async ({ connection, media, codecs }, wanted) => {
      const { track } = await connection.track('video');
      const watcher = media.watch(track);
      await watcher.until(`${wanted.frames} new frames`, ({ risen }) => risen >= wanted.frames);
      const before = await connection.inbound('video');
      const began = performance.now();
      const shown = await watcher.shown(wanted.stretchMs);
      watcher.stop();
      const inbound = await connection.stats<RTCInboundRtpStreamStats>(
        'inbound-rtp',
        ({ kind, framesDecoded = 0, codecId }) =>
          kind === 'video' && framesDecoded >= wanted.frames && codecId !== undefined,
        `inbound-rtp to name its codec and count ${wanted.frames} decoded frames`,
      );
      // As it went over the wire: Firefox rewrites a remote description, and not always in the same way.
      const answer = [...connection.said.descriptions, ...connection.heard.descriptions].findLast(
        ({ type }) => type === 'answer',
      );
      const bytes = (inbound.bytesReceived ?? 0) - (before?.bytesReceived ?? 0);
      return {
        ...shown,
        inbound,
        bitsPerSecond: (bytes * 8000) / (performance.now() - began),
        codec: await codecs.used(connection, 'inbound-rtp', 'video'),
        answer: answer?.sdp ?? '',
      };
    },
    { frames, stretchMs },
  );
}

/**
 * Expects the picture to be the one that was sent, at its size, which the receiver's statistics have to name too.
 * @param decoded the size of the frames before they are turned, where they ask to be turned
 */
export function expectPicture(
  tools: Tools,
  received: Received,
  size: readonly [number, number] = [320, 240],
  bounds: PictureBounds = sent,
  decoded: readonly [number, number] = size,
): void {
  expectShown(tools, received, { size, bounds });
  const { frameWidth, frameHeight } = received.inbound;
  expect([frameWidth, frameHeight], 'the size that inbound-rtp names').to.deep.equal([...decoded]);
  hold(tools, 'bitrate', Math.round(received.bitsPerSecond), 'bit/s', videoBits);
}

/** The selectors that name codecs in the answer's m-line of a kind, in the order of the m-line: `vp9, vp8`. */
export const orderOf = (
  sdp: string,
  selectors: readonly string[],
  kind: 'audio' | 'video' = 'video',
): string[] =>
  formats(section(sdp, kind)).flatMap((format) => selectors.filter((selector) => isCodec(format, selector)));

/**
 * Expects the codec that a selector names to head the agreed m-line and to be what arrived: both sides' statistics name it,
 * with the same payload type.
 */
export async function expectCodec(
  sender: Peer,
  { codec, answer }: { codec: UsedCodec | null; answer: string },
  kind: 'audio' | 'video',
  selector: string,
): Promise<void> {
  const [head] = formats(section(answer, kind));
  expect(asSelected(head, selector), 'the codec that heads the agreed m-line').to.equal(selector);
  expect(asSelected(codec, selector), 'the codec that inbound-rtp names').to.equal(selector);
  await expectSameCodec(sender, codec, kind);
}

/** Expects both sides' statistics to name the same codec: the same mime type and payload type. */
export async function expectSameCodec(
  sender: Peer,
  codec: UsedCodec | null,
  kind: 'audio' | 'video',
): Promise<void> {
  const sent = await sender.run(
    ({ connection, codecs }, wanted) => codecs.used(connection, 'outbound-rtp', wanted),
    kind,
  );
  const named = (used: UsedCodec | null) => (used ? `${used.mimeType} as ${used.payloadType}` : 'none');
  expect(named(codec), 'the codec and payload type of inbound-rtp, against outbound-rtp').to.equal(
    named(sent),
  );
}

/** What a side's streams of a kind have sent so far, as outbound-rtp counts it; what it does not count is missing. */
const outboundOf = (sender: Peer, kind: 'audio' | 'video') =>
  sender.run(async ({ connection }, wanted) => {
    const report = new Map<string, RTCOutboundRtpStreamStats>(await connection.report());
    return [...report.values()].filter((entry) => entry.type === 'outbound-rtp' && entry.kind === wanted);
  }, kind);

/**
 * Expects the receiver's statistics to agree with the sender's: a source that the sender has, counts no lower than it had
 * sent before, and no higher than it has sent after. Only for calls that keep their codec: across a change of codec
 * Firefox said it had sent 54 packets of the 84 that Chromium received.
 */
export async function expectSameStream(
  tools: Tools,
  [sender, receiver]: readonly [sender: Peer, receiver: Peer],
  kind: 'audio' | 'video',
): Promise<void> {
  const before = await outboundOf(sender, kind);
  const inbound = await receiver.run(({ connection }, wanted) => connection.inbound(wanted), kind);
  const after = await outboundOf(sender, kind);
  expect(
    after.map(({ ssrc }) => ssrc),
    'the sources of outbound-rtp, against inbound-rtp',
  ).to.include(inbound?.ssrc);
  const bounds = receivedOfSent[kind];
  const counts = [
    ['packetsReceived', 'packetsSent', bounds.packets],
    ['bytesReceived', 'bytesSent', bounds.bytes],
    ...('frames' in bounds ? [['framesDecoded', 'framesSent', bounds.frames] as const] : []),
  ] as const;
  for (const [received, sent, { least, most }] of counts) {
    // NaN, which is within no bound, where a stream has no such number
    const count = inbound?.[received] ?? Number.NaN;
    const sum = (streams: typeof before) =>
      streams.reduce((total, stream) => total + (stream[sent] ?? Number.NaN), 0);
    hold(tools, `${received} of inbound-rtp, of ${sent} before`, count / sum(before), '1', { least });
    hold(tools, `${received} of inbound-rtp, of ${sent} after`, count / sum(after), '1', { most });
  }
}

/** The selector if it names the codec, otherwise the codec in words, for checks to compare. */
export const asSelected = (codec: NamedCodec | null | undefined, selector: string): string =>
  codec && isCodec(codec, selector) ? selector : spell(codec);
