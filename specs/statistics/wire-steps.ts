import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext, PeerHandle, Tools } from '../../harness/matrix/scenario.ts';
import { isCodec } from '../../fixtures/peer-page/codec-match.ts';
import type { RtpPacket } from '../codecs/rtp.ts';
import { formats, section } from '../codecs/sdp.ts';
import { bothNegotiate, videoReceiver, videoSender } from '../codecs/steps.ts';
import type { SeenPacket, Wire } from '../codecs/wire.ts';
import { expectPace } from '../steps/hold.ts';
import { amplitude, claimsOf, find, later, report, sound, type Entry } from './steps.ts';

export type Kind = 'audio' | 'video';
type Sides = Pick<PairContext<Agent>, 'offerer' | 'answerer'>;

export const overPath = { ...sound, signaling: { trickle: false } } as const;
export const pictureOverPath = {
  ...overPath,
  needs: {
    offerer: [...videoSender, 'codec:video/VP8:send'],
    answerer: [...videoReceiver, 'codec:video/VP8:receive'],
  },
} as const;

/** Bytes that SRTP adds to a packet, by cipher. https://www.rfc-editor.org/rfc/rfc7714#section-12 */
export const tags = [10, 16] as const;

const total = (packets: readonly RtpPacket[], of: (packet: RtpPacket) => number): number =>
  packets.reduce((sum, packet) => sum + of(packet), 0);

/** Bytes of headers and of payloads on the wire. A padded packet carries nothing else, and its padding counts as header. */
export function bytesOf(packets: readonly RtpPacket[], tag: number): { headers: number; loads: number } {
  const headers = total(packets, ({ headerBytes, bytes, padding }) => (padding ? bytes - tag : headerBytes));
  return { headers, loads: total(packets, ({ bytes }) => bytes - tag) - headers };
}

/** Of packets that carry all of something: the least and the most bytes of payload that they may have, by cipher. */
export const loadsOf = (
  least: readonly RtpPacket[],
  most: readonly RtpPacket[] = least,
): { least: number; most: number } => ({
  least: bytesOf(least, Math.max(...tags)).loads,
  most: bytesOf(most, Math.min(...tags)).loads,
});

/**
 * The offerer sends a tone or numbered pictures by VP8 as soon as both sides are connected: what arrives before a receiver
 * has its keys is on the wire, but counted by nobody.
 */
export async function start({ offerer, answerer }: Sides, kind: Kind): Promise<void> {
  const offered = offerer.run(async ({ connection, codecs }, sent) => {
    const transceiver = connection.pc.addTransceiver(sent, { direction: 'sendonly' });
    if (sent === 'video') codecs.prefer(transceiver, 'video/VP8');
    await connection.negotiate();
  }, kind);
  await bothNegotiate(answerer, offered);
  for (const peer of [offerer, answerer]) await peer.run(({ connection }) => connection.connected());
  await offerer.run(
    async ({ connection, media }, { sent, gain }) => {
      const { track } = sent === 'audio' ? await media.tone({ gain }) : media.video();
      await connection.pc.getSenders()[0]?.replaceTrack(track);
    },
    { sent: kind, gain: amplitude },
  );
}

/** The codecs of the last answer, as the offerer heard it. */
export async function agreedCodecs({ offerer }: Pick<Sides, 'offerer'>, kind: Kind) {
  const answer = await offerer.run(({ connection }) => connection.heard.descriptions.at(-1)?.sdp ?? '');
  return formats(section(answer, kind));
}

/** Waits until a counter of the answerer's stream has reached a given value. */
export const until = ({ answerer }: Sides, kind: Kind, counter: string, least: number): Promise<void> =>
  answerer.run(
    async ({ connection }, { of, member, most }) => {
      await connection.stats<RTCInboundRtpStreamStats>(
        'inbound-rtp',
        (entry) => entry.kind === of && Number(Reflect.get(entry, member)) >= most,
        `inbound-rtp to have ${String(most)} in ${member}`,
      );
    },
    { of: kind, member: counter, most: least },
  );

/** What the answerer's stream counts now. */
export const counted = async ({ answerer }: Sides, kind: Kind, counter: string): Promise<number> =>
  Number(find(await report(answerer), 'inbound-rtp', kind)[counter]);

/** How long something may take to be on the wire, in milliseconds: then its absence is what the scenario finds. */
const mostOnWire = 8000;

