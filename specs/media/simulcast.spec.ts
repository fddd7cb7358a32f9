import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { VideoSourceOptions } from '../../fixtures/peer-page/media/video-source.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { loseOnePacket, sendVideo, videoOverWire } from '../codecs/repair-steps.ts';
import { extensionIds, payloadTypes, section } from '../codecs/sdp.ts';
import { bothNegotiate, expectPicture as expectReceived, receiveVideo } from '../codecs/steps.ts';
import { overWire } from '../codecs/wire.ts';
import { scenario } from '../scenario.ts';
import { afterLoss, framesOfOthers, layerAgain, layerOf, timeToLayer, timeToStop } from '../steps/bounds.ts';
import { expectPace, hold } from '../steps/hold.ts';
import { expectPicture } from '../steps/picture.ts';
import { jsep, webrtc } from './steps.ts';

type Pair = PairContext<Agent>;

/** The layers that are sent, by rid: how many times smaller than the picture each arrives, and the most bits it may take. */
type Layers = readonly { rid: string; scale: number; maxBitrate: number }[];

// Of the 300 kbit/s that an estimate begins with, something is left for the third.
const lowFirst: Layers = [
  { rid: 'low', scale: 4, maxBitrate: 90_000 },
  { rid: 'middle', scale: 2, maxBitrate: 130_000 },
  { rid: 'high', scale: 1, maxBitrate: 1_000_000 },
];
const encodingsOf = (layers: Layers): RTCRtpEncodingParameters[] =>
  layers.map(({ rid, scale, maxBitrate }) => ({ rid, scaleResolutionDownBy: scale, maxBitrate }));
/** The smallest picture that Chromium sends in three layers. Ten frames a second are as many as two cores code three times. */
const large = { width: 960, height: 544, frameRate: 10 };
const small = { width: 320, height: 240, frameRate: 10 };

const base = {
  ...videoOverWire,
  needs: {
    ...videoOverWire.needs,
    offerer: [...videoOverWire.needs.offerer, 'RTCRtpSender.prototype.setParameters'],
  },
  load: 'heavy',
  timeoutMs: 20_000,
} as const;

/** The offerer sends layers, each of which the answerer receives by a track of its own, as if a server had sorted them. */
async function sendLayers(
  { offerer, answerer }: Pair,
  sendEncodings: readonly RTCRtpEncodingParameters[],
  source: VideoSourceOptions,
): Promise<void> {
  await answerer.run((agent) => {
    agent.connect({ incoming: ({ type, sdp = '' }) => ({ type, sdp: agent.sdp.layersAsLines(sdp) }) });
  });
  const offered = offerer.run(
    async (agent, { encodings, source }) => {
      const connection = agent.connect({
        incoming({ type, sdp = '' }) {
          const offer = connection.said.descriptions.at(-1)?.sdp ?? '';
          return { type, sdp: agent.sdp.carrying(agent.sdp.linesAsLayers(sdp, offer), 1_000_000) };
        },
      });
      const { track, stream } = agent.media.video(source);
      const transceiver = connection.pc.addTransceiver(track, {
        direction: 'sendonly',
        streams: [stream],
        sendEncodings: encodings,
      });
      agent.codecs.prefer(transceiver, 'video/VP8');
      await connection.negotiate();
    },
    { encodings: [...sendEncodings], source },
  );
  await bothNegotiate(answerer, offered);
}

