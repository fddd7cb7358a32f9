import { expect } from 'chai';
import { scenario } from '../scenario.ts';
import {
  addVideo,
  exchange,
  expectOnWire,
  heardBy,
  loseOnePacket,
  sendVideo,
  videoOverWire,
  type Counter,
} from './repair-steps.ts';
import type { RtcpPacket } from './rtp.ts';
import { feedbackOf, payloadTypes, section } from './sdp.ts';
import { afterLoss } from '../steps/bounds.ts';
import { expectPicture, receiveVideo } from './steps.ts';
import { overWire } from './wire.ts';

const avpf = (number: string) => `https://www.rfc-editor.org/rfc/rfc4585#section-${number}`;
const rtpUsage = 'https://www.rfc-editor.org/rfc/rfc8834#section-5.1';
const keyFrameSpec = 'https://www.w3.org/TR/webrtc-encoded-transform/#KeyFrame-algorithms';
const transportWideDraft =
  'https://datatracker.ietf.org/doc/html/draft-holmer-rmcat-transport-wide-cc-extensions-01';

/** The feedback that a description has for VP8. */
const vp8Feedback = (sdp: string): string[] => {
  const video = section(sdp, 'video');
  return payloadTypes(video, 'vp8').flatMap((payloadType) => feedbackOf(video, payloadType));
};

/** Kinds of feedback, told by their first packet: RFC 4585, section 6.1, and the draft of transport-wide feedback. */
const isNack = ({ type, format }: RtcpPacket): boolean => type === 205 && format === 1;
const isTransportWide = ({ type, format }: RtcpPacket): boolean => type === 205 && format === 15;
const isFeedback = ({ type }: RtcpPacket): boolean => type === 205 || type === 206;

scenario(
  {
    ...videoOverWire,
    id: 'codecs/feedback/nack',
    version: 2,
    title: 'A lost packet is asked for',
    asks: 'Is generic NACK agreed on, does the receiver ask for a lost packet, and does the sender hear it?',
    // RFC 8834, section 6.1: senders MUST understand it, receivers MAY send it
    level: 'should',
    specs: [avpf('6.2.1'), rtpUsage],
  },
  async (pair) =>
    overWire(pair, { withoutCodecs: ['red', 'ulpfec'] }, async (wire) => {
      const said = await sendVideo(pair);
      expect(vp8Feedback(said.answer), 'the feedback in the answer').to.include('nack');
      const loss = await loseOnePacket(pair, wire, said);
      expect(loss.risen('nackCount'), 'packets that the receiver asked for').to.be.at.least(1);
      expect(wire.rtcp('answerer').filter(isNack).length, 'NACKs on the way').to.be.at.least(1);
      expect(await heardBy(pair.offerer, 'nackCount'), 'NACKs that the sender heard').to.be.at.least(1);
      expect(loss.risen('keyFramesDecoded'), 'key frames that were needed after the loss').to.equal(0);
      expectOnWire(wire, loss.received);
      expectPicture(pair, loss.received, [320, 240], afterLoss);
    }),
);

for (const { id, title, asked, lines, counter, other, level, specs } of [
  {
    id: 'nack-pli',
    title: 'A key frame asked for by PLI',
    asked: 'nack pli',
    lines: /^a=rtcp-fb:\S+ (?:nack|ccm fir)$/,
    counter: 'pliCount',
    other: 'firCount',
    // RFC 8834, section 5.1.2: senders MUST react to it, receivers MAY send it
    level: 'should',
    specs: [avpf('6.3.1'), 'https://www.rfc-editor.org/rfc/rfc8834#section-5.1.2'],
  },
  {
    id: 'ccm-fir',
    title: 'A key frame asked for by FIR',
    asked: 'ccm fir',
    lines: /^a=rtcp-fb:\S+ nack(?: pli)?$/,
    counter: 'firCount',
    other: 'pliCount',
    level: 'should',
    specs: [
      'https://www.rfc-editor.org/rfc/rfc5104#section-4.3.1',
      'https://www.rfc-editor.org/rfc/rfc8834#section-5.1.1',
    ],
  },
] as const satisfies readonly { counter: Counter; other: Counter; [key: string]: unknown }[]) {
  scenario(
    {
      ...videoOverWire,
      id: `codecs/feedback/${id}`,
      version: 2,
      title,
      asks: `Where only "${asked}" is agreed on, does the receiver use it to ask for a key frame after a loss, and does the picture go on?`,
      level,
      specs: [...specs, avpf('4.2')],
      // A receiver that cannot ask for packets still waits three seconds for them.
      timeoutMs: 20_000,
    },
    async (pair) =>
      overWire(pair, { withoutCodecs: ['rtx', 'red', 'ulpfec'], withoutLines: lines }, async (wire) => {
        const said = await sendVideo(pair);
        const agreed = vp8Feedback(said.answer);
        expect(agreed, 'the feedback in the answer').to.include(asked);
        expect(agreed, 'the feedback in the answer').to.not.include('nack');
        const loss = await loseOnePacket(pair, wire, said);
        expect(loss.risen('nackCount'), 'packets asked for though NACK is not agreed on').to.equal(0);
        expect(loss.risen(counter), `${counter} after the loss`).to.be.at.least(1);
        expect(loss.risen(other), `${other}, which is not agreed on`).to.equal(0);
        expect(await heardBy(pair.offerer, counter), `${counter} of the sender`).to.be.at.least(1);
        expect(loss.risen('keyFramesDecoded'), 'key frames after the loss').to.be.at.least(1);
        expectPicture(pair, loss.received, [320, 240], afterLoss);
      }),
  );
}

