import { expect } from 'chai';
import { sentInLayers } from '../codecs/dependency-descriptor.ts';
import { setEncodings } from '../codecs/encoding-steps.ts';
import { exchange, sendVideo } from '../codecs/repair-steps.ts';
import { extensionIds, section } from '../codecs/sdp.ts';
import type { Encoding } from '../codecs/steps.ts';
import { overWire } from '../codecs/wire.ts';
import { scenario } from '../scenario.ts';
import { expectPace } from '../steps/hold.ts';
import { claimsOf, dictionary, find, report, type Entry } from './steps.ts';
import { counted, offerAgain, pictureOverPath, start, until, untilSentBy, untilShown } from './wire-steps.ts';

const outbound = dictionary('outboundrtpstats');
const member = (name: string): string =>
  `https://www.w3.org/TR/webrtc-stats/#dom-rtcoutboundrtpstreamstats-${name}`;
const { offerer, answerer } = pictureOverPath.needs;
const ofWire = { of: 'the packets on the wire' };

const descriptorUri =
  'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension';

for (const { id, title, codec } of [
  { id: 'vp8', title: 'VP8', codec: 'video/VP8' },
  { id: 'vp9', title: 'VP9', codec: 'video/VP9;profile-id=0' },
  { id: 'av1', title: 'AV1', codec: 'video/AV1;profile=0' },
] as const) {
  const modes = ['L1T3', 'L1T2'] as const;
  scenario(
    {
      ...pictureOverPath,
      id: `statistics/encoder/scalability-${id}`,
      title: `The scalability mode of ${title}`,
      asks: `When the scalability mode of ${title} is changed from ${modes[0]} to ${modes[1]} in mid-call, does outbound-rtp name the mode that the frames on the wire are sent in, and count the key frames?`,
      level: 'should',
      specs: [
        member('scalabilitymode'),
        'https://www.w3.org/TR/webrtc-svc/#scalabilitymodes*',
        descriptorUri,
      ],
      needs: {
        offerer: [
          ...offerer,
          `codec:${codec}:send`,
          `extension:video:${descriptorUri}:send`,
          ...modes.map((mode) => `scalability:${codec}:${mode}`),
        ],
        answerer: [...answerer, `codec:${codec}:receive`],
      },
      timeoutMs: 25_000,
    },
    (pair) =>
      // a server accepts the descriptor, and so the path can read it, whatever the other browser does
      overWire(
        pair,
        { withoutCodecs: ['rtx', 'red', 'ulpfec'], takesExtension: descriptorUri },
        async (wire) => {
          await pair.offerer.run(
            ({ connection, media, codecs }, { selector, encodings }) => {
              const { track, stream } = media.video();
              const transceiver = connection.pc.addTransceiver(track, {
                direction: 'sendonly',
                streams: [stream],
                sendEncodings: encodings,
              });
              codecs.prefer(transceiver, selector);
            },
            { selector: codec, encodings: [{ scalabilityMode: modes[0] }] as Encoding[] },
          );
          const { offer } = await exchange(pair);
          await until(pair, 'video', 'framesDecoded', 5);
          const extension = extensionIds(section(offer, 'video'))[descriptorUri] ?? 0;
          const shown = () =>
            sentInLayers(
              wire
                .rtp('offerer')
                .flatMap(({ padding, extensions }) => (padding ? [] : (extensions.get(extension) ?? []))),
            );
          for (const mode of modes) {
            await untilShown(pair, () => shown().mode === mode && shown().frames >= 12);
            const before = shown();
            expectPace(before.mode, 'the mode of the frames on the wire').to.equal(mode);
            const sent = find(await report(pair.offerer), 'outbound-rtp', 'video');
            const claimSent = claimsOf(pair, 'offerer', 'outbound-rtp', sent);
            claimSent('scalabilityMode', mode, { of: 'the frames on the wire', optional: true });
            claimSent(
              'keyFramesEncoded',
              { least: before.keyFrames, most: shown().keyFrames + 1 },
              { of: 'the frames on the wire', optional: true },
            );
            await untilSentBy(pair, wire, codec);
            expect(shown().mode, 'the mode of the frames on the wire, some frames later').to.equal(mode);
            const next: Encoding = { scalabilityMode: modes[1] };
            if (mode === modes[0]) await setEncodings(pair.offerer, next);
          }
        },
      ),
  );
}

