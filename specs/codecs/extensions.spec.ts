import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { add, expectAdded, needsOf } from '../connection/added.ts';
import { scenario } from '../scenario.ts';
import { audioReceiver, audioSender, expectTones, hearTones } from './audio-steps.ts';
import {
  addVideo,
  exchange,
  expectOnWire,
  sendTone,
  sendVideo,
  videoOverWire,
  type Exchange,
} from './repair-steps.ts';
import { extensionIds, sections } from './sdp.ts';
import { expectPicture, receiveVideo } from './steps.ts';
import { scaled } from '../steps/bounds.ts';
import { expectPace } from '../steps/hold.ts';
import { expectPicture as expectShown } from '../steps/picture.ts';
import type { Side } from '../steps/sides.ts';
import { overWire, type Wire } from './wire.ts';

const jsep = (number: string) => `https://www.rfc-editor.org/rfc/rfc8829#section-${number}`;
const rfc8285 = (number: string) => `https://www.rfc-editor.org/rfc/rfc8285#section-${number}`;
const ietf = 'urn:ietf:params:rtp-hdrext';
const uris = {
  mid: `${ietf}:sdes:mid`,
  rid: `${ietf}:sdes:rtp-stream-id`,
  audioLevel: `${ietf}:ssrc-audio-level`,
  absoluteSendTime: 'http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time',
  transportWide: 'http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01',
  videoOrientation: 'urn:3gpp:video-orientation',
  dependencyDescriptor:
    'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension',
} as const;
const signaling = { trickle: false };
/** Lines that name the sources of packets: without them only header extensions tell which packet belongs where. */
const sources = /^a=ssrc(?:-group)?:/;

/** What both sides need where the offers have a header extension. */
const withExtension = (kind: 'audio' | 'video', uri: string) => ({
  offerer: [
    `extension:${kind}:${uri}:send`,
    ...(kind === 'video' ? videoOverWire.needs.offerer : audioSender),
  ],
  answerer: [
    `extension:${kind}:${uri}:receive`,
    ...(kind === 'video' ? videoOverWire.needs.answerer : audioReceiver),
  ],
});

/** Whether numbers of `bits` bits rise, wrapping around at the end. */
const rises = (numbers: readonly number[], bits: number): boolean =>
  numbers.every((number, at) => {
    const before = numbers[at - 1];
    return before === undefined || (number - before + 2 ** bits) % 2 ** bits < 2 ** (bits - 1);
  });

/** Expects an extension to be agreed on with the id in the offer; returns that id. */
function expectAgreed({ offer, answer }: Exchange, uri: string): number {
  const [offered = {}] = sections(offer).map(extensionIds);
  const [agreed = {}] = sections(answer).map(extensionIds);
  expect(offered[uri], 'the id in the offer').to.be.a('number');
  expect(agreed[uri], 'the id in the answer').to.equal(offered[uri]);
  return agreed[uri] ?? 0;
}

/** Expects no packet of the offerer to have an extension that is not agreed on. */
function expectOnlyAgreed(wire: Wire, { answer }: Exchange): void {
  const agreed = new Set(sections(answer).flatMap((media) => Object.values(extensionIds(media))));
  const sent = new Set(wire.rtp('offerer').flatMap(({ extensions }) => [...extensions.keys()]));
  expect(
    [...sent].filter((id) => !agreed.has(id)),
    'ids that were sent and are not agreed on',
  ).to.deep.equal([]);
}

/** The values of an extension in the offerer's packets, in the order of the packets. */
const carried = (wire: Wire, id: number): Buffer[] =>
  wire.rtp('offerer').flatMap(({ extensions }) => extensions.get(id) ?? []);

