import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext, PeerHandle, Tools } from '../../harness/matrix/scenario.ts';
import type { RtcpPacket, RtpPacket } from '../codecs/rtp.ts';
import { bothNegotiate, videoReceiver, videoSender } from '../codecs/steps.ts';
import { overWire, type SeenPacket, type Wire } from '../codecs/wire.ts';
import { scenario } from '../scenario.ts';
import { sides, type Side } from '../steps/sides.ts';
import { amplitude, claimsOf, dictionary, find, later, report, sound, type Entry } from './steps.ts';

type Kind = 'audio' | 'video';
type Sides = Pick<PairContext<Agent>, 'offerer' | 'answerer'>;

const overPath = { ...sound, signaling: { trickle: false } } as const;
const pictureOverPath = {
  ...overPath,
  needs: {
    offerer: [...videoSender, 'codec:video/VP8:send'],
    answerer: [...videoReceiver, 'codec:video/VP8:receive'],
  },
} as const;
const streams = ['sentrtpstats', 'receivedrtpstats', 'outboundrtpstats', 'inboundrtpstats'].map(dictionary);

/** Bytes that SRTP adds to a packet, by cipher. https://www.rfc-editor.org/rfc/rfc7714#section-12 */
const tags = [10, 16];

const total = (packets: readonly RtpPacket[], of: (packet: RtpPacket) => number): number =>
  packets.reduce((sum, packet) => sum + of(packet), 0);

/** Bytes of headers and of payloads on the wire. A padded packet carries nothing else, and its padding counts as header. */
function bytesOf(packets: readonly RtpPacket[], tag: number): { headers: number; loads: number } {
  const headers = total(packets, ({ headerBytes, bytes, padding }) => (padding ? bytes - tag : headerBytes));
  return { headers, loads: total(packets, ({ bytes }) => bytes - tag) - headers };
}

/** What a side counts for a stream is what went over the wire for it: packets, and the bytes of their headers and payloads. */
function claimCounted(
  claimed: ReturnType<typeof claimsOf>,
  entry: Entry,
  packets: readonly RtpPacket[],
  end: 'Sent' | 'Received',
): void {
  const of = 'what was on the wire';
  claimed(`packets${end}`, packets.length, { of });
  const [headers, loads] = [entry[`headerBytes${end}`], entry[`bytes${end}`]];
  const all = tags.map((tag) => bytesOf(packets, tag));
  // The wire does not tell which cipher is used: the one that the side's counts agree with.
  const due =
    all.find((each) => each.loads === loads) ?? all.find((each) => each.headers === headers) ?? all[0];
  claimed(`headerBytes${end}`, due?.headers ?? 0, { unit: 'bytes', of });
  claimed(`bytes${end}`, due?.loads ?? 0, { unit: 'bytes', of });
}

/**
 * The offerer sends a tone or numbered pictures as soon as both sides are connected: what arrives before a receiver has its
 * keys is on the wire, but counted by nobody.
 */