/** Two layers of one picture: how they are sent, their sizes, and their places among the encodings. */
const layers = {
  hi: { encoding: {}, width: 640, height: 480, place: 0 },
  lo: { encoding: { scaleResolutionDownBy: 2, maxBitrate: 250_000 }, width: 320, height: 240, place: 1 },
} as const;
type Layer = keyof typeof layers;
const rids = ['hi', 'lo'] as const satisfies readonly Layer[];
const sdes = 'urn:ietf:params:rtp-hdrext:sdes';

scenario(
  {
    ...pictureOverPath,
    id: 'statistics/encoder/layers',
    title: 'What a sender says about two layers',
    asks: 'When a picture is sent in two layers, of which one is stopped, does outbound-rtp of each have the rid and the mid of its packets, its size and whether it is active?',
    level: 'should',
    specs: [outbound, member('rid'), member('mid'), member('active')],
    needs: { offerer: [...offerer, `extension:video:${sdes}:rtp-stream-id:send`], answerer },
    load: 'heavy',
    timeoutMs: 25_000,
  },
  (pair) =>
    overWire(
      pair,
      {
        withoutCodecs: ['rtx', 'red', 'ulpfec'],
        // one layer is lost on purpose: nobody may conclude from that how much the path carries
        withoutLines:
          /^a=(?:ssrc(?:-group)?:|rtcp-fb:\S+ (?:transport-cc|goog-remb)|extmap:\S+ \S+transport-wide)/,
        answerParameters: { 'x-google-start-bitrate': '1000', 'x-google-min-bitrate': '1000' },
        takesRids: [...rids],
      },
      async (wire) => {
        const named = new Map<number, Layer>();
        // the receiver has one track for both
        wire.lose(({ ssrc, extensions }) => {
          for (const value of extensions.values()) {
            const rid = rids.find((each) => each === value.toString());
            if (rid !== undefined) named.set(ssrc, rid);
          }
          return named.get(ssrc) !== 'lo';
        });
        const { offer } = await sendVideo(pair, {
          width: 640,
          height: 480,
          encodings: rids.map((rid) => ({ rid, ...layers[rid].encoding })),
        });
        const { mid } = section(offer, 'video');
        await until(pair, 'video', 'framesDecoded', 5);
        const framesOf = (rid: Layer, from = 0) =>
          wire
            .rtp('offerer')
            .slice(from)
            .filter(({ ssrc, padding, marker }) => marker && !padding && named.get(ssrc) === rid).length;
        await untilShown(pair, () => rids.every((rid) => framesOf(rid) >= 10));
        for (const rid of rids)
          expectPace(framesOf(rid), `frames of the layer ${rid} on the wire`).to.be.at.least(10);
        const claimLayers = async (active: readonly Layer[]) => {
          const entries = await report(pair.offerer);
          for (const [ssrc, rid] of named) {
            const entry =
              entries.find((each) => each['type'] === 'outbound-rtp' && each['ssrc'] === ssrc) ?? {};
            const claimLayer = claimsOf(pair, 'offerer', 'outbound-rtp', entry);
            const { place, width, height } = layers[rid];
            const isActive = active.includes(rid);
            claimLayer('ssrc', ssrc, ofWire);
            claimLayer('rid', rid, { ...ofWire, optional: true });
            claimLayer('mid', String(mid), { of: 'the offer', optional: true });
            claimLayer('active', isActive, { of: 'its parameters', optional: true });
            claimLayer('encodingIndex', place, { of: 'its parameters', optional: true });
            if (!isActive) continue;
            claimLayer('frameWidth', width, { of: 'the layer', optional: true });
            claimLayer('frameHeight', height, { of: 'the layer', optional: true });
          }
        };
        await claimLayers(rids);
        await pair.offerer.run(async ({ connection }) => {
          const [sender] = connection.pc.getSenders();
          const parameters = sender?.getParameters();
          if (!sender || !parameters) throw new Error('there is no sender');
          for (const encoding of parameters.encodings) encoding.active = encoding.rid !== 'hi';
          await sender.setParameters(parameters);
        });
        // what is under way when it is stopped still comes
        let from = wire.rtp('offerer').length;
        await untilShown(pair, () => framesOf('lo', from) >= 5);
        from = wire.rtp('offerer').length;
        await untilShown(pair, () => framesOf('lo', from) >= 10);
        expectPace(framesOf('lo', from), 'frames of the layer that is left').to.be.at.least(10);
        expect(framesOf('hi', from), 'frames of the layer that was stopped').to.equal(0);
        await claimLayers(['lo']);
        await until(pair, 'video', 'framesDecoded', (await counted(pair, 'video', 'framesDecoded')) + 10);
        const received = find(await report(pair.answerer), 'inbound-rtp', 'video');
        claimsOf(
          pair,
          'answerer',
          'inbound-rtp',
          received,
        )('frameWidth', layers.lo.width, {
          of: 'the layer that is left',
        });
      },
    ),
);