/** Every layer arrives, each in its size. Returns the milliseconds until three frames of each had come. */
async function expectLayers(
  pair: Pair,
  layers: Layers,
  { width, height }: { width: number; height: number },
  bounds = layerOf,
): Promise<number> {
  const pictures = await pair.answerer.run(
    async ({ connection, media }, rids) => {
      const watched = await Promise.all(
        rids.map(async (rid, at) => {
          const { track, transceiver } = await connection.track('video', at);
          return { rid, mid: transceiver.mid, watcher: media.watch(track) };
        }),
      );
      // one after the other: if several are missing, the first of them is named
      for (const { rid, watcher } of watched)
        await watcher.until(`8 new frames of the layer ${rid}`, ({ risen }) => risen >= 8);
      return Promise.all(
        watched.map(async ({ mid, watcher }) => {
          const shown = await watcher.shown();
          watcher.stop();
          return { mid, shown };
        }),
      );
    },
    layers.map(({ rid }) => rid),
  );
  const codec = await pair.answerer.run(({ connection, codecs }) =>
    codecs.used(connection, 'inbound-rtp', 'video'),
  );
  expect(codec?.mimeType, 'the codec that inbound-rtp names').to.equal('video/VP8');
  // a layer that shows nothing for a second, as on a busy machine, has no size
  for (const [at, { shown }] of pictures.entries())
    expectPace(shown.report.frames, `frames of the layer ${layers[at]?.rid ?? ''}`).to.be.above(0);
  expect(
    pictures.map(({ mid, shown: { report } }) => `${String(mid)}: ${report.width}×${report.height}`),
    'the layers and their sizes',
  ).to.deep.equal(layers.map(({ rid, scale }) => `${rid}: ${width / scale}×${height / scale}`));
  for (const { shown } of pictures) expectPicture(pair, shown, { bounds });
  return Math.max(
    ...pictures.map(({ shown: { beginning } }) =>
      beginning ? beginning.firstFrameMs + beginning.startMs : Number.NaN,
    ),
  );
}

for (const [id, title, layers, source, level] of [
  ['low-first', 'Three layers, the smallest first', lowFirst, large, 'must'],
  ['high-first', 'Three layers, the largest first', lowFirst.toReversed(), large, 'must'],
  ['small-low-first', 'Three layers of a small picture, the smallest first', lowFirst, small, 'should'],
  [
    'small-high-first',
    'Three layers of a small picture, the largest first',
    lowFirst.toReversed(),
    small,
    'should',
  ],
] as const) {
  scenario(
    {
      ...base,
      id: `media/simulcast/${id}`,
      title,
      asks: `Does a picture of ${source.width}×${source.height} that is sent in three layers, each half the size of the one above, arrive in all three sizes?`,
      level,
      specs: [
        webrtc('dom-rtcrtpencodingparameters-scaleresolutiondownby'),
        'https://www.rfc-editor.org/rfc/rfc8853#section-5.3',
      ],
      ...(source === small ? { load: 'media', timeoutMs: 8000 } : {}),
    },
    async (pair) => {
      await sendLayers(pair, encodingsOf(layers), source);
      await expectLayers(pair, layers, source);
    },
  );
}

scenario(
  {
    ...base,
    id: 'media/simulcast/default-scale',
    title: 'Three layers with no scale set',
    asks: 'Where no layer has a scaleResolutionDownBy, does the first arrive at a quarter of the size, the second at half and the third at full size?',
    level: 'must',
    specs: [webrtc('dom-rtcpeerconnection-addtransceiver')],
  },
  async (pair) => {
    await sendLayers(
      pair,
      lowFirst.map(({ rid, maxBitrate }) => ({ rid, maxBitrate })),
      large,
    );
    await expectLayers(pair, lowFirst, large);
  },
);

/** Waits until every layer brings pictures. */
const layersArrive = ({ answerer }: Pair, layers: Layers): Promise<void> =>
  answerer.run(
    async ({ connection, media }, rids) => {
      for (const [at, rid] of rids.entries()) {
        const watcher = media.watch((await connection.track('video', at)).track);
        await watcher.until(`3 new frames of the layer ${rid}`, ({ risen }) => risen >= 3);
        watcher.stop();
      }
    },
    layers.map(({ rid }) => rid),
  );

/** Starts or stops sending a layer, without negotiating. */
const setActive = ({ offerer }: Pair, rid: string, active: boolean): Promise<void> =>
  offerer.run(
    async ({ connection }, { wanted, active }) => {
      const [sender] = connection.pc.getSenders();
      const parameters = sender?.getParameters();
      if (!sender || !parameters) throw new Error('there is no sender');
      for (const encoding of parameters.encodings) if (encoding.rid === wanted) encoding.active = active;
      await sender.setParameters(parameters);
    },
    { wanted: rid, active },
  );

/**
 * Waits until a layer carries nothing for a second and a half: packets that only probe the path carry nothing. Returns the
 * milliseconds until it last carried something, and the frames that each of the others has brought since.
 */