for (const { name, title, uri, level, specs, holds, says } of [
  {
    name: 'mid',
    title: 'Identification of the m-line',
    uri: uris.mid,
    level: 'must',
    specs: ['https://www.rfc-editor.org/rfc/rfc9143#section-15'],
    holds: (values: Buffer[]) => values.every((value) => value.toString() === '0'),
    says: 'each is the mid of the m-line',
  },
  {
    name: 'abs-send-time',
    title: 'Absolute send time',
    uri: uris.absoluteSendTime,
    level: 'info',
    specs: [
      'https://webrtc.googlesource.com/src/+/refs/heads/main/docs/native-code/rtp-hdrext/abs-send-time',
    ],
    holds: (values: Buffer[]) =>
      values.every(({ length }) => length === 3) &&
      rises(
        values.map((value) => value.readUIntBE(0, 3)),
        24,
      ),
    says: 'each has 24 bits, and they rise',
  },
  {
    name: 'transport-wide-sequence-number',
    title: 'Transport-wide sequence numbers',
    uri: uris.transportWide,
    level: 'should',
    specs: ['https://datatracker.ietf.org/doc/html/draft-holmer-rmcat-transport-wide-cc-extensions-01'],
    holds: (values: Buffer[]) =>
      values.every(({ length }) => length === 2) &&
      rises(
        values.map((value) => value.readUInt16BE()),
        16,
      ),
    says: 'each has 16 bits, and they rise',
  },
  {
    name: 'video-orientation',
    title: 'Video orientation',
    uri: uris.videoOrientation,
    level: 'should',
    specs: ['https://www.rfc-editor.org/rfc/rfc7742#section-4', 'https://www.3gpp.org/dynareport/26114.htm'],
    holds: (values: Buffer[]) => values.every((value) => value.length === 1 && (value.readUInt8() & 3) === 0),
    says: 'each is one byte and says "upright"',
  },
] as const) {
  scenario(
    {
      id: `codecs/extensions/${name}`,
      version: 2,
      title,
      asks: `Is the header extension agreed on with the offer's id, do packets carry it correctly, and does the picture arrive?`,
      level,
      specs: [...specs, rfc8285('5'), jsep('5.3.1')],
      needs: withExtension('video', uri),
      signaling,
    },
    async (pair) =>
      overWire(pair, {}, async (wire) => {
        const said = await sendVideo(pair);
        const id = expectAgreed(said, uri);
        const received = await receiveVideo(pair.answerer);
        expectOnlyAgreed(wire, said);
        expectOnWire(wire, received);
        const values = carried(wire, id);
        expect(values.length, `packets that carry extension ${id}`).to.be.at.least(1);
        expect(holds(values), `what they carry: ${says}`).to.equal(true);
        expectPicture(pair, received);
        pair.measure('packets that carry it', values.length, 'packets');
      }),
  );
}

scenario(
  {
    id: 'codecs/extensions/dependency-descriptor',
    version: 2,
    title: 'Dependency descriptor',
    asks: 'Where there are layers to describe, is the dependency descriptor agreed on and sent, and does the picture arrive?',
    level: 'info',
    specs: [
      'https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension',
      rfc8285('5'),
    ],
    needs: withExtension('video', uris.dependencyDescriptor),
    signaling,
  },
  async (pair) =>
    overWire(pair, {}, async (wire) => {
      const said = await sendVideo(pair, {
        encodings: [
          { rid: 'hi', layers: true },
          { rid: 'lo', layers: true, scaleResolutionDownBy: 2 },
        ],
      });
      const id = expectAgreed(said, uris.dependencyDescriptor);
      const received = await receiveVideo(pair.answerer);
      expectOnlyAgreed(wire, said);
      const values = carried(wire, id);
      expect(values.length, `packets that carry extension ${id}`).to.be.at.least(10);
      // start_of_frame, end_of_frame, the template and the number of the frame: three bytes at least
      expect(Math.min(...values.map(({ length }) => length)), 'bytes of the shortest').to.be.at.least(3);
      expectPicture(pair, received);
    }),
);

const audioLevelSpecs = [
  'https://www.rfc-editor.org/rfc/rfc6464#section-3',
  'https://www.w3.org/TR/webrtc/#dom-rtcrtpcontributingsource-audiolevel',
];
const audioNeeds = {
  offerer: [...withExtension('audio', uris.audioLevel).offerer],
  answerer: [
    ...withExtension('audio', uris.audioLevel).answerer,
    'RTCRtpReceiver.prototype.getSynchronizationSources',
  ],
};

