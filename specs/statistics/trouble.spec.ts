import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PeerHandle } from '../../harness/matrix/scenario.ts';
import { overWire, type SeenPacket } from '../codecs/wire.ts';
import { scenario } from '../scenario.ts';
import { frozenFor, madeUp, rateOfLimited } from '../steps/bounds.ts';
import {
  claimsOf,
  connect,
  dictionary,
  find,
  hertz,
  later,
  report,
  risen,
  send,
  soundAndPicture,
  type Entry,
} from './steps.ts';
import { counted, overPath, pictureOverPath, start, stop, until, untilShown } from './wire-steps.ts';

const inbound = dictionary('inboundrtpstats');
const outbound = dictionary('outboundrtpstats');

/** Samples of a packet of Opus: 20 ms at 48 kHz. https://www.rfc-editor.org/rfc/rfc7587#section-4.2 */
const samplesOfPacket = 960;
/** Out of every `of` packets, `lost` in a row are lost. */
const burst = { of: 25, lost: 5 } as const;
const bursts = 4;

/** Plays the tone that a side receives: what nobody hears need not be played. */
const play = (receiver: PeerHandle<Agent>): Promise<void> =>
  receiver.run(async ({ connection, media, kept }, wanted) => {
    const { track } = await connection.track('audio');
    const element = new Audio();
    element.srcObject = new MediaStream([track]);
    kept.set('element', element);
    await element.play();
    const listener = await media.listen(track);
    await listener.untilTone(wanted);
    await listener.stretch(500);
    listener.stop();
  }, hertz);

scenario(
  {
    ...overPath,
    id: 'statistics/trouble/concealed',
    title: 'Samples made up for lost packets',
    asks: 'When 100 ms of sound are lost on the way, four times over, does the receiver count the samples that it made up for them, and how often it did so?',
    specs: [inbound, 'https://www.w3.org/TR/webrtc-stats/#dom-rtcinboundrtpstreamstats-concealedsamples'],
  },
  (pair) =>
    overWire(pair, {}, async (wire) => {
      await send(pair, 'sound');
      await play(pair.answerer);
      const before = find(await report(pair.answerer), 'inbound-rtp', 'audio');
      let nth = 0;
      wire.lose(() => {
        nth += 1;
        return (nth - 1) % burst.of >= burst.of - burst.lost && nth <= bursts * burst.of;
      });
      await pair.answerer.run(
        async ({ connection }, least) => {
          await connection.stats<RTCInboundRtpStreamStats>(
            'inbound-rtp',
            ({ kind, packetsReceived = 0 }) => kind === 'audio' && packetsReceived >= least,
            'inbound-rtp to count what comes behind the last loss',
          );
        },
        Number(before['packetsReceived']) + bursts * (burst.of - burst.lost) + 20,
      );
      const behind = find(await report(pair.answerer), 'inbound-rtp', 'audio');
      const claimRise = claimsOf(
        pair,
        'answerer',
        'inbound-rtp',
        risen(before, behind, ['concealedSamples', 'concealmentEvents']),
      );
      const samples = wire.lost.length * samplesOfPacket;
      claimRise(
        'concealedSamples',
        { least: samples * madeUp.least, most: samples * madeUp.most },
        { of: 'what was lost', paced: true, optional: true },
      );
      claimRise(
        'concealmentEvents',
        { least: 1, most: bursts * madeUp.most },
        { of: 'how often something was lost', paced: true, optional: true },
      );
    }),
);

/** Out of every `of` packets, the last comes `ms` later: later than any receiver waits for it. */
const late = { of: 15, packets: 6, ms: 2000 } as const;

scenario(
  {
    ...overPath,
    id: 'statistics/trouble/late',
    title: 'Packets of sound that come two seconds late',
    asks: 'When some packets come long after the ones behind them were played, does the receiver count them as discarded, and none as lost?',
    specs: [inbound, 'https://www.w3.org/TR/webrtc-stats/#dom-rtcinboundrtpstreamstats-packetsdiscarded'],
    // the last packets are two seconds late
    load: 'idle',
    timeoutMs: 20_000,
  },
  (pair) =>
    overWire(pair, {}, async (wire) => {
      await start(pair, 'audio');
      await play(pair.answerer);
      const before = find(await report(pair.answerer), 'inbound-rtp', 'audio');
      const delayed: SeenPacket[] = [];
      let nth = 0;
      wire.delay((packet) => {
        nth += 1;
        const isLate = nth % late.of === 0 && delayed.length < late.packets;
        if (isLate) delayed.push(packet);
        return isLate;
      }, late.ms);
      const came = () => delayed.filter(({ cameOutAt }) => cameOutAt !== null).length;
      await untilShown(pair, () => came() === late.packets);
      expect(came(), 'packets that came late').to.equal(late.packets);
      await until(pair, 'audio', 'packetsReceived', (await counted(pair, 'audio', 'packetsReceived')) + 20);
      const { packets, received, claimReceived } = await stop(pair, 'audio', wire);
      claimsOf(
        pair,
        'answerer',
        'inbound-rtp',
        risen(before, received, ['packetsDiscarded']),
      )('packetsDiscarded', late.packets, { of: 'those that came late', paced: true });
      claimReceived('packetsLost', 0, { of: 'what was lost on the wire' });
      claimReceived('packetsReceived', packets.length, { of: 'those on the wire' });
    }),
);

