import { expect } from 'chai';
import { parametersOf, selectorOf } from '../../fixtures/peer-page/codec-match.ts';
import { scenario } from '../scenario.ts';
import { collisions, formats, section, sections } from './sdp.ts';
import {
  asSelected,
  bothNegotiate,
  expectCodec,
  expectPicture,
  offerVideo,
  orderOf,
  receiveVideo,
  videoReceiver,
  videoSender,
} from './steps.ts';

const vp8 = 'video/VP8';
const vp9 = 'video/VP9;profile-id=0';
const both = (codec: string, side: 'send' | 'receive') => `codec:${codec}:${side}`;

const needs = {
  offerer: [both(vp8, 'send'), both(vp9, 'send'), ...videoSender],
  answerer: [both(vp8, 'receive'), both(vp9, 'receive'), ...videoReceiver, videoSender[0]],
};
const preferences = 'https://www.w3.org/TR/webrtc/#dom-rtcrtptransceiver-setcodecpreferences';
const initialAnswers = 'https://www.rfc-editor.org/rfc/rfc8829#section-5.3.1';

for (const [first, second] of [
  [vp9, vp8],
  [vp8, vp9],
] as const) {
  const name = first === vp9 ? 'offerer-order' : 'offerer-order-reversed';
  scenario(
    {
      id: `codecs/negotiation/${name}`,
      version: 2,
      title: `The offerer's order: ${first === vp9 ? 'VP9 before VP8' : 'VP8 before VP9'}`,
      asks: 'Does an answerer without preferences keep the order of the offer, and is the first codec used?',
      level: 'must',
      specs: [initialAnswers, preferences],
      needs,
    },
    async (pair) => {
      await offerVideo(pair, { prefer: [first, second] });
      const received = await receiveVideo(pair.answerer);
      expect(orderOf(received.answer, [first, second]), 'the order in the answer').to.deep.equal([
        first,
        second,
      ]);
      await expectCodec(pair.offerer, received, 'video', first);
      expectPicture(pair, received);
    },
  );
}

scenario(
  {
    id: 'codecs/negotiation/answerer-preference',
    version: 2,
    title: "The answerer's preferences",
    asks: 'Where the offerer prefers VP8 and the answerer VP9, does the answer put VP9 first, and is VP9 used?',
    level: 'must',
    specs: [initialAnswers, preferences],
    needs,
  },
  async (pair) => {
    await offerVideo(pair, { prefer: [vp8, vp9] }, { prefer: [vp9, vp8] });
    const received = await receiveVideo(pair.answerer);
    expect(orderOf(received.answer, [vp8, vp9]), 'the order in the answer').to.deep.equal([vp9, vp8]);
    await expectCodec(pair.offerer, received, 'video', vp9);
    expectPicture(pair, received);
  },
);

scenario(
  {
    id: 'codecs/negotiation/answerer-subset',
    version: 2,
    title: 'The answerer takes one of the offered codecs',
    asks: 'When the answerer keeps only VP9, does the answer have nothing else, and is VP9 used?',
    level: 'must',
    specs: [initialAnswers, preferences],
    needs,
  },
  async (pair) => {
    await offerVideo(pair, { prefer: [vp8, vp9] }, { only: [vp9] });
    const received = await receiveVideo(pair.answerer);
    const agreed = formats(section(received.answer, 'video')).map(({ mimeType }) => mimeType);
    expect(agreed, 'the codecs of the answer').to.deep.equal(['video/VP9']);
    await expectCodec(pair.offerer, received, 'video', vp9);
    expectPicture(pair, received);
  },
);

