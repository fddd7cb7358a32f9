import { expect } from 'chai';
import { onlyLayer } from '../../fixtures/sfu/layer-switch.ts';
import type { LayerSfu } from '../../fixtures/sfu/sfu.ts';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { offerVideo, videoReceiver, videoSender, type Encoding } from '../codecs/steps.ts';
import { scenario } from '../scenario.ts';
import { withSfu } from '../sfu.ts';
import {
  halfOfFrames,
  layerOf,
  overSwitch,
  pausedFor,
  sent,
  timeToLayer,
  type PictureBounds,
} from '../steps/bounds.ts';
import { expectPace, hold, type Bound } from '../steps/hold.ts';
import { expectPicture } from '../steps/picture.ts';

type Pair = PairContext<Agent>;

/** As in `media/simulcast`: what two cores code three times, in the smallest picture that Chromium sends in three layers. */
const source = { width: 960, height: 544, frameRate: 10 };
const encodings: Encoding[] = [
  { rid: 'low', scaleResolutionDownBy: 4, maxBitrate: 90_000 },
  { rid: 'middle', scaleResolutionDownBy: 2, maxBitrate: 130_000 },
  { rid: 'high', scaleResolutionDownBy: 1, maxBitrate: 1_000_000 },
];
const sizes = { low: [240, 136], middle: [480, 272], high: [960, 544] } as const;
type Layer = keyof typeof sizes;

const base = {
  level: 'should',
  needs: {
    offerer: ['codec:video/VP8:send', ...videoSender],
    answerer: ['codec:video/VP8:receive', ...videoReceiver],
  },
  timeoutMs: 25_000,
} as const;
const sfuSpec = 'https://www.rfc-editor.org/rfc/rfc7667#section-3.7';
const vp8Spec = 'https://www.rfc-editor.org/rfc/rfc7741#section-4.2';

/** The offerer sends VP8 to the server, and the answerer begins to watch what comes from there. */
async function sendToServer(pair: Pair, sent: Parameters<typeof offerVideo>[1]): Promise<void> {
  await offerVideo(pair, { prefer: ['video/VP8'], ...sent });
  await pair.answerer.run(async ({ connection, media }) => {
    media.watch((await connection.track('video')).track);
  });
}

/** The server is to forward this layer: it is shown soon, and for a second. */
async function expectLayer(pair: Pair, sfu: LayerSfu, layer: Layer): Promise<void> {
  sfu.forward(layer);
  const [width, height] = sizes[layer];
  const { shown, tookMs } = await pair.answerer.run(
    async ({ media: { watcher } }, wanted) => {
      const began = performance.now();
      const isOther = (frame: { width: number; height: number }) =>
        frame.width !== wanted.width || frame.height !== wanted.height;
      const before = watcher.seen.length;
      await watcher.until(`8 frames of the layer ${wanted.layer}`, () => {
        const last = watcher.seen.slice(before).slice(-8);
        return last.length === 8 && !last.some(isOther);
      });
      const first = watcher.seen[Math.max(before, watcher.seen.findLastIndex(isOther) + 1)];
      return { shown: await watcher.shown(), tookMs: watcher.started + (first?.at ?? 0) - began };
    },
    { layer, width, height },
  );
  hold(pair, `time to the layer ${layer}`, Math.round(tookMs), 'ms', timeToLayer);
  expectPicture(pair, shown, { size: [width, height], bounds: layerOf });
}

/** From the first frame to now, one picture: these layers one after the other, in order, and nothing that looks lost. */
async function expectOnePicture(
  pair: Pair,
  sfu: LayerSfu,
  layers: readonly (readonly [number, number])[],
  gap: Bound,
): Promise<void> {
  const { shown, fell, longestGapMs, inbound } = await pair.answerer.run(
    async ({ connection, media: { watcher } }) => {
      const { fell, longestGapMs } = watcher.report();
      const all = watcher.seen.map(({ width, height }) => `${String(width)}×${String(height)}`);
      const inbound = await connection.inbound('video');
      watcher.stop();
      return { shown: all.filter((size, at) => size !== all[at - 1]), fell, longestGapMs, inbound };
    },
  );
  const lost = sfu.report().layers.reduce((sum, layer) => sum + layer.lost, 0);
  expectPace(lost, 'packets that were lost on their way to the server').to.equal(0);
  expect(shown, 'the sizes that were shown, in order').to.deep.equal(layers.map((size) => size.join('×')));
  expect(fell, 'frame numbers that fell').to.deep.equal([]);
  expect(inbound?.packetsLost, 'packetsLost of inbound-rtp').to.equal(0);
  expect(inbound?.nackCount, 'nackCount of inbound-rtp').to.equal(0);
  expect(inbound?.pliCount, 'pliCount of inbound-rtp').to.equal(0);
  hold(pair, 'longest gap of all', longestGapMs, 'ms', gap);
}

