import { overWire, type SeenPacket } from '../codecs/wire.ts';
import { scenario } from '../scenario.ts';
import { expectPace } from '../steps/hold.ts';
import {
  claimsOf,
  connect,
  dictionary,
  find,
  later,
  report,
  risen,
  send,
  sound,
  soundAndPicture,
} from './steps.ts';

const overPath = { ...sound, signaling: { trickle: false } } as const;
const pictureOverPath = { ...soundAndPicture, signaling: { trickle: false } } as const;

/** The delay of the path, one way. */
const delayMs = 100;
/** There and back, in seconds; a clock of milliseconds may count one less. */
const shortest = (2 * delayMs - 1) / 1000;
/**
 * What a side adds to the time of the path while its thread waits for a processor, in seconds: most seen 0.17. Twice the
 * path is 0.2 more.
 */
const slack = 0.18;

scenario(
  {
    ...pictureOverPath,
    id: 'statistics/time/round-trip',
    version: 2,
    title: 'Round-trip time of a path of 100 ms each way',
    asks: 'Where a packet takes 100 ms there and 100 ms back, do the candidate pair in use and the reports of the other side give a round-trip time of 200 ms, in seconds?',
    specs: [dictionary('candidatepair'), dictionary('remoteinboundrtpstats')],
    timeoutMs: 20_000,
  },
  (pair) =>
    overWire(pair, {}, async (wire) => {
      wire.change({ delayMs });
      await send(pair, 'both');
      // a thread that waits for a processor makes some of them longer
      const times = await pair.offerer.run(async ({ connection, waitFor }) => {
        const found = new Set<number>();
        return waitFor({
          name: 'four round-trip times of remote-inbound-rtp',
          phase: 'media',
          probe: async () => {
            const entries = (await connection.pc.getStats()).values() as Iterable<
              RTCStats & { kind?: string; roundTripTime?: number }
            >;
            for (const { type, kind, roundTripTime } of entries)
              if (type === 'remote-inbound-rtp' && kind === 'video' && roundTripTime !== undefined)
                found.add(roundTripTime);
            return found.size >= 4 && [...found];
          },
          triggers: [{ everyMs: 100 }],
        });
      });
      // The first check may have to be sent again, until the path knows where the other side is; consent checks do not.
      const connected = wire.checks('offerer').length;
      do await later(pair.offerer, 400);
      while (wire.checks('offerer').length === connected);
      // the answer has come out of the path, but has still to be read
      await later(pair.offerer, 400);
      const all = await report(pair.offerer);
      const checks = wire.checks('offerer');
      const inSeconds = { unit: 's', of: 'the path', paced: true };
      const transport = find(all, 'transport');
      const pairInUse = all.find(({ id }) => id === transport['selectedCandidatePairId']) ?? {};
      const claimPair = claimsOf(pair, 'offerer', 'candidate-pair', pairInUse);
      const longest = Math.max(...checks) / 1000 + slack;
      claimPair('currentRoundTripTime', { least: shortest, most: longest }, inSeconds);
      const responses = Number(pairInUse['responsesReceived'] ?? 0);
      // the time of a check that was sent again may count from when it was first sent
      claimPair(
        'totalRoundTripTime',
        { least: shortest * responses, most: longest * (responses + 1) },
        inSeconds,
      );
      const most = (wire.slowest('offerer') + wire.slowest('answerer')) / 1000 + slack;
      claimsOf(pair, 'offerer', 'remote-inbound-rtp', { roundTripTime: Math.min(...times) })(
        'roundTripTime',
        { least: shortest, most },
        inSeconds,
      );
      const told = find(all, 'remote-inbound-rtp', 'video');
      const measurements = Number(told['roundTripTimeMeasurements']);
      claimsOf(
        pair,
        'offerer',
        'remote-inbound-rtp',
        told,
      )(
        'totalRoundTripTime',
        { least: shortest * measurements, most: Math.max(most, ...times) * measurements },
        { unit: 's', of: 'its round-trip times', paced: true },
      );
    }),
);

/** Of Opus. https://www.rfc-editor.org/rfc/rfc7587#section-4.1 */
const clockRate = 48_000;

/**
 * The jitter of packets as they came out of a path, in seconds, after each.
 * https://www.rfc-editor.org/rfc/rfc3550#section-6.4.1
 */
function jitterOf(packets: readonly SeenPacket[]): number[] {
  let jitter = 0;
  return packets.flatMap(({ cameOutAt, timestamp }, at) => {
    const before = packets[at - 1];
    if (before === undefined || before.cameOutAt === null || cameOutAt === null) return [];
    // timestamps have 32 bits
    const played = ((timestamp - before.timestamp) | 0) / clockRate;
    const between = (cameOutAt - before.cameOutAt) / 1000 - played;
    jitter += (Math.abs(between) - jitter) / 16;
    return [jitter];
  });
}