async function start({ offerer, answerer }: Sides, kind: Kind): Promise<void> {
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

/** Waits until a counter of the answerer's stream has reached a given value. */
const until = ({ answerer }: Sides, kind: Kind, counter: string, least: number): Promise<void> =>
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

/** Waits until the answerer has requested something for the picture. How it does so is not asked here. */
const untilAsked = ({ answerer }: Sides): Promise<void> =>
  answerer.run(async ({ connection }) => {
    await connection.stats<RTCInboundRtpStreamStats>(
      'inbound-rtp',
      ({ nackCount = 0, pliCount = 0, firCount = 0 }) => nackCount + pliCount + firCount > 0,
      'inbound-rtp to have asked for something',
    );
  });

/** All that went over the wire of one stream, and what both sides report about it. */
interface Settled {
  packets: readonly SeenPacket[];
  received: Entry;
  sent: Entry;
  claimReceived: ReturnType<typeof claimsOf>;
  claimSent: ReturnType<typeof claimsOf>;
}

/** Stops what is sent; resolves when no more of it comes. */
async function stop(pair: Sides & Pick<Tools, 'claim'>, kind: Kind, wire: Wire): Promise<Settled> {
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

scenario(
  {
    ...overPath,
    id: 'statistics/counters/sound',
    version: 2,
    title: 'Packets and bytes of sound',
    asks: 'Do both sides count every packet, every header byte and every payload byte that went over the wire?',
    specs: streams,
  },
  (pair) =>
    overWire(pair, {}, async (wire) => {
      await start(pair, 'audio');
      await until(pair, 'audio', 'packetsReceived', 40);
      const { packets, received, sent, claimReceived, claimSent } = await stop(pair, 'audio', wire);
      claimCounted(claimReceived, received, packets, 'Received');
      claimCounted(claimSent, sent, packets, 'Sent');
      claimReceived('packetsLost', 0, { of: 'what was lost on the wire' });
    }),
);

scenario(
  {
    ...overPath,
    id: 'statistics/counters/lost',
    version: 2,
    title: 'Lost packets of sound',
    asks: 'Does the receiver count every packet that is lost on the way, and does the sender hear of the losses?',
    specs: ['receivedrtpstats', 'remoteinboundrtpstats'].map(dictionary),
    timeoutMs: 20_000,
  },
  (pair) =>
    overWire(pair, {}, async (wire) => {
      await start(pair, 'audio');
      let nth = 0;
      wire.lose(() => {
        nth += 1;
        return nth % 10 === 0;
      });
      await until(pair, 'audio', 'packetsLost', 8);
      wire.lose(() => false);
      // a receiver cannot know of a loss after which nothing comes
      const received = Number(find(await report(pair.answerer), 'inbound-rtp', 'audio')['packetsReceived']);
      await until(pair, 'audio', 'packetsReceived', received + 10);
      const heard = await pair.offerer.run(({ connection }) =>
        connection.stats<RTCStats & { fractionLost?: number }>(
          'remote-inbound-rtp',
          ({ fractionLost = 0 }) => fractionLost > 0,
          'remote-inbound-rtp to have a fractionLost',
        ),
      );
      const { claimReceived } = await stop(pair, 'audio', wire);
      claimReceived('packetsLost', wire.lost.length, { of: 'what was lost on the wire' });
      const told = { ...find(await report(pair.offerer), 'remote-inbound-rtp', 'audio'), ...heard };
      const claimHeard = claimsOf(pair, 'offerer', 'remote-inbound-rtp', told);
      // depends on how the RTCP reports fall
      claimHeard('fractionLost', { least: 0.01, most: 0.2 }, { of: 'one in ten' });
      claimHeard('packetsLost', { least: 1, most: wire.lost.length }, { of: 'what was lost on the wire' });
    }),
);

scenario(
  {
    ...pictureOverPath,
    id: 'statistics/counters/picture',
    title: 'Packets, bytes and frames of a picture',
    asks: 'Do both sides count every packet, byte and frame of a picture that went over the wire?',
    specs: streams,
    timeoutMs: 20_000,
  },
  (pair) =>
    overWire(pair, { withoutCodecs: ['rtx', 'red', 'ulpfec'] }, async (wire) => {
      await start(pair, 'video');
      await until(pair, 'video', 'framesDecoded', 30);
      const going = find(await report(pair.answerer), 'inbound-rtp', 'video');
      const { packets, received, sent, claimReceived, claimSent } = await stop(pair, 'video', wire);
      claimCounted(claimReceived, received, packets, 'Received');
      claimCounted(claimSent, sent, packets, 'Sent');
      claimReceived('packetsLost', 0, { of: 'what was lost on the wire' });
      const frames = packets.filter(({ marker, padding }) => marker && !padding).length;
      const of = 'the frames on the wire';
      expect(frames, 'frames on the wire').to.be.at.least(10);
      claimSent('framesEncoded', frames, { of });
      claimSent('framesSent', frames, { of });
      claimReceived('framesReceived', frames, { of });
      claimReceived('framesDecoded', { least: frames * 0.7, most: frames }, { of, paced: true });
      const claimGoing = claimsOf(pair, 'answerer', 'inbound-rtp', going);
      claimGoing('frameWidth', 320, { of: 'the picture' });
      claimGoing('frameHeight', 240, { of: 'the picture' });
    }),
);

scenario(
  {
    ...overPath,
    id: 'statistics/counters/checks',
    title: 'Answers to connectivity checks',
    asks: 'Do the candidate pairs of both sides count every answer to a check, including those to consent checks?',
    specs: [dictionary('candidatepair'), 'https://www.rfc-editor.org/rfc/rfc7675#section-5.1'],
    timeoutMs: 20_000,
  },
  (pair) =>
    overWire(pair, {}, async (wire) => {
      /**
       * What a side counts of answers over all its pairs, and how many there were on the wire, once no more are under way
       * and there are at least so many.
       */
      const answers = async (
        side: Side,
        least: number,
      ): Promise<{ onWire: number; counted: number | undefined }> => {
        let onWire: number;
        let entries: Entry[];
        // consent is asked for every four to six seconds
        do {
          onWire = wire.checks(side).length;
          await later(pair[side], 400);
          entries = await report(pair[side]);
        } while (onWire !== wire.checks(side).length || onWire < least);
        const counts = entries.flatMap(({ type, responsesReceived }) =>
          type === 'candidate-pair' && typeof responsesReceived === 'number' ? [responsesReceived] : [],
        );
        return {
          onWire,
          counted: counts.length === 0 ? undefined : counts.reduce((sum, each) => sum + each),
        };
      };
      await start(pair, 'audio');
      // checks made while a path is looked for may be given up before they are answered
      const first = { offerer: await answers('offerer', 0), answerer: await answers('answerer', 0) };
      for (const side of sides) {
        const before = first[side];
        const behind = await answers(side, before.onWire + 1);
        const { counted } = behind;
        const risen = counted === undefined ? undefined : counted - (before.counted ?? 0);
        claimsOf(pair, side, 'candidate-pair', { responsesReceived: risen })(
          'responsesReceived',
          behind.onWire - before.onWire,
          { of: 'those on the wire since both are connected' },
        );
      }
    }),
);

const isNack = ({ type, format }: RtcpPacket): boolean => type === 205 && format === 1;
const isPli = ({ type, format }: RtcpPacket): boolean => type === 206 && format === 1;
const isFir = ({ type, format }: RtcpPacket): boolean => type === 206 && format === 4;

for (const { id, title, lines } of [
  {
    id: 'nack',
    title: 'Packets that are requested and sent again',
    lines: /^a=rtcp-fb:\S+ (?:nack pli|ccm fir)$/,
  },
  {
    id: 'pli',
    title: 'Key frames requested by PLI',
    lines: /^a=rtcp-fb:\S+ (?:nack|ccm fir)$/,
  },
  {
    id: 'fir',
    title: 'Key frames requested by FIR',
    lines: /^a=rtcp-fb:\S+ nack(?: pli)?$/,
  },
] as const) {
  scenario(
    {
      ...pictureOverPath,
      id: `statistics/counters/${id}`,
      title,
      asks: 'When a receiver has lost a packet, do both sides count its NACK, PLI and FIR requests as they went over the wire, and does the sender count the packets that it sends again?',
      specs: streams,
      // a receiver that cannot ask for packets still waits three seconds for them
      timeoutMs: 30_000,
    },
    (pair) =>
      overWire(pair, { withoutCodecs: ['rtx', 'red', 'ulpfec'], withoutLines: lines }, async (wire) => {
        await start(pair, 'video');
        await until(pair, 'video', 'framesDecoded', 10);
        const seen = new Set(wire.rtp('offerer').map(({ sequenceNumber }) => sequenceNumber));
        wire.lose(({ sequenceNumber, padding }) => {
          const isFirst = !padding && !seen.has(sequenceNumber);
          seen.add(sequenceNumber);
          return isFirst && wire.lost.length === 0;
        });
        await untilAsked(pair);
        const decoded = Number(find(await report(pair.answerer), 'inbound-rtp', 'video')['framesDecoded']);
        await until(pair, 'video', 'framesDecoded', decoded + 5);
        const { packets, claimReceived, claimSent } = await stop(pair, 'video', wire);
        const asked = wire.rtcp('answerer');
        for (const [name, count] of [
          ['nackCount', asked.filter(isNack).length],
          ['pliCount', asked.filter(isPli).length],
          ['firCount', asked.filter(isFir).length],
        ] as const) {
          claimReceived(name, count, { of: 'those on the wire' });
          claimSent(name, count, { of: 'those on the wire' });
        }
        const numbers = packets.map(({ sequenceNumber }) => sequenceNumber);
        const again = numbers.length - new Set(numbers).size;
        if (id === 'nack') expect(again, 'packets that were sent again').to.be.at.least(1);
        claimSent('retransmittedPacketsSent', again, { of: 'those on the wire', optional: true });
        claimSent('packetsSent', packets.length, { of: 'those on the wire' });
        // SRTP accepts the same packet only once: https://www.rfc-editor.org/rfc/rfc3711#section-3.3.2
        const came = new Set(
          packets.flatMap(({ cameOutAt, sequenceNumber }) => (cameOutAt === null ? [] : [sequenceNumber])),
        );
        claimReceived('packetsReceived', came.size, { of: 'those that came' });
      }),
  );
}
