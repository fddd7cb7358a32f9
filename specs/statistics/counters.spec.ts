import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import type { RtcpPacket, RtpPacket } from '../codecs/rtp.ts';
import { overWire } from '../codecs/wire.ts';
import { scenario } from '../scenario.ts';
import { sides, type Side } from '../steps/sides.ts';
import { claimsOf, dictionary, find, later, report, type Entry } from './steps.ts';
import {
  agreedCodecs,
  bytesOf,
  counted,
  loadsOf,
  overPath,
  pictureOverPath,
  start,
  stop,
  tags,
  until,
  untilShown,
} from './wire-steps.ts';

const streams = ['sentrtpstats', 'receivedrtpstats', 'outboundrtpstats', 'inboundrtpstats'].map(dictionary);

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

/** Waits until the answerer has requested something for the picture. How it does so is not asked here. */
const untilAsked = ({ answerer }: Pick<PairContext<Agent>, 'answerer'>): Promise<void> =>
  answerer.run(async ({ connection }) => {
    await connection.stats<RTCInboundRtpStreamStats>(
      'inbound-rtp',
      ({ nackCount = 0, pliCount = 0, firCount = 0 }) => nackCount + pliCount + firCount > 0,
      'inbound-rtp to have asked for something',
    );
  });

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
      await until(pair, 'audio', 'packetsReceived', (await counted(pair, 'audio', 'packetsReceived')) + 10);
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
      ...(id === 'nack' ? { version: 2 } : {}),
      title,
      asks: 'When a receiver has lost a packet, do both sides count its NACK, PLI and FIR requests as they went over the wire, and does the sender count the packets that it sends again, and their bytes?',
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
        await until(pair, 'video', 'framesDecoded', (await counted(pair, 'video', 'framesDecoded')) + 5);
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
        const first = new Set<number>();
        const again = packets.filter(({ sequenceNumber }) => {
          const isAgain = first.has(sequenceNumber);
          first.add(sequenceNumber);
          return isAgain;
        });
        if (id === 'nack') expect(again.length, 'packets that were sent again').to.be.at.least(1);
        claimSent('retransmittedPacketsSent', again.length, { of: 'those on the wire', optional: true });
        const ofAgain = { unit: 'bytes', of: 'those on the wire', optional: true };
        claimSent('retransmittedBytesSent', loadsOf(again), ofAgain);
        claimSent('packetsSent', packets.length, { of: 'those on the wire' });
        // SRTP accepts the same packet only once: https://www.rfc-editor.org/rfc/rfc3711#section-3.3.2
        const came = new Set(
          packets.flatMap(({ cameOutAt, sequenceNumber }) => (cameOutAt === null ? [] : [sequenceNumber])),
        );
        claimReceived('packetsReceived', came.size, { of: 'those that came' });
      }),
  );
}

scenario(
  {
    ...pictureOverPath,
    id: 'statistics/counters/rtx',
    title: 'Packets that are sent again by RTX',
    asks: 'Where lost packets are sent again by a source of their own, do both sides name that source, count what it sent, and count the losses?',
    level: 'should',
    specs: [...streams, 'https://www.w3.org/TR/webrtc-stats/#dom-rtcoutboundrtpstreamstats-rtxssrc'],
    needs: {
      offerer: [...pictureOverPath.needs.offerer, 'codec:video/rtx:send'],
      answerer: [...pictureOverPath.needs.answerer, 'codec:video/rtx:receive'],
    },
    timeoutMs: 20_000,
  },
  (pair) =>
    overWire(pair, { withoutCodecs: ['red', 'ulpfec', 'flexfec-03'] }, async (wire) => {
      await start(pair, 'video');
      const rtx = (await agreedCodecs(pair, 'video')).flatMap(({ mimeType, payloadType }) =>
        mimeType === 'video/rtx' ? [payloadType] : [],
      );
      const isRepair = ({ payloadType }: RtpPacket) => rtx.includes(payloadType);
      await until(pair, 'video', 'framesDecoded', 10);
      let nth = 0;
      wire.lose((packet) => {
        if (isRepair(packet) || packet.padding || wire.lost.length === 3) return false;
        nth += 1;
        return nth % 10 === 0;
      });
      await untilShown(pair, () => wire.lost.length === 3);
      expect(wire.lost.length, 'packets that were lost on the way').to.equal(3);
      await until(pair, 'video', 'framesDecoded', (await counted(pair, 'video', 'framesDecoded')) + 10);
      const { packets, claimReceived, claimSent } = await stop(pair, 'video', wire);
      const of = 'what was on the wire';
      const optional = { of, optional: true };
      const inBytes = { ...optional, unit: 'bytes' };
      const repairs = packets.filter(isRepair);
      const sources = [...new Set(repairs.map(({ ssrc }) => ssrc))];
      expect(sources.length, 'sources that RTX came from').to.equal(1);
      const [source = 0] = sources;
      claimSent('rtxSsrc', source, optional);
      claimReceived('rtxSsrc', source, optional);
      claimSent('packetsSent', packets.length, { of });
      // what tries the path out may be an old packet, which nobody can tell from a repair
      const old = repairs.filter(({ padding }) => !padding);
      claimSent('retransmittedPacketsSent', { least: wire.lost.length, most: old.length }, optional);
      claimSent('retransmittedBytesSent', loadsOf(wire.lost, old), inBytes);
      claimReceived(
        'retransmittedPacketsReceived',
        { least: wire.lost.length, most: repairs.length },
        optional,
      );
      claimReceived('retransmittedBytesReceived', loadsOf(wire.lost, old), inBytes);
      claimReceived('packetsLost', wire.lost.length, { of: 'what was lost on the wire' });
      claimReceived(
        'packetsReceived',
        {
          least: packets.length - repairs.length - wire.lost.length,
          most: packets.length - wire.lost.length,
        },
        { of },
      );
    }),
);