const stopOf = ({ answerer }: Pair, layers: Layers, stopped: string) =>
  answerer.run(
    async ({ connection, waitFor }, { rids, stopped }) => {
      const counts = () =>
        Promise.all(
          rids.map(async (rid, at) => {
            const { receiver } = await connection.track('video', at);
            const entries: Iterable<RTCInboundRtpStreamStats> = (await receiver.getStats()).values();
            const inbound = [...entries].find(({ type }) => type === 'inbound-rtp');
            return { rid, bytes: inbound?.bytesReceived ?? 0, frames: inbound?.framesDecoded ?? 0 };
          }),
        );
      const began = performance.now();
      let [atLast, now] = [await counts(), await counts()];
      let lastMs = 0;
      const bytesOf = (all: typeof now) => all.find(({ rid }) => rid === stopped)?.bytes;
      await waitFor({
        name: `the layer ${stopped} to stop`,
        phase: 'media',
        probe: async () => {
          now = await counts();
          const ms = performance.now() - began;
          if (bytesOf(now) !== bytesOf(atLast)) [atLast, lastMs] = [now, ms];
          return ms - lastMs >= 1500;
        },
        triggers: [{ everyMs: 60 }],
        seen: () => `${String(bytesOf(now))} bytes`,
      });
      const others = now.flatMap(({ rid, frames }, at) =>
        rid === stopped ? [] : [{ rid, frames: frames - (atLast[at]?.frames ?? 0) }],
      );
      return { lastMs: Math.round(lastMs), others };
    },
    { rids: layers.map(({ rid }) => rid), stopped },
  );

for (const { rid } of lowFirst) {
  scenario(
    {
      ...base,
      id: `media/simulcast/${rid}-inactive`,
      version: 2,
      title: `Layer ${rid} of three is switched off and on`,
      asks: `Does layer ${rid} stop when its encoding is made inactive mid-call, do the other layers go on, and does it come back at its size when it is made active again?`,
      level: 'must',
      specs: [webrtc('dom-rtcrtpencodingparameters-active'), webrtc('dom-rtcrtpsender-setparameters')],
    },
    async (pair) => {
      await sendLayers(pair, encodingsOf(lowFirst), large);
      await layersArrive(pair, lowFirst);
      await setActive(pair, rid, false);
      const { lastMs, others } = await stopOf(pair, lowFirst, rid);
      hold(pair, 'time to the last that it carried', lastMs, 'ms', timeToStop);
      for (const other of others)
        hold(pair, `frames of the layer ${other.rid} meanwhile`, other.frames, 'frames', framesOfOthers);
      await setActive(pair, rid, true);
      const againMs = await expectLayers(pair, lowFirst, large, layerAgain);
      hold(pair, 'time to the layer again', againMs, 'ms', timeToLayer);
    },
  );
}

/** Lines that name the sources of packets, and the header extension that names their m-line instead. */
const sources = /^a=ssrc(?:-group)?:/;
const midUri = 'urn:ietf:params:rtp-hdrext:sdes:mid';
const repairedRidUri = 'urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id';
const repair = {
  ...videoOverWire,
  needs: {
    offerer: [...videoOverWire.needs.offerer, 'codec:video/rtx:send'],
    answerer: [...videoOverWire.needs.answerer, 'codec:video/rtx:receive'],
  },
  level: 'should',
  timeoutMs: 15_000,
} as const;

