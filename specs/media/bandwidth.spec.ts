import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { receiveAtRate, receivedRate, receiveRate, setEncodings } from '../codecs/encoding-steps.ts';
import { bothNegotiate, offerVideo, receiveVideo, videoReceiver, videoSender } from '../codecs/steps.ts';
import { overWire, type OfferEdit, type Wire } from '../codecs/wire.ts';
import { scenario } from '../scenario.ts';
import { send, soundAndPicture, hertz } from '../statistics/steps.ts';
import {
  fiveFrames,
  limited,
  lostOnLimited,
  overLimited,
  soundOnLimited,
  timeToLimit,
  timeToRecover,
  timeToRise,
} from '../steps/bounds.ts';
import { hold } from '../steps/hold.ts';
import { expectPicture } from '../steps/picture.ts';
import { jsep, webrtc } from './steps.ts';

type Pair = PairContext<Agent>;

const vp8 = 'video/VP8';
const needs = {
  offerer: [`codec:${vp8}:send`, 'RTCRtpSender.prototype.setParameters', ...videoSender],
  answerer: [`codec:${vp8}:receive`, ...videoReceiver],
};

/** Parameters that only Chromium has. */
const constants = 'https://webrtc.googlesource.com/src/+/refs/heads/main/media/base/media_constants.cc';

/** Bits a second that a sender of noise uses where nothing limits it, and those that it keeps to where the limit is 100 000. */
const free = { above: 200_000 };
const kept = { below: 140_000 };

/**
 * A limit of 100 kbit/s is set in mid-call, is kept to for two seconds, and is taken back: the receiver measures what comes
 * before, during and after it.
 */
async function expectLimit(
  pair: Pair,
  set: () => Promise<void>,
  takeBack: () => Promise<void>,
): Promise<void> {
  const { bitsPerSecond } = await receiveAtRate(pair.answerer, free);
  pair.measure('bitrate before', bitsPerSecond, 'bit/s');
  await set();
  const setAt = performance.now();
  await receiveAtRate(pair.answerer, kept);
  hold(pair, 'time to the limit', Math.round(performance.now() - setAt), 'ms', timeToLimit);
  const held = await receivedRate(pair.answerer);
  hold(pair, 'bitrate with the limit', held, 'bit/s', { least: 20_000, most: kept.below });
  await takeBack();
  const takenAt = performance.now();
  await receiveAtRate(pair.answerer, free);
  hold(pair, 'time to rise', Math.round(performance.now() - takenAt), 'ms', timeToRise);
  const risen = await receivedRate(pair.answerer);
  hold(pair, 'bitrate without the limit', risen, 'bit/s', { least: free.above, paced: true });
}

scenario(
  {
    id: 'media/bandwidth/max-bitrate-taken-back',
    title: 'maxBitrate of 100 kbit/s, then none again',
    asks: 'Where a sender of noise uses more than 200 kbit/s, does a maxBitrate of 100 kbit/s set mid-call hold it below 140 kbit/s, and does it use more again once the limit is removed?',
    level: 'must',
    specs: [webrtc('dom-rtcrtpencodingparameters-maxbitrate'), webrtc('dom-rtcrtpsender-setparameters')],
    needs,
    timeoutMs: 30_000,
  },
  async (pair) => {
    await offerVideo(pair, { prefer: [vp8], carries: 1_000_000, source: { noise: true } });
    await expectLimit(
      pair,
      () => setEncodings(pair.offerer, { maxBitrate: 100_000 }),
      () => setEncodings(pair.offerer, { maxBitrate: undefined }),
    );
  },
);

/** Waits until a second of the received picture has at least, or at most, so many new frames. */
const untilFrames = ({ answerer }: Pair, { least = 0, most = Infinity }): Promise<void> =>
  answerer.run(
    async ({ connection, media }, { least, most }) => {
      const watcher = media.watch((await connection.track('video')).track);
      await watcher.until(
        most < Infinity ? `a second of at most ${most} frames` : `a second of at least ${least} frames`,
        ({ last }) => {
          if (last === null) return false;
          const now = performance.now() - watcher.started;
          const numbers = watcher.seen.flatMap(({ at, code }) =>
            code && at > now - 1000 ? code.number : [],
          );
          const { size } = new Set(numbers);
          return now > 1000 && size > 0 && size >= least && size <= most;
        },
      );
      watcher.stop();
    },
    { least, most },
  );