scenario(
  {
    id: 'codecs/extensions/audio-level',
    version: 2,
    title: 'Audio level',
    asks: 'Is the audio level agreed on and sent, and does the receiver read from it how loud the tone is?',
    level: 'should',
    specs: [...audioLevelSpecs, 'https://www.rfc-editor.org/rfc/rfc8834#section-5.2.2', rfc8285('5')],
    needs: audioNeeds,
    signaling,
  },
  async (pair) =>
    overWire(pair, {}, async (wire) => {
      const said = await sendTone(pair);
      const id = expectAgreed(said, uris.audioLevel);
      const received = await hearTones(pair.answerer);
      expectTones(pair, received);
      expectOnlyAgreed(wire, said);
      const loudness = carried(wire, id).at(-1)?.readUInt8() ?? 127;
      // A sine of half the full scale has −9 dBov.
      expect(loudness & 0x7f, 'the level in the last packet, in −dBov').to.be.closeTo(9, 4);
      const read = await pair.answerer.run(async ({ connection }) => {
        const { receiver } = await connection.track('audio');
        return receiver.getSynchronizationSources()[0]?.audioLevel;
      });
      expect(read, 'audioLevel of the synchronization source, of 1').to.be.closeTo(10 ** (-9 / 20), 0.15);
      pair.measure('audio level', read ?? 0, '1');
    }),
);

scenario(
  {
    id: 'codecs/extensions/audio-level-left-out',
    version: 2,
    title: 'Audio level left out of the offer',
    asks: 'When the offer has no audio level, does the answer have none, is none sent, and is audioLevel absent at the receiver?',
    level: 'should',
    specs: [...audioLevelSpecs, rfc8285('6')],
    needs: audioNeeds,
    signaling,
  },
  async (pair) =>
    overWire(pair, { withoutLines: /^a=extmap:\S+ \S+audio-level/ }, async (wire) => {
      const said = await sendTone(pair);
      const [agreed = {}] = sections(said.answer).map(extensionIds);
      expect(Object.keys(agreed), 'the extensions of the answer').to.not.include(uris.audioLevel);
      expectTones(pair, await hearTones(pair.answerer));
      expectOnlyAgreed(wire, said);
      const levels = await pair.answerer.run(async ({ connection }) => {
        const { receiver } = await connection.track('audio');
        return receiver.getSynchronizationSources().map(({ audioLevel }) => audioLevel ?? 'absent');
      });
      expect(levels, 'audioLevel of the synchronization source').to.deep.equal(['absent']);
    }),
);

/** The offerer sends two pictures, each on an m-line of its own. */
async function sendTwo(pair: PairContext<Agent>): Promise<Exchange> {
  await addVideo(pair.offerer, { width: 320, height: 240 });
  return sendVideo(pair, { width: 160, height: 120 });
}

/** Each of the two pictures arrives on the m-line that it was sent from. */
async function expectTwo(pair: PairContext<Agent>): Promise<void> {
  const pictures = await pair.answerer.run(({ connection, media }) =>
    Promise.all(
      [0, 1].map(async (index) => {
        const { track, transceiver } = await connection.track('video', index);
        const watcher = media.watch(track);
        const shown = await watcher.shown();
        watcher.stop();
        return { mid: transceiver.mid, shown };
      }),
    ),
  );
  // Asked before the pace, which a busy machine decides.
  expect(
    pictures.map(({ mid, shown: { report } }) => `mid ${mid}: ${report.width}×${report.height}`),
    'the pictures at the m-lines',
  ).to.deep.equal(['mid 0: 320×240', 'mid 1: 160×120']);
  for (const { shown } of pictures) expectShown(pair, shown);
}

scenario(
  {
    id: 'codecs/extensions/mid-demultiplexing',
    version: 2,
    title: 'Two pictures told apart by mid',
    asks: 'Where two bundled m-lines name no sources, does each picture arrive on the m-line that it was sent from?',
    level: 'must',
    specs: ['https://www.rfc-editor.org/rfc/rfc9143#section-9.2', jsep('5.8')],
    needs: withExtension('video', uris.mid),
    signaling,
  },
  async (pair) =>
    overWire(pair, { withoutCodecs: ['rtx'], withoutLines: sources }, async (wire) => {
      const said = await sendTwo(pair);
      await expectTwo(pair);
      expectOnlyAgreed(wire, said);
    }),
);