scenario(
  {
    id: 'codecs/negotiation/asymmetric',
    version: 2,
    title: 'Another codec in each direction',
    asks: 'When the sides prefer to receive different codecs, does each side receive the one that it prefers?',
    level: 'should',
    specs: [
      'https://www.rfc-editor.org/rfc/rfc3264#section-6.1',
      'https://www.rfc-editor.org/rfc/rfc3264#section-7',
    ],
    needs: {
      offerer: [...needs.offerer, ...videoReceiver, both(vp8, 'receive')],
      answerer: [...needs.answerer, videoSender[1], both(vp8, 'send')],
    },
  },
  async (pair) => {
    const { offerer, answerer } = pair;
    await answerer.run(
      (agent, order) => {
        const { track } = agent.media.video();
        agent.connect({
          async beforeAnswer(pc) {
            for (const transceiver of pc.getTransceivers()) {
              transceiver.direction = 'sendrecv';
              await transceiver.sender.replaceTrack(track);
              agent.codecs.prefer(transceiver, ...order);
            }
          },
        });
      },
      [vp9, vp8],
    );
    const offered = offerer.run(
      async (agent, order) => {
        const connection = agent.connect();
        const { track, stream } = agent.media.video();
        const transceiver = connection.pc.addTransceiver(track, { direction: 'sendrecv', streams: [stream] });
        agent.codecs.prefer(transceiver, ...order);
        await connection.negotiate();
      },
      [vp8, vp9],
    );
    await bothNegotiate(answerer, offered);
    const [there, back] = await Promise.all([receiveVideo(answerer), receiveVideo(offerer)]);
    expect(there.codec?.mimeType, 'the codec that the answerer receives').to.equal('video/VP9');
    expect(back.codec?.mimeType, 'the codec that the offerer receives').to.equal('video/VP8');
    expectPicture(pair, there);
    expectPicture(pair, back);
  },
);

/** Each direction as the other side has it. https://www.rfc-editor.org/rfc/rfc8829#section-5.3.1 */
const reversed = {
  sendrecv: 'sendrecv',
  sendonly: 'recvonly',
  recvonly: 'sendonly',
  inactive: 'inactive',
} as const;
const directions = ['sendrecv', 'sendonly', 'recvonly', 'inactive'] as const;

scenario(
  {
    id: 'codecs/negotiation/directions',
    title: 'The four directions',
    asks: 'When the offerer asks for one m-line of each direction, does the offer say so, does the answer say the reverse, and does currentDirection on both sides say what was agreed on?',
    level: 'must',
    specs: [
      'https://www.rfc-editor.org/rfc/rfc8829#section-5.2.1',
      'https://www.rfc-editor.org/rfc/rfc8829#section-5.3.1',
      'https://www.w3.org/TR/webrtc/#dom-rtcrtptransceiver-currentdirection',
    ],
    needs: ['RTCRtpTransceiver.prototype.currentDirection'],
  },
  async ({ offerer, answerer }) => {
    await answerer.run((agent) => {
      agent.connect({
        beforeAnswer(pc) {
          for (const transceiver of pc.getTransceivers()) transceiver.direction = 'sendrecv';
        },
      });
    });
    const offered = offerer.run(async (agent, wanted) => {
      const connection = agent.connect();
      for (const direction of wanted) connection.pc.addTransceiver('video', { direction });
      await connection.negotiate();
      return connection.pc.getTransceivers().map(({ currentDirection }) => currentDirection);
    }, directions);
    await bothNegotiate(answerer, offered);
    const { others, offer, answer } = await answerer.run(({ connection: { pc, heard, said } }) => ({
      others: pc.getTransceivers().map(({ currentDirection }) => currentDirection),
      offer: heard.descriptions[0]?.sdp ?? '',
      answer: said.descriptions[0]?.sdp ?? '',
    }));
    const due = directions.map((direction) => reversed[direction]);
    const told = (sdp: string) => sections(sdp).map(({ direction }) => direction);
    expect(told(offer), 'the directions of the offer').to.deep.equal(directions);
    expect(told(answer), 'the directions of the answer').to.deep.equal(due);
    expect(await offered, 'currentDirection at the offerer').to.deep.equal(directions);
    expect(others, 'currentDirection at the answerer').to.deep.equal(due);
  },
);

scenario(
  {
    id: 'codecs/negotiation/streams',
    title: 'The streams of tracks',
    asks: 'Is each track announced to the answerer with the streams that the offerer added it to: one, two or none?',
    level: 'must',
    specs: [
      'https://www.w3.org/TR/webrtc/#dom-rtcpeerconnection-addtrack',
      'https://www.rfc-editor.org/rfc/rfc8829#section-5.2.1',
      'https://www.rfc-editor.org/rfc/rfc8830#section-2',
    ],
    needs: { offerer: [videoSender[1]] },
  },
  async ({ offerer, answerer }) => {
    await answerer.run((agent) => void agent.connect());
    const offered = offerer.run(async (agent) => {
      const connection = agent.connect();
      const [one, two] = [new MediaStream(), new MediaStream()];
      for (const streams of [[one], [one, two], []]) {
        connection.pc.addTrack(
          agent.media.video({ width: 160, height: 120, frameRate: 5 }).track,
          ...streams,
        );
      }
      await connection.negotiate();
      return [[one.id], [one.id, two.id], []];
    });
    await bothNegotiate(answerer, offered);
    const heard = await answerer.run(async ({ connection }) => {
      await connection.track('video', 2);
      return connection.tracks.map(({ streams }) => streams.map(({ id }) => id).toSorted());
    });
    expect(heard, 'the ids of the streams of each track').to.deep.equal(
      (await offered).map((ids) => ids.toSorted()),
    );
  },
);