/** Waits until the wire has shown something, or ought to have. What it has then shown is for the caller to check. */
export async function untilShown({ offerer }: Pick<Sides, 'offerer'>, isShown: () => boolean): Promise<void> {
  const began = performance.now();
  do await later(offerer, 100);
  while (!isShown() && performance.now() - began < mostOnWire);
}

/** All that went over the wire of one stream, and what both sides report about it. */
export interface Settled {
  packets: readonly SeenPacket[];
  received: Entry;
  sent: Entry;
  claimReceived: ReturnType<typeof claimsOf>;
  claimSent: ReturnType<typeof claimsOf>;
}

/** Stops what is sent; resolves when no more of it comes. */
export async function stop(pair: Sides & Pick<Tools, 'claim'>, kind: Kind, wire: Wire): Promise<Settled> {
  const { offerer, answerer } = pair;
  await offerer.run(({ connection }) => connection.pc.getSenders()[0]?.replaceTrack(null));
  let onWire: number;
  let received: Entry;
  let sent: Entry;
  // what is already encoded still comes, on a busy machine some hundred milliseconds later
  do {
    onWire = wire.rtp('offerer').length;
    await standsStill(answerer, kind);
    sent = find(await report(offerer), 'outbound-rtp', kind);
    received = find(await report(answerer), 'inbound-rtp', kind);
  } while (onWire !== wire.rtp('offerer').length);
  return {
    packets: [...wire.rtp('offerer')],
    received,
    sent,
    claimReceived: claimsOf(pair, 'answerer', 'inbound-rtp', received),
    claimSent: claimsOf(pair, 'offerer', 'outbound-rtp', sent),
  };
}

/** Resolves when a receiver's counters have been the same for a while; statistics are at most 50 ms old in Chromium. */
const standsStill = (receiver: PeerHandle<Agent>, kind: Kind): Promise<void> =>
  receiver.run(async ({ connection, waitFor }, of) => {
    let last = '';
    let since = performance.now();
    await waitFor({
      name: 'the counters of inbound-rtp to stand still',
      phase: 'media',
      probe: async () => {
        const { packetsReceived, framesDecoded } = (await connection.inbound(of)) ?? {};
        const counted = `${String(packetsReceived)} ${String(framesDecoded)}`;
        if (counted !== last) [last, since] = [counted, performance.now()];
        return performance.now() - since > 400;
      },
      triggers: [{ everyMs: 60 }],
    });
  }, kind);

/** The newest pictures' packets on the wire: those that carry something. */
const newest = (wire: Wire, count: number): readonly SeenPacket[] =>
  wire
    .rtp('offerer')
    .filter(({ padding }) => !padding)
    .slice(-count);

/** The codec that pictures on the wire are sent by. */
export interface CodecOnWire {
  mimeType: string;
  payloadType: number;
}

/**
 * Waits until the newest 20 packets of pictures have the payload type of the codec that a selector names, and no other, and
 * ten more pictures are decoded.
 */
export async function untilSentBy(pair: Sides, wire: Wire, selector: string): Promise<CodecOnWire> {
  const agreed = (await agreedCodecs(pair, 'video')).find((format) => isCodec(format, selector));
  const { mimeType, payloadType } = agreed ?? { mimeType: 'none', payloadType: -1 };
  const packets = 20;
  const isSent = () => {
    const last = newest(wire, packets);
    return last.length === packets && last.every((packet) => packet.payloadType === payloadType);
  };
  await untilShown(pair, isSent);
  const types = new Set(newest(wire, packets).map((packet) => packet.payloadType));
  expectPace([...types], `payload types of the newest packets, where ${selector} is sent`).to.deep.equal([
    payloadType,
  ]);
  await until(pair, 'video', 'framesDecoded', (await counted(pair, 'video', 'framesDecoded')) + 10);
  return { mimeType, payloadType };
}

/** The offerer prefers another codec from now on, and offers again. */
export async function offerAgain({ offerer, answerer }: Sides, preferred: string): Promise<void> {
  const offered = offerer.run(async ({ connection, codecs }, selector) => {
    for (const transceiver of connection.pc.getTransceivers()) codecs.prefer(transceiver, selector);
    await connection.negotiate();
  }, preferred);
  await bothNegotiate(answerer, offered);
}