scenario(
  {
    id: 'media/bandwidth/max-framerate-taken-back',
    title: 'maxFramerate of 5, then none again',
    asks: 'Where 20 frames a second are drawn, do about 5 a second arrive when maxFramerate is set to 5 mid-call, and all of them again once the limit is removed?',
    level: 'must',
    specs: [webrtc('dom-rtcrtpencodingparameters-maxframerate'), webrtc('dom-rtcrtpsender-setparameters')],
    needs,
    timeoutMs: 30_000,
  },
  async (pair) => {
    await offerVideo(pair, { prefer: [vp8] });
    await untilFrames(pair, { least: 12 });
    await setEncodings(pair.offerer, { maxFramerate: 5 });
    const setAt = performance.now();
    await untilFrames(pair, { most: 7 });
    hold(pair, 'time to the limit', Math.round(performance.now() - setAt), 'ms', timeToLimit);
    const { arrived, drawn } = await receiveRate(pair.answerer, 14);
    hold(pair, 'frames drawn', drawn, 'fps', { least: 10, paced: true });
    hold(pair, 'frames with the limit', arrived, 'fps', fiveFrames);
    await setEncodings(pair.offerer, { maxFramerate: undefined });
    const takenAt = performance.now();
    await untilFrames(pair, { least: 12 });
    hold(pair, 'time to rise', Math.round(performance.now() - takenAt), 'ms', timeToRise);
    expectPicture(pair, await receiveVideo(pair.answerer), { size: [320, 240] });
  },
);

/** `b=AS:120`: 98 kbit/s of it are for RTP. https://www.rfc-editor.org/rfc/rfc8829#section-5.10 */
const as120 = {
  line: 'b=AS:120',
  parameter: '',
  level: 'must',
  specs: [jsep('5.10'), 'https://www.rfc-editor.org/rfc/rfc8866#section-5.8'],
} as const;
const tias100 = {
  line: 'b=TIAS:100000',
  parameter: '',
  level: 'must',
  specs: [jsep('5.10'), 'https://www.rfc-editor.org/rfc/rfc3890#section-6.2'],
} as const;

for (const { id, title, by, line, parameter, level, specs } of [
  { id: 'b-as', title: 'b=AS in the answer', by: 'answer', ...as120 },
  { id: 'b-as-offered', title: 'b=AS in an offer from the receiver', by: 'offer', ...as120 },
  { id: 'b-tias', title: 'b=TIAS in the answer', by: 'answer', ...tias100 },
  { id: 'b-tias-offered', title: 'b=TIAS in an offer from the receiver', by: 'offer', ...tias100 },
  {
    id: 'x-google-max-bitrate',
    title: 'x-google-max-bitrate in the answer',
    by: 'answer',
    line: '',
    parameter: '100',
    level: 'info',
    specs: [constants],
  },
] as const) {
  const limit = line || `x-google-max-bitrate=${parameter}`;
  const [limiting, next] = by === 'answer' ? ['a second answer', 'a third answer'] : ['an offer', 'the next'];
  scenario(
    {
      id: `media/bandwidth/${id}`,
      title,
      asks: `Where a sender of noise uses more than 200 kbit/s, does ${limit} in ${limiting} from the receiver hold it below 140 kbit/s, and does it use more again when ${next} is without it?`,
      level,
      specs,
      needs,
      timeoutMs: 20_000,
    },
    async (pair) => {
      await pair.answerer.run(
        (agent, { line, parameter }) => {
          let said = 0;
          agent.connect({
            // only the second description is edited, and there may be none; that it has the limit is checked below
            editsMayChangeNothing: true,
            outgoing({ type, sdp = '' }) {
              said += 1;
              if (said !== 2) return { type, sdp };
              const limited =
                parameter === ''
                  ? sdp
                  : agent.sdp.withParameters(sdp, 'VP8', { 'x-google-max-bitrate': parameter });
              return {
                type,
                sdp: limited.replace(/^m=video .*\r\n(?:[ic]=.*\r\n)*/m, (head) =>
                  line === '' ? head : `${head}${line}\r\n`,
                ),
              };
            },
          });
        },
        { line, parameter },
      );
      const offered = pair.offerer.run(async (agent) => {
        const connection = agent.connect();
        const { track, stream } = agent.media.video({ noise: true });
        const transceiver = connection.pc.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
        agent.codecs.prefer(transceiver, 'video/VP8');
        await connection.negotiate();
      });
      await bothNegotiate(pair.answerer, offered);
      const asker = by === 'answer' ? pair.offerer : pair.answerer;
      const again = () => asker.run(({ connection }) => connection.negotiate());
      const withLimit = async () => {
        await again();
        const said = await pair.answerer.run(({ connection }) => connection.said.descriptions.at(-1)?.sdp);
        expect(said, 'what the answerer said').to.include(limit);
      };
      await expectLimit(pair, withLimit, again);
    },
  );
}

