import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import type { RtpPacket } from '../codecs/rtp.ts';
import { bothNegotiate } from '../codecs/steps.ts';
import { overWire, type Wire } from '../codecs/wire.ts';
import { scenario } from '../scenario.ts';
import { amplitude, count, dictionary, find, report, sound, type Entry } from './steps.ts';

type Sides = Pick<PairContext<Agent>, 'offerer' | 'answerer'>;

const overPath = { ...sound, signaling: { trickle: false } } as const;

/** Bytes that SRTP adds to a packet, by cipher. https://www.rfc-editor.org/rfc/rfc7714#section-12 */
const tags = [10, 16];

const total = (packets: readonly RtpPacket[], of: (packet: RtpPacket) => number): number =>
  packets.reduce((sum, packet) => sum + of(packet), 0);

/** What a side counts of a stream is what went over the wire of it: packets, and the bytes of their headers and loads. */
function expectCounted(
  entry: Entry,
  packets: readonly RtpPacket[],
  end: 'Sent' | 'Received',
  where: string,
): void {
  expect(packets.length, 'packets of sound on the wire').to.be.at.least(30);
  expect(
    count(entry, `packets${end}`, where),
    `packets${end} at the ${where}, of those on the wire`,
  ).to.equal(packets.length);
  // what fills a packet up counts as its header, and only whether it is filled up can be seen on the way
  const headers = total(packets, ({ headerBytes }) => headerBytes);
  const counted = count(entry, `headerBytes${end}`, where);
  const what = `headerBytes${end} at the ${where}, of the bytes of headers on the wire`;
  if (packets.some(({ padding }) => padding)) expect(counted, what).to.be.above(headers);
  else expect(counted, what).to.equal(headers);
  const bytes = counted + count(entry, `bytes${end}`, where);
  const tag = (total(packets, (packet) => packet.bytes) - bytes) / packets.length;
  expect(
    tags,
    `bytes a packet that headerBytes${end} and bytes${end} at the ${where} leave out of those on the wire`,
  ).to.include(tag);
}

/**
 * The offerer sends a tone as soon as both sides are connected: what comes ahead of a receiver's keys is on the wire, and
 * counted by nobody.
 */
async function start({ offerer, answerer }: Sides): Promise<void> {
  const offered = offerer.run(async ({ connection }) => {
    connection.pc.addTransceiver('audio', { direction: 'sendonly' });
    await connection.negotiate();
  });
  await bothNegotiate(answerer, offered);
  for (const peer of [offerer, answerer]) await peer.run(({ connection }) => connection.connected());
  await offerer.run(async ({ connection, media }, gain) => {
    const { track } = await media.tone({ gain });
    await connection.pc.getSenders()[0]?.replaceTrack(track);
  }, amplitude);
}

/** The sound stops; resolves when nothing more of it comes, with what the wire had of it. */
async function stop({ offerer, answerer }: Sides, wire: Wire): Promise<readonly RtpPacket[]> {
  await offerer.run(({ connection }) => connection.pc.getSenders()[0]?.replaceTrack(null));
  // a data channel could overtake what is under way; statistics are at most 50 ms old in Chromium
  await answerer.run(async ({ connection, waitFor }) => {
    let last = -1;
    let since = performance.now();
    await waitFor({
      name: 'the counters of inbound-rtp to stand still',
      phase: 'media',
      probe: async () => {
        const { packetsReceived = 0 } = (await connection.inbound('audio')) ?? {};
        if (packetsReceived !== last) [last, since] = [packetsReceived, performance.now()];
        return performance.now() - since > 300;
      },
      triggers: [{ everyMs: 60 }],
    });
  });
  return wire.rtp('offerer');
}

scenario(
  {
    ...overPath,
    id: 'statistics/counters/sound',
    title: 'Packets and bytes of sound',
    asks: 'Do both sides count the packets, the bytes of headers and the bytes of loads that went over the wire, each of them?',
    specs: ['sentrtpstats', 'receivedrtpstats', 'outboundrtpstats', 'inboundrtpstats'].map(dictionary),
  },
  (pair) =>
    overWire(pair, {}, async (wire) => {
      await start(pair);
      await pair.answerer.run(({ connection }) =>
        connection.stats<RTCInboundRtpStreamStats>(
          'inbound-rtp',
          ({ packetsReceived = 0 }) => packetsReceived >= 40,
          'inbound-rtp to count 40 packets',
        ),
      );
      const packets = await stop(pair, wire);
      const got = find(await report(pair.answerer), 'inbound-rtp', 'audio');
      const sent = find(await report(pair.offerer), 'outbound-rtp', 'audio');
      expectCounted(got, packets, 'Received', 'answerer');
      expectCounted(sent, packets, 'Sent', 'offerer');
      expect(got['packetsLost'], 'packetsLost of inbound-rtp at the answerer').to.equal(0);
    }),
);

scenario(
  {
    ...overPath,
    id: 'statistics/counters/lost',
    title: 'Packets of sound that are lost',
    asks: 'Does the receiver count the packets that are lost on their way, each of them, and does the sender hear of them?',
    specs: ['receivedrtpstats', 'remoteinboundrtpstats'].map(dictionary),
  },
  (pair) =>
    overWire(pair, {}, async (wire) => {
      await start(pair);
      let nth = 0;
      wire.lose(() => {
        nth += 1;
        return nth % 10 === 0;
      });
      await pair.answerer.run(({ connection }) =>
        connection.stats<RTCInboundRtpStreamStats>(
          'inbound-rtp',
          ({ kind, packetsLost = 0 }) => kind === 'audio' && packetsLost >= 8,
          'inbound-rtp to count 8 lost packets',
        ),
      );
      wire.lose(() => false);
      const fraction = await pair.offerer.run(({ connection }) =>
        connection.stats<RTCStats & { fractionLost?: number }>(
          'remote-inbound-rtp',
          ({ fractionLost = 0 }) => fractionLost > 0,
          'remote-inbound-rtp to have a fractionLost',
        ),
      );
      await stop(pair, wire);
      const got = find(await report(pair.answerer), 'inbound-rtp', 'audio');
      expect(got['packetsLost'], 'packetsLost at the answerer, of those that were lost').to.equal(
        wire.lost.length,
      );
      // one in ten, by how the reports of RTCP fall
      expect(fraction.fractionLost, 'fractionLost at the offerer, of one in ten').to.be.within(0.01, 0.2);
      const told = find(await report(pair.offerer), 'remote-inbound-rtp', 'audio');
      expect(told['packetsLost'], 'packetsLost that the offerer has heard of').to.be.within(
        1,
        wire.lost.length,
      );
    }),
);