for (const [id, title, first] of [
  ['no-common-codec', 'No codec in common', 'audio'],
  ['no-common-codec-in-first-section', 'No codec in common in the first m-line', 'video'],
] as const) {
  scenario(
    {
      id: `codecs/negotiation/${id}`,
      title,
      asks: `When the video codecs of the offer are all unknown, is their m-line rejected while data goes on, with ${first} as the first m-line?`,
      level: 'must',
      specs: [
        initialAnswers,
        'https://www.rfc-editor.org/rfc/rfc3264#section-6',
        'https://www.rfc-editor.org/rfc/rfc9143#section-7.3.3',
      ],
      needs: { offerer: [videoSender[1]] },
      // Firefox refuses late candidates of an m-line that it rejected, which is not what is asked here.
      signaling: { trickle: false },
    },
    async ({ offerer, answerer }) => {
      await answerer.run((agent) => void agent.connect());
      const offered = offerer.run(async (agent, firstKind) => {
        const connection = agent.connect({
          outgoing: ({ type, sdp = '' }) => ({
            type,
            sdp: sdp.replaceAll(/^(a=rtpmap:\d+) \S+\/90000/gm, '$1 X-NOSUCH/90000'),
          }),
        });
        if (firstKind === 'audio') connection.pc.addTransceiver('audio');
        connection.pc.addTransceiver(agent.media.video().track);
        connection.createChannel('data');
        await connection.negotiate();
        (await connection.channel('data')).send('still here');
      }, first);
      const [{ message, answer }] = await Promise.all([
        answerer.run(async ({ connection }) => ({
          message: await connection.message('data'),
          answer: connection.said.descriptions[0]?.sdp ?? '',
        })),
        offered,
      ]);
      expect(section(answer, 'video').port, 'the port of the video in the answer: 0 is a refusal').to.equal(
        0,
      );
      expect(section(answer, 'application').port, 'the port of the data in the answer').to.not.equal(0);
      expect(message, 'what the answerer received').to.equal('still here');
    },
  );
}

scenario(
  {
    id: 'codecs/negotiation/unknown-codec-ignored',
    version: 2,
    title: 'An unknown codec is passed over',
    asks: 'When the offer begins with an unknown codec, is it left out of the answer and the next one used?',
    level: 'must',
    specs: [initialAnswers, 'https://www.rfc-editor.org/rfc/rfc3264#section-6.1'],
    needs,
  },
  async (pair) => {
    await pair.answerer.run((agent) => void agent.connect());
    const offered = pair.offerer.run(async (agent) => {
      const connection = agent.connect({
        outgoing: ({ type, sdp = '' }) => {
          const free = agent.sdp.freePayloadType(sdp);
          return {
            type,
            sdp: sdp
              .replace(/^m=video (\d+) (\S+) /m, `m=video $1 $2 ${free} `)
              .replace(/^(a=rtpmap:.*)$/m, `a=rtpmap:${free} X-NOSUCH/90000\r\na=fmtp:${free} depth=7\r\n$1`),
          };
        },
      });
      const { track, stream } = agent.media.video();
      const transceiver = connection.pc.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
      agent.codecs.prefer(transceiver, 'video/VP8');
      await connection.negotiate();
    });
    await bothNegotiate(pair.answerer, offered);
    const received = await receiveVideo(pair.answerer);
    const agreed = formats(section(received.answer, 'video')).map(({ mimeType }) => mimeType);
    expect(agreed, 'the codecs of the answer').to.not.include('video/X-NOSUCH');
    await expectCodec(pair.offerer, received, 'video', vp8);
    expectPicture(pair, received);
  },
);

const profile2 = 'video/VP9;profile-id=2';

