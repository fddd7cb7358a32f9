import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import {
  parametersOf,
  receiveAtRate,
  receivedRate,
  receiveRate,
  setEncodings,
} from '../codecs/encoding-steps.ts';
import { addVideo, exchange, sendTone, sendVideo, videoOverWire } from '../codecs/repair-steps.ts';
import { bothNegotiate, offerVideo, receiveVideo, videoReceiver, videoSender } from '../codecs/steps.ts';
import { overWire, type Wire } from '../codecs/wire.ts';
import { scenario } from '../scenario.ts';
import { hertz, later, soundAndPicture } from '../statistics/steps.ts';
import {
  atStart,
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
import { expectPicture, seeReceived } from '../steps/picture.ts';
import { expectKept, starve } from './degradation.ts';
import { jsep, webrtc } from './steps.ts';

type Pair = PairContext<Agent>;

const vp8 = 'video/VP8';
const needs = {
  offerer: [`codec:${vp8}:send`, 'RTCRtpSender.prototype.setParameters', ...videoSender],
  answerer: [`codec:${vp8}:receive`, ...videoReceiver],
};

/** Parameters that only Chromium has. */
const constants = 'https://webrtc.googlesource.com/src/+/refs/heads/main/media/base/media_constants.cc';

/**
 * Bits a second that a sender of noise uses where nothing limits it, and those that it keeps to where the limit is 100 000;
 * a sender that does not is not waited for until the cell's time is over.
 */
const free = { above: 200_000, withinMs: 12_000 };
const kept = { below: 140_000, withinMs: 6000 };

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
  const risen = await receiveAtRate(pair.answerer, free);
  pair.measure('bitrate without the limit', risen.bitsPerSecond, 'bit/s');
  hold(pair, 'time to rise', Math.round(performance.now() - takenAt), 'ms', timeToRise);
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
    const { arrived, drawn } = await receiveRate(pair.answerer, 10);
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

for (const [preference, keeps, asks] of [
  ['maintain-framerate', 'frame rate', 'is a picture of at most 320×240 shown, with most of its frames'],
  [
    'maintain-resolution',
    'resolution',
    'is the picture shown as large as before, with half of its frames at most',
  ],
] as const) {
  scenario(
    {
      id: `media/bandwidth/${preference}`,
      title: `${preference} when the bitrate is limited mid-call`,
      asks: `When the sender of a noisy picture of 640×480 prefers ${preference} and is limited to 150 kbit/s mid-call, ${asks}?`,
      level: 'should',
      specs: ['https://www.w3.org/TR/mst-content-hint/#dom-rtcdegradationpreference'],
      needs: { ...needs, offerer: [...needs.offerer, 'parameters:degradationPreference'] },
      load: 'heavy',
      timeoutMs: 30_000,
    },
    async (pair) => {
      await offerVideo(pair, {
        prefer: [vp8],
        carries: 2_000_000,
        degradationPreference: preference,
        source: { width: 640, height: 480, noise: true },
      });
      await receiveVideo(pair.answerer, { stretchMs: 0 });
      await starve(pair, 150_000);
      await expectKept(pair, keeps, [640, 480], 150_000);
    },
  );
}

/** What a path lets through from then on: less than a sender of noise uses, and little that waits for it. */
const pathBits = 200_000;
const narrow = { bitsPerSecond: pathBits, queueBytes: 10_000 };

const overPath = {
  ...videoOverWire,
  level: 'must',
  specs: [
    'https://www.rfc-editor.org/rfc/rfc8834#section-7',
    'https://www.rfc-editor.org/rfc/rfc8836#section-2',
  ],
  timeoutMs: 30_000,
} as const;

scenario(
  {
    ...overPath,
    id: 'media/bandwidth/priority',
    version: 2,
    title: 'Two pictures of different priority on a path of 400 kbit/s',
    asks: 'Where two pictures need more than a path lets through, does the one whose encoding has priority high get more of it than the one with very-low?',
    level: 'info',
    specs: ['https://www.w3.org/TR/webrtc-priority/#dom-rtcrtpencodingparameters-priority'],
  },
  (pair) =>
    overWire(pair, {}, async (wire) => {
      wire.change({ bitsPerSecond: 400_000, queueBytes: 20_000 }, 'offerer');
      const offered = pair.offerer.run(async ({ connection, media, codecs }) => {
        for (const priority of ['very-low', 'high'] as const) {
          const { track, stream } = media.video({ noise: true });
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
      /** The bytes of each picture once it has had some frames. */
      const received = () =>
        pair.answerer.run(({ connection, waitFor }) =>
          Promise.all(
            [0, 1].map(async (at) => {
              const { receiver } = await connection.track('video', at);
              return waitFor({
                name: `3 frames of picture ${at}`,
                phase: 'media',
                probe: async () => {
                  const entries: Iterable<RTCInboundRtpStreamStats> = (await receiver.getStats()).values();
                  const inbound = [...entries].find(({ type }) => type === 'inbound-rtp');
                  return (inbound?.framesDecoded ?? 0) >= 3 && inbound?.bytesReceived;
                },
                triggers: [{ everyMs: 100 }],
              });
            }),
          ),
        );
      await received();
      // the beginning is the key frames'
      await later(pair.answerer, 2500);
      const before = await received();
      await later(pair.answerer, 3000);
      const [low = 0, high = 0] = (await received()).map((bytes, at) => bytes - (before[at] ?? 0));
      pair.measure('bits of the picture of low priority', (low * 8) / 3, 'bit/s');
      pair.measure('bits of the picture of high priority', (high * 8) / 3, 'bit/s');
      hold(pair, 'what the high priority has of what the low one has', high / low, '1', {
        least: 1.25,
        // pictures that a busy machine hardly draws need no more than their path lets through
        paced: true,
      });
    }),
);

/**
 * Over a path that lets everything through, a call with a picture of noise, and with a tone if that is asked for, until the
 * picture takes more than the narrow path that is to come.
 */
const overFreePath = (
  pair: Pair,
  { sound = false }: { sound?: boolean },
  body: (wire: Wire) => Promise<void>,
): Promise<void> =>
  // on a busy machine Chromium takes long to find out what a path carries; others do not read this
  overWire(pair, { answerParameters: { 'x-google-start-bitrate': '600' } }, async (wire) => {
    await addVideo(pair.offerer, { noise: true });
    await (sound ? sendTone(pair) : exchange(pair));
    const { bitsPerSecond } = await receiveAtRate(pair.answerer, { above: pathBits * 1.3 });
    pair.measure('bitrate before', bitsPerSecond, 'bit/s');
    wire.change(narrow, 'offerer');
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
    version: 2,
    title: 'A path of 200 kbit/s for seven seconds',
    timeoutMs: 60_000,
    asks: 'Does a sender that uses more than 260 kbit/s come down within three seconds to what a path of 200 kbit/s lets through, does the picture go on there, and does it use more again once the path allows it?',
  },
  (pair) =>
    overFreePath(pair, {}, async (wire) => {
      const adapting = await sentOver(wire, () => later(pair.answerer, 3000));
      pair.measure('bits sent in the first three seconds', adapting.bitsPerSecond, 'bit/s');
      pair.measure('packets lost in the first three seconds', adapting.lost, '1');
      const adapted = await sentOver(wire, () => later(pair.answerer, 2000));
      hold(pair, 'bits sent on the limited path', adapted.bitsPerSecond, 'bit/s', overLimited(pathBits));
      hold(pair, 'packets lost on the limited path', adapted.lost, '1', lostOnLimited);
      expectPicture(pair, await seeReceived(pair.answerer, 2000), { bounds: limited });
      wire.change({ bitsPerSecond: null }, 'offerer');
      const freeAt = performance.now();
      // what waits on the path is out by then
      await later(pair.answerer, 500);
      const { bitsPerSecond } = await receiveAtRate(pair.answerer, {
        above: pathBits * 1.04,
        seconds: 2,
        withinMs: timeToRecover.most,
      });
      pair.measure('bitrate behind the limit', bitsPerSecond, 'bit/s');
      hold(pair, 'time to recover', Math.round(performance.now() - freeAt), 'ms', timeToRecover);
    }),
);

scenario(
  {
    ...overPath,
    needs: soundAndPicture.needs,
    id: 'media/bandwidth/sound-on-limited-path',
    version: 2,
    title: 'Sound on a path of 200 kbit/s that a picture fills',
    asks: 'Does sound go on without a gap for five seconds in which the picture beside it needs more than the path lets through?',
  },
  (pair) =>
    overFreePath(pair, { sound: true }, async (wire) => {
      let heard: Awaited<ReturnType<typeof hear>> | undefined;
      const hear = () =>
        pair.answerer.run(async ({ connection, media }) => {
          const listener = await media.listen((await connection.track('audio')).track);
          const [mono] = await listener.stretch(5000);
          listener.stop();
          return mono;
        });
      const { bitsPerSecond, lost } = await sentOver(wire, async () => {
        heard = await hear();
      });
      hold(pair, 'bits sent on the limited path', bitsPerSecond, 'bit/s', { least: pathBits * 0.3 });
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
    version: 2,
    title: 'x-google-min-bitrate on a path of 250 kbit/s',
    asks: 'Where the answer has an x-google-min-bitrate of 600 kbit/s, does a sender of noise go on sending more than 350 kbit/s on a path of 250 kbit/s?',
    level: 'info',
    specs: [constants],
    timeoutMs: 20_000,
  },
  (pair) =>
    overWire(pair, { answerParameters: { 'x-google-min-bitrate': '600' } }, async (wire) => {
      wire.change({ ...narrow, bitsPerSecond: 250_000 }, 'offerer');
      await sendVideo(pair, { noise: true });
      await pair.answerer.run(({ connection }) => connection.connected());
      // the time in which others come down to what the path lets through
      await later(pair.answerer, 3000);
      const { bitsPerSecond, lost } = await sentOver(wire, () => later(pair.answerer, 2000));
      pair.measure('packets lost on the limited path', lost, '1');
      hold(pair, 'bits sent on the limited path', bitsPerSecond, 'bit/s', {
        least: 350_000,
        // a busy machine draws less than that
        paced: true,
      });
    }),
);

scenario(
  {
    ...overPath,
    id: 'media/bandwidth/x-google-start-bitrate',
    title: 'x-google-start-bitrate of 1500 kbit/s',
    asks: 'Where the answer has an x-google-start-bitrate of 1500 kbit/s, does a picture of noise come with more than 400 kbit/s in its first one and a half seconds, before its sender hears what the path carries?',
    level: 'info',
    specs: [constants],
    timeoutMs: 20_000,
  },
  (pair) =>
    overWire(pair, { answerParameters: { 'x-google-start-bitrate': '1500' } }, async (wire) => {
      const offered = pair.offerer.run(async ({ connection, codecs }) => {
        codecs.prefer(connection.pc.addTransceiver('video', { direction: 'sendonly' }), 'video/VP8');
        await connection.negotiate();
      });
      await bothNegotiate(pair.answerer, offered);
      for (const peer of [pair.offerer, pair.answerer])
        await peer.run(({ connection }) => connection.connected());
      // The first estimate is made of what the sender tries at once, whatever it began with; so that is reported late.
      wire.change({ delayMs: 1700 }, 'answerer');
      await pair.offerer.run(async ({ connection, media }) => {
        const { track } = media.video({ width: 640, height: 480, noise: true });
        await connection.pc.getSenders()[0]?.replaceTrack(track);
      });
      const bitsPerSecond = await receivedRate(pair.answerer, 1.5);
      hold(pair, 'bitrate at the beginning', bitsPerSecond, 'bit/s', atStart);
    }),
);

scenario(
  {
    id: 'media/bandwidth/network-priority',
    title: 'networkPriority of an encoding',
    asks: 'Is the networkPriority that an encoding is added with, and the one that is set mid-call, what getParameters reports, with its priority unchanged, and does the picture go on?',
    level: 'info',
    specs: ['https://www.w3.org/TR/webrtc-priority/#dom-rtcrtpencodingparameters-networkpriority'],
    needs: { ...needs, offerer: [...needs.offerer, 'parameters:encodings.networkPriority'] },
  },
  async (pair) => {
    const priorities = async () => {
      const { encodings } = await parametersOf(pair.offerer);
      return encodings.map(({ networkPriority, priority }) => ({ networkPriority, priority }));
    };
    await offerVideo(pair, { prefer: [vp8], encodings: [{ networkPriority: 'high' }] });
    expect(await priorities(), 'the priorities after negotiating').to.deep.equal([
      { networkPriority: 'high', priority: 'low' },
    ]);
    await setEncodings(pair.offerer, { networkPriority: 'very-low' });
    expect(await priorities(), 'the priorities that were set mid-call').to.deep.equal([
      { networkPriority: 'very-low', priority: 'low' },
    ]);
    const { report } = await receiveVideo(pair.answerer, { frames: 10, stretchMs: 0 });
    expect([report.width, report.height], 'the size of the picture that goes on').to.deep.equal([320, 240]);
    expect(report.fell, 'frame numbers that fell').to.deep.equal([]);
  },
);