scenario(
  {
    ...videoOverWire,
    id: 'codecs/feedback/transport-cc',
    version: 2,
    title: 'Transport-wide feedback',
    asks: 'Is transport-cc agreed on, does the receiver send such feedback, and is the picture right?',
    level: 'should',
    specs: [transportWideDraft, avpf('4.2')],
  },
  async (pair) =>
    overWire(pair, {}, async (wire) => {
      const { offer, answer } = await sendVideo(pair);
      expect(vp8Feedback(offer), 'the feedback in the offer').to.include('transport-cc');
      expect(vp8Feedback(answer), 'the feedback in the answer').to.include('transport-cc');
      const received = await receiveVideo(pair.answerer);
      const count = wire.rtcp('answerer').filter(isTransportWide).length;
      expect(count, 'packets of transport-wide feedback').to.be.at.least(1);
      expectPicture(pair, received);
      pair.measure('transport-wide feedback', count, 'packets');
    }),
);

scenario(
  {
    ...videoOverWire,
    id: 'codecs/feedback/goog-remb',
    version: 2,
    title: 'REMB alone',
    asks: 'Where REMB is offered and transport-wide feedback is not, is REMB agreed on, and does no transport-wide feedback arrive?',
    level: 'info',
    specs: ['https://datatracker.ietf.org/doc/html/draft-alvestrand-rmcat-remb-03', avpf('4.2')],
  },
  async (pair) =>
    overWire(
      pair,
      { withoutLines: /^a=(?:rtcp-fb:\S+ transport-cc|extmap:\S+ \S+transport-wide-cc)/ },
      async (wire) => {
        const { answer } = await sendVideo(pair);
        expect(vp8Feedback(answer), 'the feedback in the answer').to.include('goog-remb');
        expect(vp8Feedback(answer), 'the feedback in the answer').to.not.include('transport-cc');
        const received = await receiveVideo(pair.answerer);
        const count = wire.rtcp('answerer').filter(isTransportWide).length;
        expect(count, 'packets of transport-wide feedback').to.equal(0);
        expectPicture(pair, received);
      },
    ),
);

scenario(
  {
    ...videoOverWire,
    id: 'codecs/feedback/none-agreed',
    version: 2,
    title: 'No feedback agreed on',
    asks: 'When the offer has no feedback, does the answer have none, and is the picture right?',
    level: 'must',
    specs: [avpf('4.2')],
  },
  async (pair) =>
    overWire(pair, { withoutLines: /^a=rtcp-fb:/ }, async (wire) => {
      const { answer } = await sendVideo(pair);
      expect(section(answer, 'video').rtcpFb ?? [], 'the feedback in the answer').to.deep.equal([]);
      const received = await receiveVideo(pair.answerer);
      expectPicture(pair, received);
      // Without any a=rtcp-fb line receivers may send feedback (RFC 4585, section 4.2), so it is counted but not judged.
      pair.trace('feedback', wire.rtcp('answerer').filter(isFeedback));
    }),
);