scenario(
  {
    ...pictureOverPath,
    id: 'statistics/trouble/dropped',
    title: 'Frames that cannot be decoded after a loss',
    asks: 'When a packet is lost that nobody can ask for again, does the receiver count every frame that came whole, and those that it drops until the next key frame?',
    level: 'should',
    specs: [
      inbound,
      'https://www.w3.org/TR/webrtc-stats/#dom-rtcinboundrtpstreamstats-framesreceived',
      'https://www.w3.org/TR/webrtc-stats/#dom-rtcinboundrtpstreamstats-framesdropped',
    ],
    // a receiver that cannot ask for packets still waits three seconds for them
    timeoutMs: 25_000,
  },
  (pair) =>
    overWire(
      pair,
      { withoutCodecs: ['rtx', 'red', 'ulpfec'], withoutLines: /^a=rtcp-fb:\S+ (?:nack|ccm fir)$/ },
      async (wire) => {
        await start(pair, 'video');
        await until(pair, 'video', 'framesDecoded', 20);
        wire.lose(({ padding }) => !padding && wire.lost.length === 0);
        await until(pair, 'video', 'keyFramesDecoded', 2);
        await until(pair, 'video', 'framesDecoded', (await counted(pair, 'video', 'framesDecoded')) + 10);
        const { packets, received, claimReceived } = await stop(pair, 'video', wire);
        const pictures = packets.filter(({ padding }) => !padding);
        const frames = new Set(pictures.map(({ timestamp }) => timestamp));
        for (const { timestamp } of wire.lost) frames.delete(timestamp);
        const decoded = Number(received['framesDecoded']);
        expect(frames.size - decoded, 'frames that came whole and were not decoded').to.be.at.least(1);
        claimReceived('framesReceived', frames.size, { of: 'those that came whole' });
        claimReceived('framesDropped', frames.size - decoded, {
          of: 'those that came whole and were not decoded',
          optional: true,
        });
      },
    ),
);

scenario(
  {
    ...soundAndPicture,
    id: 'statistics/trouble/frozen',
    title: 'A picture that stands still for 800 ms',
    asks: 'Does the receiver count one freeze, which lasts as long as nothing new was sent?',
    specs: [inbound, 'https://www.w3.org/TR/webrtc-stats/#dom-rtcinboundrtpstreamstats-freezecount'],
  },
  async (pair) => {
    await connect(pair);
    await send(pair, 'both');
    const untilDecoded = (least: number) =>
      pair.answerer.run(async ({ connection }, wanted) => {
        const base = (await connection.inbound('video'))?.framesDecoded ?? 0;
        await connection.stats<RTCInboundRtpStreamStats>(
          'inbound-rtp',
          ({ kind, framesDecoded = 0 }) => kind === 'video' && framesDecoded >= base + wanted,
          `inbound-rtp to count ${String(wanted)} more frames`,
        );
      }, least);
    // what a freeze is depends on the frames before it; after a second Firefox sends the last frame again
    await untilDecoded(40);
    const before = find(await report(pair.answerer), 'inbound-rtp', 'video');
    const stoppedAt = await pair.offerer.run(({ media }) => {
      media.videoSource.show('nothing');
      return performance.now();
    });
    await later(pair.offerer, 800);
    const stoodFor = await pair.offerer.run(({ media }, since) => {
      media.videoSource.show('numbers');
      return (performance.now() - since) / 1000;
    }, stoppedAt);
    await untilDecoded(10);
    const behind = find(await report(pair.answerer), 'inbound-rtp', 'video');
    const claimRise = claimsOf(
      pair,
      'answerer',
      'inbound-rtp',
      risen(before, behind, ['freezeCount', 'totalFreezesDuration']),
    );
    claimRise('freezeCount', 1, { of: 'how often the source stood still', paced: true, optional: true });
    claimRise(
      'totalFreezesDuration',
      { least: stoodFor - frozenFor.less, most: stoodFor + frozenFor.more },
      { unit: 's', of: 'how long the source stood still', paced: true, optional: true },
    );
  },
);