for (const { id, title, asks, hasMid, specs } of [
  {
    id: 'rtx-with-mid',
    title: 'RTX whose source is in no description',
    asks: 'When an offer names no sources, does the first RTX packet carry the mid of its m-line, and is a lost packet recovered by RTX?',
    hasMid: true,
    specs: ['https://www.rfc-editor.org/rfc/rfc9143#section-14', jsep('5.2.1')],
  },
  {
    id: 'rtx-without-mid',
    title: 'RTX that only its payload type identifies',
    asks: 'When an offer names no sources and has no header extension for mids, is a lost packet recovered by RTX all the same?',
    hasMid: false,
    specs: ['https://www.rfc-editor.org/rfc/rfc9143#section-9.2'],
  },
] as const) {
  scenario({ ...repair, id: `media/simulcast/${id}`, title, asks, specs }, (pair) =>
    overWire(
      pair,
      {
        withoutCodecs: ['red', 'ulpfec'],
        withoutLines: hasMid ? sources : /^a=(?:ssrc(?:-group)?:|extmap:\S+ \S+:sdes:mid$)/,
      },
      async (wire) => {
        const said = await sendVideo(pair);
        const loss = await loseOnePacket(pair, wire, said);
        const { [midUri]: offered } = extensionIds(section(said.offer, 'video'));
        const rtx = payloadTypes(section(said.answer, 'video'), 'rtx');
        const repairs = wire.rtp('offerer').filter(({ payloadType }) => rtx.includes(payloadType));
        expect(loss.retransmissions, 'packets of RTX after the loss').to.be.at.least(1);
        const mid = repairs[0]?.extensions.get(offered ?? 0)?.toString() ?? 'none';
        expect(mid, 'the mid of the first packet of RTX').to.equal(hasMid ? '0' : 'none');
        expect(loss.risen('nackCount'), 'packets that the receiver asked for').to.be.at.least(1);
        expect(loss.timesSent, 'times that the lost packet was sent as it was').to.equal(1);
        expect(loss.risen('keyFramesDecoded'), 'key frames that were needed after the loss').to.equal(0);
        expectReceived(pair, loss.received, [320, 240], afterLoss);
      },
    ),
  );
}

scenario(
  {
    ...repair,
    id: 'media/simulcast/rtx-of-layers',
    title: 'RTX of layers, told apart by the RID that it repairs',
    asks: 'When the other side takes two layers, as a server does, does the first packet of each RTX source name the layer that it repairs, and is a lost packet sent again over RTX?',
    specs: [
      'https://www.rfc-editor.org/rfc/rfc8852#section-3',
      'https://www.rfc-editor.org/rfc/rfc8853#section-5.3',
    ],
  },
  (pair) =>
    overWire(
      pair,
      { withoutCodecs: ['red', 'ulpfec'], withoutLines: sources, takesRids: ['high', 'low'] },
      async (wire) => {
        const layers = new Map<number, string>();
        let rtx: number[] = [];
        let isDue = false;
        // the receiving browser is no server: the layer high and its repairs never reach it
        wire.lose(({ ssrc, extensions, payloadType, padding }) => {
          for (const value of extensions.values())
            if (['high', 'low'].includes(value.toString())) layers.set(ssrc, value.toString());
          if (layers.get(ssrc) !== 'low') return true;
          if (!isDue || padding || rtx.includes(payloadType)) return false;
          isDue = false;
          return true;
        });
        const { offer, answer } = await sendVideo(pair, {
          width: 640,
          height: 480,
          encodings: [{ rid: 'high' }, { rid: 'low', scaleResolutionDownBy: 2 }],
        });
        rtx = payloadTypes(section(answer, 'video'), 'rtx');
        await receiveVideo(pair.answerer, { stretchMs: 0 });
        const sentBefore = wire.rtp('offerer').length;
        isDue = true;
        const received = await receiveVideo(pair.answerer, { frames: 15 });
        expect(isDue, 'whether a packet is still to be lost').to.equal(false);
        const { [repairedRidUri]: id } = extensionIds(section(offer, 'video'));
        const isRepair = ({ payloadType }: { payloadType: number }) => rtx.includes(payloadType);
        const firsts = new Map(
          wire
            .rtp('offerer')
            .filter(isRepair)
            .toReversed()
            .map((packet) => [packet.ssrc, packet]),
        );
        const named = [...firsts.values()].map(({ extensions }) => extensions.get(id ?? 0)?.toString());
        const again = wire.rtp('offerer').slice(sentBefore).filter(isRepair);
        expect(again.length, 'packets of RTX after the loss').to.be.at.least(1);
        for (const rid of named)
          expect(rid, 'the rid that the first packet of a source of RTX repairs').to.be.oneOf([
            'high',
            'low',
          ]);
        expect(
          again.map(({ ssrc }) => layers.get(ssrc)),
          'the layers that RTX repaired after the loss',
        ).to.include('low');
        // not asked: what the receiving browser makes of RTX, which it could not know of from a server
        expectReceived(pair, received, [320, 240], { ...afterLoss, detail: null });
      },
    ),
);