scenario(
  {
    id: 'codecs/extensions/rid',
    version: 2,
    title: 'Encodings told apart by rid',
    asks: 'When the other side takes two encodings, as a server does, does each name itself in its packets by RID, and can one be picked out by that?',
    level: 'should',
    specs: [
      'https://www.rfc-editor.org/rfc/rfc8852#section-3',
      'https://www.rfc-editor.org/rfc/rfc8853#section-5.3',
    ],
    needs: { ...videoOverWire.needs, offerer: withExtension('video', uris.rid).offerer },
    signaling,
  },
  async (pair) =>
    overWire(
      pair,
      { withoutCodecs: ['rtx', 'red', 'ulpfec'], withoutLines: sources, takesRids: ['hi', 'lo'] },
      async (wire) => {
        const rids = new Map<number, { id: number; rid: string }>();
        // packets that only probe the path are no picture
        const pictures = new Map([
          ['hi', 0],
          ['lo', 0],
        ]);
        wire.lose(({ ssrc, extensions, padding }) => {
          for (const [id, value] of extensions) {
            if (['hi', 'lo'].includes(value.toString())) rids.set(ssrc, { id, rid: value.toString() });
          }
          const rid = rids.get(ssrc)?.rid ?? '';
          if (!padding && rid !== '') pictures.set(rid, (pictures.get(rid) ?? 0) + 1);
          return rid !== 'lo';
        });
        const { offer } = await sendVideo(pair, {
          width: 640,
          height: 480,
          encodings: [{ rid: 'hi' }, { rid: 'lo', scaleResolutionDownBy: 2 }],
        });
        const received = await receiveVideo(pair.answerer);
        const [offered = {}] = sections(offer).map(extensionIds);
        const sent = new Set(wire.rtp('offerer').map(({ ssrc }) => ssrc));
        expect([...rids.keys()], 'the sources that a rid names').to.have.members([...sent]);
        for (const [rid, packets] of pictures)
          // a sender with a low bandwidth estimate, as on a busy machine, begins with the lower picture
          expectPace(packets, `packets of the picture ${rid}`).to.be.at.least(3);
        for (const { id, rid } of rids.values())
          expect(id, `the id of the extension that names ${rid}`).to.equal(offered[uris.rid]);
        expectPicture(pair, received, [320, 240], scaled);
      },
    ),
);

scenario(
  {
    ...videoOverWire,
    id: 'codecs/extensions/unknown-left-out',
    version: 2,
    title: 'An unknown extension',
    asks: 'When the offer has an unknown extension, does the answer leave it out, and does the picture arrive?',
    level: 'must',
    specs: [rfc8285('6'), jsep('5.3.1')],
  },
  async (pair) =>
    overWire(pair, { withLine: 'a=extmap:14 urn:example:nosuch' }, async (wire) => {
      const said = await sendVideo(pair);
      const [agreed = {}] = sections(said.answer).map(extensionIds);
      const [offered = {}] = sections(said.offer).map(extensionIds);
      expect(Object.keys(agreed), 'the extensions of the answer').to.not.include('urn:example:nosuch');
      expect(offered, 'the ids of the offer').to.include(agreed);
      expectPicture(pair, await receiveVideo(pair.answerer));
      expectOnlyAgreed(wire, said);
    }),
);

for (const [name, side] of [
  ['ids-kept-on-reoffer', 'offerer'],
  ['ids-kept-by-answerer', 'answerer'],
] as const) {
  scenario(
    {
      ...videoOverWire,
      id: `codecs/extensions/${name}`,
      version: 2,
      title: `The ${side} offers again`,
      asks: `When the ${side} adds an m-line and offers again, do the agreed extensions keep their ids, does an id stand for one extension in all m-lines, and do picture and tone arrive?`,
      level: 'must',
      specs: [jsep('5.2.2'), rfc8285('6'), 'https://www.rfc-editor.org/rfc/rfc9143#section-9.1'],
      needs: {
        offerer: [...videoOverWire.needs.offerer, ...(side === 'offerer' ? audioSender : audioReceiver)],
        answerer: [...videoOverWire.needs.answerer, ...(side === 'offerer' ? audioReceiver : audioSender)],
      },
    },
    async (pair) =>
      overWire(pair, {}, async () => {
        const first = await sendVideo(pair);
        await receiveVideo(pair.answerer, { stretchMs: 0 });
        const other = side === 'offerer' ? 'answerer' : 'offerer';
        const second = await sendTone({ offerer: pair[side], answerer: pair[other] });
        const tones = await hearTones(pair[other]);
        const [agreed = {}] = sections(first.answer).map(extensionIds);
        for (const what of ['offer', 'answer'] as const) {
          const sdp = second[what];
          const [video = {}] = sections(sdp).map(extensionIds);
          expect(video, `the ids of the second ${what}`).to.include(agreed);
          const meanings = new Map<number, Set<string>>();
          for (const [uri, id] of sections(sdp).flatMap((media) => Object.entries(extensionIds(media)))) {
            meanings.set(id, (meanings.get(id) ?? new Set()).add(uri));
          }
          const unclear = [...meanings].filter(([, named]) => named.size > 1).map(([id]) => id);
          expect(unclear, `ids of two extensions in the second ${what}`).to.deep.equal([]);
        }
        expectTones(pair, tones);
        expectPicture(pair, await receiveVideo(pair.answerer));
      }),
  );
}