scenario(
  {
    ...overPath,
    id: 'statistics/time/jitter',
    title: 'Jitter of a path whose delay varies by up to 40 ms',
    asks: 'Do both sides report the jitter with which packets of sound arrive, in seconds?',
    specs: [dictionary('receivedrtpstats'), dictionary('remoteinboundrtpstats')],
  },
  (pair) =>
    overWire(pair, {}, async (wire) => {
      wire.change({ jitterMs: 40 }, 'offerer');
      await send(pair, 'sound');
      const counted = await pair.answerer.run(({ connection }) =>
        connection.stats<RTCInboundRtpStreamStats>(
          'inbound-rtp',
          ({ packetsReceived = 0 }) => packetsReceived >= 150,
          'inbound-rtp to count 150 packets',
        ),
      );
      const known = jitterOf(wire.rtp('offerer').filter(({ cameOutAt }) => cameOutAt !== null));
      const told = await pair.offerer.run(({ connection }) =>
        connection.stats<RTCStats & { jitter?: number }>(
          'remote-inbound-rtp',
          ({ jitter = 0 }) => jitter > 0,
          'remote-inbound-rtp to have a jitter',
        ),
      );
      const bound = (values: readonly number[]) => ({
        least: Math.min(...values) * 0.6,
        most: Math.max(...values) * 1.4 + 0.004,
      });
      const inSeconds = { unit: 's', of: 'the packets on the wire', paced: true };
      // statistics are some packets old, and an RTCP packet is as old as the time between two of them
      claimsOf(pair, 'answerer', 'inbound-rtp', { ...counted })('jitter', bound(known.slice(-20)), inSeconds);
      claimsOf(pair, 'offerer', 'remote-inbound-rtp', { ...told })(
        'jitter',
        bound(jitterOf(wire.rtp('offerer').filter(({ cameOutAt }) => cameOutAt !== null)).slice(30)),
        inSeconds,
      );
    }),
);

scenario(
  {
    ...soundAndPicture,
    id: 'statistics/time/coding',
    title: 'Times of encoding, decoding and showing a picture',
    asks: 'Over some seconds of a picture, are the times between its frames as long as they took, and is it encoded and decoded in less than that, all in seconds?',
    level: 'should',
    specs: [dictionary('outboundrtpstats'), dictionary('inboundrtpstats')],
  },
  async (pair) => {
    await connect(pair);
    await send(pair, 'both');
    const sums = {
      offerer: ['timestamp', 'framesEncoded', 'totalEncodeTime', 'totalPacketSendDelay'],
      answerer: [
        'timestamp',
        'framesDecoded',
        'totalDecodeTime',
        'totalProcessingDelay',
        'totalInterFrameDelay',
        'totalSquaredInterFrameDelay',
      ],
    };
    const look = async () => ({
      offerer: find(await report(pair.offerer), 'outbound-rtp', 'video'),
      answerer: find(await report(pair.answerer), 'inbound-rtp', 'video'),
    });
    const before = await look();
    await later(pair.offerer, 3000);
    const behind = await look();
    const sent = risen(before.offerer, behind.offerer, sums.offerer);
    const received = risen(before.answerer, behind.answerer, sums.answerer);
    const inSeconds = { unit: 's', optional: true, paced: true };
    const claimSent = claimsOf(pair, 'offerer', 'outbound-rtp', sent);
    const claimReceived = claimsOf(pair, 'answerer', 'inbound-rtp', received);
    const passed = { sent: Number(sent['timestamp']) / 1000, received: Number(received['timestamp']) / 1000 };
    const frames = { sent: Number(sent['framesEncoded']), received: Number(received['framesDecoded']) };
    for (const count of Object.values(frames)) expectPace(count, 'frames meanwhile').to.be.at.least(15);
    claimSent(
      'totalEncodeTime',
      { least: frames.sent * leastPerFrame, most: passed.sent },
      { ...inSeconds, of: 'the time that passed' },
    );
    claimSent(
      'totalPacketSendDelay',
      { least: 0, most: passed.sent },
      { ...inSeconds, of: 'the time that passed' },
    );
    claimReceived(
      'totalDecodeTime',
      { least: frames.received * leastPerFrame, most: passed.received },
      { ...inSeconds, of: 'the time that passed' },
    );
    claimReceived(
      'totalProcessingDelay',
      { least: Number(received['totalDecodeTime'] ?? 0), most: frames.received * longestInReceiver },
      { ...inSeconds, of: 'its frames' },
    );
    const between = { least: passed.received - aroundFrames, most: passed.received + aroundFrames };
    claimReceived('totalInterFrameDelay', between, { ...inSeconds, of: 'the time that passed' });
    // their mean square is no less than the square of their mean
    claimReceived(
      'totalSquaredInterFrameDelay',
      { least: between.least ** 2 / (frames.received + 1), most: between.most ** 2 },
      { unit: 's²', optional: true, paced: true, of: 'the time that passed' },
    );
  },
);

/** Seconds that no coder needs less than for a frame of 320×240. */
const leastPerFrame = 0.000_02;
/** Seconds that a frame may be in the receiver, on average. */
const longestInReceiver = 1;
/** Seconds by which the first and the last frame of a stretch may be off from it. */
const aroundFrames = 0.6;