scenario(
  {
    id: 'codecs/negotiation/vp9-profile-claimed-or-left-out',
    title: 'A profile that the answerer may not know',
    asks: 'When the offer prefers VP9 profile 2, does the answer have it exactly when the answerer claims it, and is the first codec of the answer the one that is sent?',
    level: 'must',
    specs: [
      'https://www.rfc-editor.org/rfc/rfc9628#section-6.2',
      'https://www.rfc-editor.org/rfc/rfc3264#section-6.1',
    ],
    needs: {
      offerer: [both(profile2, 'send'), both(vp8, 'send'), ...videoSender],
      answerer: [both(vp8, 'receive'), ...videoReceiver],
    },
  },
  async (pair) => {
    const claims = await pair.answerer.run(
      ({ codecs }, wanted) =>
        (RTCRtpReceiver.getCapabilities('video')?.codecs ?? []).some((codec) => codecs.is(codec, wanted)),
      profile2,
    );
    await offerVideo(pair, { only: [profile2, vp8] });
    const received = await receiveVideo(pair.answerer);
    const agreed = formats(section(received.answer, 'video'))
      .map(selectorOf)
      .filter((selector) => selector.startsWith('video/VP'));
    expect(agreed, 'VP8 and VP9 in the answer').to.deep.equal(claims ? [profile2, vp8] : [vp8]);
    await expectCodec(pair.offerer, received, 'video', claims ? profile2 : vp8);
    expectPicture(pair, received);
  },
);

scenario(
  {
    id: 'codecs/negotiation/reoffer-stable',
    version: 2,
    title: 'Re-offers keep m-lines and codecs',
    asks: 'When the session is offered again, do the m-lines keep their codecs and payload types, and does video go on?',
    level: 'must',
    specs: [
      'https://www.rfc-editor.org/rfc/rfc8829#section-5.2.2',
      'https://www.rfc-editor.org/rfc/rfc8829#section-5.3.2',
    ],
    needs,
  },
  async (pair) => {
    await offerVideo(pair, { prefer: [vp9, vp8] });
    await receiveVideo(pair.answerer, { stretchMs: 0 });
    await pair.offerer.run(({ connection }) => connection.negotiate());
    const received = await receiveVideo(pair.answerer);
    const descriptions = await pair.offerer.run(({ connection: { said, heard } }) =>
      [said, heard].map((side) => side.descriptions.map(({ sdp = '' }) => sdp)),
    );
    for (const [at, name] of (['offer', 'answer'] as const).entries()) {
      const [before = '', after = ''] = descriptions[at] ?? [];
      expect(formats(section(after, 'video')), `the codecs of the second ${name}`).to.deep.equal(
        formats(section(before, 'video')),
      );
    }
    await expectCodec(pair.offerer, received, 'video', vp9);
    expectPicture(pair, received);
  },
);

scenario(
  {
    id: 'codecs/negotiation/payload-type-remap',
    version: 2,
    title: 'A codec that is renumbered',
    asks: 'When the next offer gives the codec in use another payload type, is it sent under that, and is the picture right?',
    level: 'should',
    specs: ['https://www.rfc-editor.org/rfc/rfc3264#section-8.3.2'],
    needs,
  },
  async (pair) => {
    await pair.answerer.run((agent) => void agent.connect());
    const offered = pair.offerer.run(async (agent, codec) => {
      // Applications do it by changing their own offer; there is no API for it.
      const connection = agent.connect({
        // the first offer stays as it is
        editsMayChangeNothing: true,
        local: ({ type, sdp = '' }) => ({
          type,
          sdp:
            type === 'offer' && connection.pc.remoteDescription
              ? agent.sdp.withPayloadType(sdp, 'VP8', agent.sdp.freePayloadType(sdp))
              : sdp,
        }),
      });
      const { track, stream } = agent.media.video();
      const transceiver = connection.pc.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
      agent.codecs.prefer(transceiver, codec);
      await connection.negotiate();
    }, vp8);
    await bothNegotiate(pair.answerer, offered);
    const before = await receiveVideo(pair.answerer, { stretchMs: 0 });
    await pair.offerer.run(({ connection }) => connection.negotiate());
    await pair.answerer.run(async ({ connection, codecs, waitFor }, old) => {
      let payloadType: number | undefined = old;
      await waitFor({
        name: `inbound-rtp to name another payload type than ${old}`,
        phase: 'media',
        probe: async () => {
          payloadType = (await codecs.used(connection, 'inbound-rtp', 'video'))?.payloadType;
          return payloadType !== undefined && payloadType !== old;
        },
        triggers: [{ everyMs: 100 }],
        seen: () => String(payloadType),
      });
    }, before.codec?.payloadType ?? 0);
    const received = await receiveVideo(pair.answerer);
    const [head] = formats(section(received.answer, 'video'));
    expect(received.codec?.payloadType, 'the payload type that inbound-rtp names').to.equal(
      head?.payloadType,
    );
    await expectCodec(pair.offerer, received, 'video', vp8);
    expectPicture(pair, received);
  },
);