/** Waits until the picture is no wider than that, and reports the sizes in which it comes over the next three seconds. */
const adaptedTo = ({ answerer }: Pair, widest: number) =>
  answerer.run(async ({ connection, media }, most) => {
    const watcher = media.watch((await connection.track('video')).track);
    await watcher.until(
      `a readable picture of at most ${String(most)} pixels a line`,
      ({ last }) => last !== null && last.code !== null && last.width <= most,
    );
    const { framesPerSecond } = await watcher.stretch(3000);
    watcher.stop();
    const sizes = watcher.seen.slice(-30).map(({ width, height }) => `${width}×${height}`);
    return { framesPerSecond, sizes: [...new Set(sizes)] };
  }, widest);

for (const [preference, asks] of [
  ['maintain-framerate', 'is a picture of at most 320×240 shown, with most of its frames'],
  ['maintain-resolution', 'is the picture shown as large as before, with less than half of its frames'],
] as const) {
  const keepsRate = preference === 'maintain-framerate';
  scenario(
    {
      id: `media/bandwidth/${preference}`,
      title: `${preference} when the bitrate is limited mid-call`,
      asks: `When the sender of a noisy picture of 640×480 prefers ${preference} and is limited to 150 kbit/s mid-call, ${asks}?`,
      level: 'should',
      specs: ['https://www.w3.org/TR/mst-content-hint/#dom-rtcdegradationpreference'],
      needs: { ...needs, offerer: [...needs.offerer, 'parameters:degradationPreference'] },
      load: 'heavy',
      timeoutMs: 25_000,
    },
    async (pair) => {
      await offerVideo(pair, {
        prefer: [vp8],
        carries: 2_000_000,
        degradationPreference: preference,
        source: { width: 640, height: 480, noise: true },
      });
      await receiveVideo(pair.answerer, { stretchMs: 0 });
      await setEncodings(pair.offerer, { maxBitrate: 150_000 });
      const setAt = performance.now();
      if (keepsRate) {
        await adaptedTo(pair, 320);
        await untilFrames(pair, { least: 14 });
      } else await receiveAtRate(pair.answerer, { below: 200_000 });
      pair.measure('time to adapt', Math.round(performance.now() - setAt), 'ms');
      const { framesPerSecond, sizes } = await adaptedTo(pair, keepsRate ? 320 : 640);
      if (!keepsRate) expect(sizes, 'sizes of the picture').to.deep.equal(['640×480']);
      hold(
        pair,
        'frames shown',
        framesPerSecond,
        'fps',
        keepsRate ? { least: 12, paced: true } : { least: 0.3, most: 10 },
      );
    },
  );
}