/** Libraries that encode and decode by processor. */
const software = /^(?:libvpx|libaom|dav1d|libgav1|openh264|ffmpeg|svt)/i;
const av1 = 'video/AV1;profile=0';
const coders = [
  ['offerer', 'outbound-rtp', 'encoderImplementation', 'powerEfficientEncoder'],
  ['answerer', 'inbound-rtp', 'decoderImplementation', 'powerEfficientDecoder'],
] as const;

scenario(
  {
    ...pictureOverPath,
    id: 'statistics/encoder/implementation',
    title: 'What encodes and decodes',
    asks: 'In a page that captures, do statistics name what encodes and decodes a picture, the same as long as the codec is, another one for AV1 than for VP8, and none that is software as power-efficient?',
    level: 'info',
    specs: [
      member('encoderimplementation'),
      'https://www.w3.org/TR/webrtc-stats/#dom-rtcinboundrtpstreamstats-decoderimplementation',
      'https://www.w3.org/TR/webrtc-stats/#dfn-exposing-hardware-is-allowed',
    ],
    needs: {
      offerer: [...offerer, `codec:${av1}:send`, 'navigator.mediaDevices.getUserMedia'],
      answerer: [...answerer, `codec:${av1}:receive`, 'navigator.mediaDevices.getUserMedia'],
    },
    timeoutMs: 25_000,
  },
  (pair) =>
    overWire(pair, { withoutCodecs: ['rtx', 'red', 'ulpfec'] }, async (wire) => {
      for (const [side] of coders)
        await pair[side].run(async ({ media, kept }) => {
          kept.set('capture', await media.devices({ video: true }));
        });
      await start(pair, 'video');
      const names = new Map<string, unknown>();
      const claimCoders = async (how: 'named' | 'the same' | 'another') => {
        for (const [side, stream, name, efficient] of coders) {
          const entry: Entry = find(await report(pair[side]), stream, 'video');
          const claimCoder = claimsOf(pair, side, stream, entry);
          const told = entry[name];
          const before = names.get(stream);
          names.set(stream, told);
          const isNamed = typeof told === 'string' && /\w/.test(told);
          claimCoder(
            name,
            how === 'named' ? 'a name' : `${how === 'another' ? 'other than' : 'still'} ${String(before)}`,
            {
              holds: isNamed && (how === 'named' || (told === before) === (how === 'the same')),
              of: 'what it says',
              optional: true,
            },
          );
          const isSoftware = isNamed && software.test(told);
          claimCoder(efficient, isSoftware ? false : 'boolean', {
            ...(isSoftware ? {} : { holds: typeof entry[efficient] === 'boolean' }),
            of: 'what is software',
            optional: true,
          });
        }
      };
      await untilSentBy(pair, wire, 'video/VP8');
      await claimCoders('named');
      await untilSentBy(pair, wire, 'video/VP8');
      await claimCoders('the same');
      await offerAgain(pair, av1);
      await untilSentBy(pair, wire, av1);
      await claimCoders('another');
    }),
);

scenario(
  {
    ...pictureOverPath,
    id: 'statistics/encoder/implementation-hidden',
    title: 'What encodes and decodes, in a page that captures nothing',
    asks: 'In a page that captures nothing, do statistics leave out what encodes and decodes a picture, which would tell of the hardware?',
    level: 'should',
    specs: ['https://www.w3.org/TR/webrtc-stats/#dfn-exposing-hardware-is-allowed'],
  },
  (pair) =>
    overWire(pair, {}, async () => {
      await start(pair, 'video');
      await until(pair, 'video', 'framesDecoded', 10);
      for (const [side, stream, ...hidden] of coders) {
        const entry = find(await report(pair[side]), stream, 'video');
        expect(entry, `${stream} at the ${side}`).to.include({ kind: 'video' });
        expect(
          hidden.filter((name) => name in entry),
          `what ${stream} at the ${side} tells of hardware`,
        ).to.deep.equal([]);
      }
    }),
);