scenario(
  {
    id: 'codecs/negotiation/payload-type-collision',
    version: 2,
    title: 'An offer from the side that numbers codecs differently',
    asks: 'When the answerer, which would number codecs differently, offers a second video, does no payload type stand for two codecs?',
    level: 'must',
    specs: [
      'https://www.rfc-editor.org/rfc/rfc9143#section-9.1',
      'https://www.rfc-editor.org/rfc/rfc8829#section-5.2.2',
    ],
    needs: {
      offerer: [...needs.offerer, ...videoReceiver, both(vp8, 'receive')],
      answerer: [...needs.answerer, videoSender[1], both(vp8, 'send')],
    },
  },
  async (pair) => {
    const { offerer, answerer } = pair;
    await offerVideo(pair, { prefer: [vp8] });
    const before = await receiveVideo(answerer, { stretchMs: 0 });
    const offered = answerer.run(async ({ connection, media, codecs }, codec) => {
      const { track, stream } = media.video();
      const transceiver = connection.pc.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
      codecs.prefer(transceiver, codec);
      await connection.negotiate();
      const { said, heard } = connection;
      return [said, heard].map(({ descriptions }) => descriptions.at(-1)?.sdp ?? '');
    }, vp8);
    // waiting for the track throws whatever goes wrong at that side
    const [[offer = '', answer = '']] = await Promise.all([
      offered,
      offerer.run(async ({ connection }) => void (await connection.track('video'))),
    ]);
    expect(collisions(offer), 'payload types with two meanings in the second offer').to.equal('');
    expect(collisions(answer), 'payload types with two meanings in its answer').to.equal('');
    const [back, there] = await Promise.all([receiveVideo(offerer), receiveVideo(answerer)]);
    expect(there.codec?.payloadType, 'the payload type of the first video').to.equal(
      before.codec?.payloadType,
    );
    const [head] = formats(section(answer, 'video', 1));
    expect(back.codec?.payloadType, 'the payload type of the second video').to.equal(head?.payloadType);
    expect(asSelected(back.codec, vp8), 'the codec of the second video').to.equal(vp8);
    expectPicture(pair, there);
    expectPicture(pair, back);
  },
);

/**
 * Parameters that mean the same as leaving them out: RFC 9628, section 6.1, RFC 6184, section 8.1, and the RTP payload
 * format of AV1, section 7.2.1.
 */
const impliedOf: Readonly<Record<string, readonly string[]>> = {
  'video/VP9': ['profile-id=0'],
  'video/H264': ['packetization-mode=0'],
  'video/AV1': ['profile=0', 'level-idx=5', 'tier=0'],
};

for (const { id, version, what, reader } of [
  { id: 'remote-description-as-set', version: 2, what: 'answer', reader: 'offerer' },
  { id: 'remote-offer-as-set', version: 1, what: 'offer', reader: 'answerer' },
] as const) {
  scenario(
    {
      id: `codecs/negotiation/${id}`,
      version,
      title: `The remote ${what} reads as it was set`,
      asks: `Does remoteDescription give each codec and its parameters as the ${what} that was set does?`,
      level: 'must',
      specs: ['https://www.w3.org/TR/webrtc/#dom-rtcpeerconnection-remotedescription'],
      needs: { offerer: [...videoSender] },
    },
    async (pair) => {
      await offerVideo(pair, {});
      const { set, read } = await pair[reader].run(({ connection }) => ({
        set: connection.heard.descriptions[0]?.sdp ?? '',
        read: connection.pc.remoteDescription?.sdp ?? '',
      }));
      const codecsIn = (sdp: string) =>
        formats(section(sdp, 'video')).map(({ payloadType, mimeType, sdpFmtpLine }) => {
          const parameters = [...parametersOf(sdpFmtpLine)]
            .map(([name, value]) => `${name}=${value}`)
            .filter((parameter) => !impliedOf[mimeType]?.includes(parameter));
          return `${payloadType} ${[mimeType, ...parameters.toSorted()].join(';')}`;
        });
      expect(codecsIn(read), 'the codecs of remoteDescription').to.deep.equal(codecsIn(set));
    },
  );
}