scenario(
  {
    ...soundAndPicture,
    id: 'media/bandwidth/priority',
    title: 'Two pictures of different priority on a path of 400 kbit/s',
    asks: 'Where two pictures need more than a path lets through, does the one whose encoding has priority high get more of it than the one with very-low?',
    level: 'info',
    specs: ['https://www.w3.org/TR/webrtc-priority/#dom-rtcrtpencodingparameters-priority'],
    signaling: { trickle: false },
    load: 'heavy',
    timeoutMs: 40_000,
  },
  (pair) =>
    overWire(pair, {}, async (wire) => {
      wire.change({ bitsPerSecond: 400_000, queueBytes: 20_000 }, 'offerer');
      const offered = pair.offerer.run(async ({ connection, media, codecs }) => {
        for (const priority of ['very-low', 'high'] as const) {
          const { track, stream } = media.video({ width: 640, height: 480, noise: true });
          const transceiver = connection.pc.addTransceiver(track, {
            direction: 'sendonly',
            streams: [stream],
            sendEncodings: [{ priority }],
          });
          codecs.prefer(transceiver, 'video/VP8');
        }
        await connection.negotiate();
      });
      await bothNegotiate(pair.answerer, offered);
      const [low = 0, high = 0] = await pair.answerer.run(async ({ connection, waitFor }) => {
        const bytes = () =>
          Promise.all(
            [0, 1].map(async (at) => {
              const { receiver } = await connection.track('video', at);
              const entries: Iterable<RTCInboundRtpStreamStats> = (await receiver.getStats()).values();
              return [...entries].find(({ type }) => type === 'inbound-rtp')?.bytesReceived ?? 0;
            }),
          );
        const began = performance.now();
        let before: number[] | undefined;
        return waitFor({
          name: 'five seconds of both pictures, five seconds from the beginning',
          phase: 'media',
          probe: async () => {
            const ms = performance.now() - began;
            if (ms >= 5000) before ??= await bytes();
            if (ms < 10_000 || !before) return undefined;
            const now = await bytes();
            return now.map((count, at) => count - (before?.[at] ?? 0));
          },
          triggers: [{ everyMs: 100 }],
        });
      });
      pair.measure('bits of the picture of low priority', (low * 8) / 5, 'bit/s');
      pair.measure('bits of the picture of high priority', (high * 8) / 5, 'bit/s');
      hold(pair, 'what the high priority has of what the low one has', high / low, '1', { least: 1.5 });
    }),
);

/** Bits a second that the path lets through for ten seconds; the sender of a picture of noise takes more than 400 kbit/s. */
const pathBits = 300_000;
const overPath = {
  ...soundAndPicture,
  signaling: { trickle: false },
  load: 'heavy',
  level: 'must',
  specs: [
    'https://www.rfc-editor.org/rfc/rfc8834#section-7',
    'https://www.rfc-editor.org/rfc/rfc8836#section-2',
  ],
  timeoutMs: 60_000,
} as const;

/**
 * A call with sound and a picture of noise over a path that lets everything through, until the picture takes more than the
 * limit that is to come.
 */
const overFreePath = (pair: Pair, body: (wire: Wire) => Promise<void>, edit: OfferEdit = {}): Promise<void> =>
  overWire(pair, edit, async (wire) => {
    await send(pair, 'noise');
    const { bitsPerSecond } = await receiveAtRate(pair.answerer, { above: pathBits * 1.4 });
    pair.measure('bitrate before', bitsPerSecond, 'bit/s');
    await body(wire);
  });

/** What the offerer put on the path over a stretch, in bits a second, and how much of it was lost. */
async function sentOver(wire: Wire, stretch: () => Promise<unknown>) {
  const from = wire.rtp('offerer').length;
  const began = performance.now();
  await stretch();
  const seconds = (performance.now() - began) / 1000;
  // the last of them are still under way
  const packets = wire.rtp('offerer').slice(from);
  const known = packets.slice(0, packets.findLastIndex(({ cameOutAt }) => cameOutAt !== null) + 1);
  const lost = known.filter(({ cameOutAt }) => cameOutAt === null).length;
  return {
    bitsPerSecond: Math.round((packets.reduce((sum, { bytes }) => sum + bytes, 0) * 8) / seconds),
    lost: lost / Math.max(1, known.length),
  };
}