/** Bits a second that the path lets through; the sender has a picture of noise that takes more. */
const limit = 300_000;

scenario(
  {
    ...soundAndPicture,
    signaling: { trickle: false },
    id: 'statistics/trouble/limited',
    title: 'A sender whose path lets 300 kbit/s through',
    asks: 'Does the sender of a picture that needs more say that bandwidth limits its quality, and for how long, and are its targetBitrate and availableOutgoingBitrate within the limit?',
    specs: [
      outbound,
      dictionary('candidatepair'),
      'https://www.w3.org/TR/webrtc-stats/#dom-rtcoutboundrtpstreamstats-qualitylimitationreason',
    ],
    timeoutMs: 25_000,
  },
  (pair) =>
    overWire(pair, {}, async (wire) => {
      wire.change({ bitsPerSecond: limit, queueBytes: 20_000 }, 'offerer');
      const sentAt = performance.now();
      await send(pair, 'noise');
      const seen = await pair.offerer.run(async ({ connection, waitFor }) => {
        const began = performance.now();
        return waitFor({
          name: 'outbound-rtp to say for a second that bandwidth limits it',
          phase: 'media',
          probe: async () => {
            const entries: Entry[] = [...(await connection.pc.getStats()).values()];
            const stream =
              entries.find(({ type, kind }) => type === 'outbound-rtp' && kind === 'video') ?? {};
            const durations = stream['qualityLimitationDurations'];
            const limited = Number(
              typeof durations === 'object' && durations !== null
                ? Reflect.get(durations, 'bandwidth')
                : undefined,
            );
            const isOver = performance.now() - began > 10_000;
            if (!isOver && !(stream['qualityLimitationReason'] === 'bandwidth' && limited >= 1)) return false;
            return {
              stream: { ...stream, qualityLimitationDurations: Number.isNaN(limited) ? undefined : limited },
              entries,
            };
          },
          triggers: [{ everyMs: 100 }],
        });
      });
      const claimStream = claimsOf(pair, 'offerer', 'outbound-rtp', seen.stream);
      claimStream('qualityLimitationReason', 'bandwidth', { of: 'the path', optional: true });
      claimStream(
        'qualityLimitationDurations',
        { least: 1, most: (performance.now() - sentAt) / 1000 },
        { unit: 's', of: 'the time in which it was limited', optional: true },
      );
      claimStream(
        'targetBitrate',
        { least: 10_000, most: limit * rateOfLimited },
        { unit: 'bit/s', of: 'the path', optional: true },
      );
      const transport = find(seen.entries, 'transport');
      const pairInUse = seen.entries.find(({ id }) => id === transport['selectedCandidatePairId']) ?? {};
      claimsOf(
        pair,
        'offerer',
        'candidate-pair',
        pairInUse,
      )(
        'availableOutgoingBitrate',
        { least: 10_000, most: limit * rateOfLimited },
        { unit: 'bit/s', of: 'the path', optional: true },
      );
    }),
);

scenario(
  {
    ...soundAndPicture,
    id: 'statistics/trouble/none',
    title: 'A sender that nothing limits',
    asks: 'Does the sender of a small picture say that nothing limits its quality, and do both sides report its frames per second?',
    specs: [outbound, inbound],
  },
  async (pair) => {
    await connect(pair);
    await send(pair, 'both');
    await later(pair.offerer, 2000);
    const sent = find(await report(pair.offerer), 'outbound-rtp', 'video');
    const received = find(await report(pair.answerer), 'inbound-rtp', 'video');
    const claimSent = claimsOf(pair, 'offerer', 'outbound-rtp', sent);
    claimSent('qualityLimitationReason', 'none', { of: 'what limits it', paced: true, optional: true });
    const rate = { least: 10, most: 25 };
    claimSent('framesPerSecond', rate, { of: 'the source of 20', unit: 'fps', paced: true });
    claimsOf(
      pair,
      'answerer',
      'inbound-rtp',
      received,
    )('framesPerSecond', rate, {
      of: 'the source of 20',
      unit: 'fps',
      paced: true,
    });
  },
);