scenario(
  {
    ...videoOverWire,
    id: 'codecs/feedback/answer-takes-from-offer',
    version: 2,
    title: 'The answer takes its feedback from the offer',
    asks: 'When the offer has only NACK and unknown feedback, does the answer have NACK and nothing else for every codec?',
    level: 'must',
    specs: [avpf('4.2'), rtpUsage],
  },
  async (pair) =>
    overWire(
      pair,
      { withoutLines: /^a=rtcp-fb:\S+ (?!nack$)/, withLine: 'a=rtcp-fb:* x-nosuch' },
      async () => {
        const { answer } = await sendVideo(pair);
        const video = section(answer, 'video');
        expect(vp8Feedback(answer), 'the feedback in the answer').to.deep.equal(['nack']);
        expect(
          [...new Set((video.rtcpFb ?? []).map(({ type, subtype }) => [type, subtype].join(' ').trim()))],
          'all feedback in the answer',
        ).to.deep.equal(['nack']);
        expectPicture(pair, await receiveVideo(pair.answerer));
      },
    ),
);

scenario(
  {
    ...videoOverWire,
    id: 'codecs/feedback/key-frame-missed',
    version: 2,
    title: 'The first key frame is lost',
    asks: 'Where the first packets of a video are lost, does the receiver ask for another key frame, and does the picture arrive?',
    // as with PLI: receivers MAY send it
    level: 'should',
    specs: [avpf('6.3.1'), 'https://www.rfc-editor.org/rfc/rfc8834#section-5.1.2'],
  },
  async (pair) =>
    overWire(pair, { withoutCodecs: ['rtx', 'red', 'ulpfec'] }, async (wire) => {
      wire.lose(({ padding }) => !padding && wire.lost.length < 8);
      await sendVideo(pair);
      const received = await receiveVideo(pair.answerer);
      const { pliCount = 0, firCount = 0, keyFramesDecoded = 0 } = received.inbound;
      expect(wire.lost.length, 'packets of video that were lost on the way').to.equal(8);
      expect(pliCount + firCount, 'key frames that the receiver asked for').to.be.at.least(1);
      expect(keyFramesDecoded, 'key frames that were decoded').to.be.at.least(1);
      expectPicture(pair, received);
    }),
);

for (const { id, title, asks, side, method } of [
  {
    id: 'key-frame-asked',
    title: 'A key frame requested by the receiving application',
    asks: 'When the receiver calls sendKeyFrameRequest(), does it ask for a key frame, and is one delivered?',
    side: 'answerer',
    method: 'sendKeyFrameRequest',
  },
  {
    id: 'key-frame-generated',
    title: 'A key frame requested by the sending application',
    asks: 'When the sender calls generateKeyFrame(), does the receiver decode a key frame that it has not asked for?',
    side: 'offerer',
    method: 'generateKeyFrame',
  },
] as const) {
  const transform = ['RTCRtpScriptTransform', `worker:RTCRtpScriptTransformer.prototype.${method}`];
  scenario(
    {
      ...videoOverWire,
      id: `codecs/feedback/${id}`,
      version: 2,
      title,
      asks,
      level: 'should',
      specs: [keyFrameSpec],
      needs: { ...videoOverWire.needs, [side]: [...videoOverWire.needs[side], ...transform] },
    },
    async (pair) =>
      overWire(pair, {}, async () => {
        await addVideo(pair.offerer);
        await pair[side].run(({ connection: { pc }, codecs }) => {
          for (const sender of pc.getSenders()) codecs.prepareKeyFrame(sender);
          pc.addEventListener('track', ({ receiver }) => codecs.prepareKeyFrame(receiver));
        });
        await exchange(pair);
        const { inbound: before } = await receiveVideo(pair.answerer, { stretchMs: 0 });
        await pair[side].run(({ codecs }) => codecs.askForKeyFrame());
        const after = await pair.answerer.run(
          ({ connection }, decoded) =>
            connection.stats<RTCInboundRtpStreamStats>(
              'inbound-rtp',
              ({ kind, keyFramesDecoded = 0 }) => kind === 'video' && keyFramesDecoded > decoded,
              'inbound-rtp to count another key frame',
            ),
          before.keyFramesDecoded ?? 0,
        );
        const asked = ({ pliCount = 0, firCount = 0 }: RTCInboundRtpStreamStats) => pliCount + firCount;
        const times = expect(asked(after) - asked(before), 'key frames that the receiver asked for').to;
        if (side === 'answerer') times.be.at.least(1);
        else times.equal(0);
        expectPicture(pair, await receiveVideo(pair.answerer));
      }),
  );
}