scenario(
  {
    ...overPath,
    id: 'media/bandwidth/limited-path',
    title: 'A path of 300 kbit/s for ten seconds',
    asks: 'Does a sender that uses more than 420 kbit/s come down within five seconds to what a path of 300 kbit/s lets through, does the picture go on there, and does it use more again once the path allows it?',
  },
  (pair) =>
    overFreePath(pair, async (wire) => {
      wire.change({ bitsPerSecond: pathBits, queueBytes: 20_000 }, 'offerer');
      const adapting = await sentOver(wire, () => seeFor(pair, 5000));
      pair.measure('bits sent in the first five seconds', adapting.bitsPerSecond, 'bit/s');
      pair.measure('packets lost in the first five seconds', adapting.lost, '1');
      let shown: Awaited<ReturnType<typeof seeFor>> | undefined;
      const adapted = await sentOver(wire, async () => {
        shown = await seeFor(pair, 5000);
      });
      hold(pair, 'bits sent on the limited path', adapted.bitsPerSecond, 'bit/s', overLimited);
      hold(pair, 'packets lost on the limited path', adapted.lost, '1', lostOnLimited);
      wire.change({ bitsPerSecond: null }, 'offerer');
      const freeAt = performance.now();
      await receiveAtRate(pair.answerer, { above: pathBits * 1.4 });
      hold(pair, 'time to recover', Math.round(performance.now() - freeAt), 'ms', timeToRecover);
      const risen = await receivedRate(pair.answerer);
      hold(pair, 'bitrate behind the limit', risen, 'bit/s', { least: pathBits, paced: true });
      if (shown) expectPicture(pair, shown, { bounds: limited });
    }),
);

/** What a side shows over a stretch. */
const seeFor = ({ answerer }: Pair, ms: number) =>
  answerer.run(async ({ connection, media }, stretch) => {
    const watcher = media.watch((await connection.track('video')).track);
    const shown = await watcher.shown(stretch);
    watcher.stop();
    return shown;
  }, ms);

scenario(
  {
    ...overPath,
    id: 'media/bandwidth/sound-on-limited-path',
    title: 'Sound on a path of 300 kbit/s that a picture fills',
    asks: 'Does sound go on without a gap for ten seconds in which the picture beside it needs more than the path lets through?',
  },
  (pair) =>
    overFreePath(pair, async (wire) => {
      wire.change({ bitsPerSecond: pathBits, queueBytes: 20_000 }, 'offerer');
      let heard: Awaited<ReturnType<typeof hear>> | undefined;
      const hear = () =>
        pair.answerer.run(async ({ connection, media }) => {
          const listener = await media.listen((await connection.track('audio')).track);
          const [mono] = await listener.stretch(10_000);
          listener.stop();
          return mono;
        });
      const { bitsPerSecond, lost } = await sentOver(wire, async () => {
        heard = await hear();
      });
      pair.measure('bits sent on the limited path', bitsPerSecond, 'bit/s');
      pair.measure('packets lost on the limited path', lost, '1');
      hold(pair, 'heard frequency', heard?.frequency, 'Hz', {
        least: hertz * 0.97,
        most: hertz * 1.03,
        paced: true,
      });
      hold(pair, 'silence', heard?.silent, '1', { most: soundOnLimited.silent, paced: true });
      hold(pair, 'longest silence', heard?.longestSilenceMs, 'ms', {
        most: soundOnLimited.silenceMs,
        paced: true,
      });
    }),
);

scenario(
  {
    ...overPath,
    id: 'media/bandwidth/x-google-min-bitrate',
    title: 'x-google-min-bitrate on a path of 300 kbit/s',
    asks: 'Where the answer has an x-google-min-bitrate of 600 kbit/s, does a sender of noise go on sending more than 420 kbit/s on a path of 300 kbit/s?',
    level: 'info',
    specs: [constants],
  },
  (pair) =>
    overFreePath(
      pair,
      async (wire) => {
        wire.change({ bitsPerSecond: pathBits, queueBytes: 20_000 }, 'offerer');
        await sentOver(wire, () => seeFor(pair, 3000));
        const { bitsPerSecond, lost } = await sentOver(wire, () => seeFor(pair, 3000));
        pair.measure('packets lost on the limited path', lost, '1');
        hold(pair, 'bits sent on the limited path', bitsPerSecond, 'bit/s', { least: pathBits * 1.4 });
      },
      { answerParameters: { 'x-google-min-bitrate': '600' } },
    ),
);