const mixed = /^a=extmap-allow-mixed\r$/m;
/** The absolute send time, which every browser knows, under an id that one-byte headers have no room for. */
const absoluteSendTimeAs16 = {
  withoutLines: /^a=extmap:\S+ \S+\/abs-send-time$/,
  withLine: `a=extmap:16 ${uris.absoluteSendTime}`,
};
/** The same for the mid. */
const midAs20 = {
  withoutLines: /^a=extmap:\S+ \S+:mid$/,
  withLine: `a=extmap:20 ${uris.mid}`,
};

scenario(
  {
    ...videoOverWire,
    id: 'codecs/extensions/extmap-allow-mixed',
    title: 'One-byte and two-byte headers mixed',
    version: 2,
    asks: 'Do offer and answer allow one-byte and two-byte headers in one stream, is an id above 14, which needs two-byte headers, accepted, and does the picture arrive?',
    level: 'should',
    specs: [rfc8285('4.1.2'), rfc8285('6'), jsep('5.2.1')],
  },
  async (pair) =>
    overWire(pair, { ...absoluteSendTimeAs16, answerWithoutLines: /^a=extmap:16 / }, async () => {
      const { offer, answer } = await sendVideo(pair);
      expect(mixed.test(offer), 'extmap-allow-mixed in the offer').to.equal(true);
      expect(mixed.test(answer), 'extmap-allow-mixed in the answer').to.equal(true);
      const [agreed = {}] = sections(answer).map(extensionIds);
      expect(agreed[uris.absoluteSendTime], 'the id in the answer of what has id 16 in the offer').to.equal(
        16,
      );
      expectPicture(pair, await receiveVideo(pair.answerer));
    }),
);

scenario(
  {
    ...videoOverWire,
    id: 'codecs/extensions/extmap-allow-mixed-left-out',
    version: 2,
    title: 'Mixed headers not allowed by the offer',
    asks: 'When the offer does not allow mixed headers, does the answer not allow them either, and does the stream have one-byte headers only?',
    level: 'must',
    specs: [rfc8285('4.1.2'), rfc8285('6')],
  },
  async (pair) =>
    overWire(pair, { withoutLines: /^a=extmap-allow-mixed$/ }, async (wire) => {
      const { answer } = await sendVideo(pair);
      expect(mixed.test(answer), 'extmap-allow-mixed in the answer').to.equal(false);
      expectPicture(pair, await receiveVideo(pair.answerer));
      const twoByte = wire.rtp('offerer').filter(({ twoByteHeaders }) => twoByteHeaders === true);
      expect(twoByte.length, 'packets with two-byte headers').to.equal(0);
    }),
);

/** The mids in the packets of a side that carry them as extension 20: only two-byte headers can. */
const midsAs20 = (wire: Wire, side: Side): Set<string> =>
  new Set(wire.rtp(side).flatMap(({ extensions }) => extensions.get(20)?.toString() ?? []));

/** The id that the mid has in each m-line. */
const midIds = (sdp: string): (number | undefined)[] =>
  sections(sdp).map((media) => extensionIds(media)[uris.mid]);