for (const [id, title, first, second] of [
  ['switched-up', 'A server switches to a higher layer and back', 'low', 'high'],
  ['switched-down', 'A server switches to a lower layer and back', 'high', 'low'],
] as const) {
  scenario(
    {
      ...base,
      id: `media/layers/${id}`,
      title,
      asks: `When a server that forwards layer ${first} of three switches to layer ${second} at a key frame, and back, does the picture change its size and go on, with nothing that looks lost?`,
      specs: [sfuSpec, vp8Spec, 'https://www.rfc-editor.org/rfc/rfc8853#section-5.3'],
      load: 'heavy',
    },
    (pair) =>
      withSfu(pair, async (sfu) => {
        await sendToServer(pair, { encodings, source });
        for (const layer of [first, second, first]) await expectLayer(pair, sfu, layer);
        await expectOnePicture(pair, sfu, [sizes[first], sizes[second], sizes[first]], overSwitch);
      }),
  );
}

scenario(
  {
    ...base,
    id: 'media/layers/paused',
    title: 'A server pauses a layer and goes on',
    asks: 'When a server forwards nothing for more than a second and then goes on with a key frame, does the picture stand still and go on, with nothing that looks lost?',
    specs: [sfuSpec, vp8Spec],
    load: 'heavy',
  },
  (pair) =>
    withSfu(pair, async (sfu) => {
      await sendToServer(pair, { encodings, source });
      await expectLayer(pair, sfu, 'middle');
      sfu.pause();
      const paused = await pair.answerer.run(async ({ connection, media: { watcher } }) => {
        await watcher.until('the picture to stand still', ({ looks }) => looks !== 'moving');
        const before = await connection.inbound('video');
        const { frames } = await watcher.stretch(500);
        const after = await connection.inbound('video');
        return { frames, packets: (after?.packetsReceived ?? 0) - (before?.packetsReceived ?? 0) };
      });
      expect(paused.packets, 'packets that arrived meanwhile').to.equal(0);
      expect(paused.frames, 'frames that were shown meanwhile').to.equal(0);
      await expectLayer(pair, sfu, 'middle');
      await expectOnePicture(pair, sfu, [sizes.middle], pausedFor);
    }),
);

scenario(
  {
    ...base,
    id: 'media/layers/temporal',
    title: 'A server leaves out the upper temporal layer',
    asks: 'When a server leaves out the upper of three temporal layers, is every second frame shown, with nothing that looks lost?',
    specs: [sfuSpec, vp8Spec, 'https://www.w3.org/TR/webrtc-svc/#L1T3*'],
    needs: { ...base.needs, offerer: ['scalability:video/VP8:L1T3', ...base.needs.offerer] },
  },
  (pair) =>
    withSfu(pair, async (sfu) => {
      await sendToServer(pair, { encodings: [{ scalabilityMode: 'L1T3' }] });
      sfu.forward(onlyLayer);
      await expectShare(pair, sent);
      sfu.dropAbove(1);
      const share = await expectShare(pair, { ...sent, shown: halfOfFrames.least });
      hold(pair, 'frames shown of those drawn, without the upper layer', share, '1', halfOfFrames);
      await expectOnePicture(pair, sfu, [[320, 240]], { most: sent.gapMs, paced: true });
    }),
);

/** The picture is shown for two seconds. Returns how many of the frames that were drawn. */
async function expectShare(pair: Pair, bounds: PictureBounds): Promise<number | null> {
  const shown = await pair.answerer.run(({ media: { watcher } }) => watcher.shown(2000));
  expectPicture(pair, shown, { size: [320, 240], bounds });
  const { framesPerSecond, drawnPerSecond } = shown.report;
  return drawnPerSecond && framesPerSecond / drawnPerSecond;
}