scenario(
  {
    id: 'codecs/extensions/above-14-sent',
    title: 'A mid that only two-byte headers have room for',
    asks: "When the mid has the id 20 in the offer, is that agreed on, do the answerer's packets carry it in two-byte headers, and does the picture arrive where nobody knows that id?",
    level: 'should',
    specs: [rfc8285('4.3'), rfc8285('5'), jsep('5.3.1')],
    needs: {
      offerer: needsOf.video,
      answerer: [...needsOf.video, `extension:video:${uris.mid}:send`],
    },
    signaling,
  },
  async (pair) =>
    overWire(pair, { ...midAs20, answerWithoutLines: /^a=extmap:20 / }, async (wire) => {
      await pair.answerer.run(add, 'video');
      await pair.offerer.run(
        ({ connection }) => void connection.pc.addTransceiver('video', { direction: 'recvonly' }),
      );
      const { answer } = await exchange(pair);
      expect(midIds(answer), 'the ids of the mid in the answer').to.deep.equal([20]);
      await expectAdded(pair, 'video', 'answerer');
      expect(midsAs20(wire, 'answerer'), 'the mids that packets carry as 20').to.deep.equal(new Set(['0']));
    }),
);

scenario(
  {
    id: 'codecs/extensions/above-14-understood',
    title: 'Two pictures told apart by a mid that only two-byte headers have room for',
    asks: 'When the mid has the id 20 at both sides, and two bundled m-lines name no sources, does each picture arrive on the m-line that it was sent from?',
    level: 'should',
    specs: [rfc8285('4.3'), 'https://www.rfc-editor.org/rfc/rfc9143#section-9.2'],
    needs: {
      ...withExtension('video', uris.mid),
      // no API gives an extension an id
      offerer: ['changed:extension-id', ...withExtension('video', uris.mid).offerer],
    },
    signaling,
  },
  async (pair) =>
    overWire(
      pair,
      { withoutCodecs: ['rtx'], withoutLines: sources, extensionIds: { [uris.mid]: 20 } },
      async (wire) => {
        const said = await sendTwo(pair);
        expect(midIds(said.offer), 'the ids of the mid in the offer').to.deep.equal([20, 20]);
        expect(midIds(said.answer), 'the ids of the mid in the answer').to.deep.equal([20, 20]);
        await expectTwo(pair);
        expectOnlyAgreed(wire, said);
        expect(midsAs20(wire, 'offerer'), 'the mids that packets carry as 20').to.deep.equal(
          new Set(['0', '1']),
        );
      },
    ),
);

scenario(
  {
    id: 'codecs/extensions/above-14-by-api',
    title: 'More extensions than one-byte headers have ids for',
    asks: 'When the offerer negotiates every header extension that it has, more than 14, is the offer answered with its ids, do packets carry one above 14, and does the picture arrive?',
    level: 'should',
    specs: [
      'https://www.w3.org/TR/webrtc-extensions/#dom-rtcrtptransceiver-setheaderextensionstonegotiate',
      rfc8285('4.3'),
      rfc8285('5'),
      jsep('5.3.1'),
    ],
    needs: {
      ...videoOverWire.needs,
      offerer: ['RTCRtpTransceiver.prototype.setHeaderExtensionsToNegotiate', ...videoOverWire.needs.offerer],
    },
    signaling,
  },
  async (pair) =>
    overWire(pair, {}, async (wire) => {
      await addVideo(pair.offerer, {
        encodings: [
          { rid: 'hi', layers: true },
          { rid: 'lo', layers: true, scaleResolutionDownBy: 2 },
        ],
      });
      await pair.offerer.run(({ connection, codecs }) => {
        for (const transceiver of connection.pc.getTransceivers()) codecs.negotiateAllExtensions(transceiver);
      });
      const said = await exchange(pair);
      const [offered = {}] = sections(said.offer).map(extensionIds);
      const [agreed = {}] = sections(said.answer).map(extensionIds);
      expect(Math.max(...Object.values(offered)), 'the largest id in the offer').to.be.above(14);
      expect(offered, 'the ids of the offer').to.include(agreed);
      expectPicture(pair, await receiveVideo(pair.answerer));
      expectOnlyAgreed(wire, said);
      const carriedIds = wire.rtp('offerer').flatMap(({ extensions }) => [...extensions.keys()]);
      expect(Math.max(...carriedIds), 'the largest id that packets carry').to.be.above(14);
    }),
);
