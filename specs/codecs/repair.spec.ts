import { expect } from 'chai';
import { scenario } from '../scenario.ts';
import { audioReceiver, audioSender, hearTones } from './audio-steps.ts';
import { loseOnePacket, sendTone, sendVideo, videoOverWire } from './repair-steps.ts';
import { formats, payloadTypes, section } from './sdp.ts';
import { bothNegotiate, expectPicture, receiveVideo } from './steps.ts';
import { afterLoss, overLosses } from '../steps/bounds.ts';
import { overWire } from './wire.ts';

const { needs, signaling } = videoOverWire;
const withCodecs = (...codecs: string[]) => ({
  offerer: [...needs.offerer, ...codecs.map((codec) => `codec:${codec}:send`)],
  answerer: [...needs.answerer, ...codecs.map((codec) => `codec:${codec}:receive`)],
});
/** Feedback that asks for a packet again: without it, forward error correction is the only repair. */
const nack = /^a=rtcp-fb:\S+ nack$/;
const fecSpec = 'https://www.rfc-editor.org/rfc/rfc8854#section-5';

scenario(
  {
    id: 'codecs/repair/rtx',
    version: 2,
    title: 'Retransmission by RTX',
    asks: 'Is RTX agreed on for VP8, and is a lost packet sent again by it, so that no key frame is needed?',
    // RFC 8834, section 6.1: receivers have to accept it, senders need not use it
    level: 'should',
    specs: [
      'https://www.rfc-editor.org/rfc/rfc4588#section-8.6',
      'https://www.rfc-editor.org/rfc/rfc8834#section-6.1',
    ],
    needs: withCodecs('video/rtx'),
    signaling,
  },
  async (pair) =>
    overWire(pair, { withoutCodecs: ['red', 'ulpfec'] }, async (wire) => {
      const said = await sendVideo(pair);
      const agreed = formats(section(said.answer, 'video'));
      const vp8 = agreed.find(({ mimeType }) => mimeType === 'video/VP8');
      expect(
        agreed.filter(({ mimeType }) => mimeType === 'video/rtx').map(({ sdpFmtpLine }) => sdpFmtpLine),
        'RTX in the answer',
      ).to.include(`apt=${vp8?.payloadType}`);
      const loss = await loseOnePacket(pair, wire, said);
      expect(loss.risen('nackCount'), 'packets that the receiver asked for').to.be.at.least(1);
      expect(loss.retransmissions, 'packets of RTX after the loss').to.be.at.least(1);
      expect(loss.timesSent, 'times that the lost packet was sent as it was').to.equal(1);
      expect(loss.risen('keyFramesDecoded'), 'key frames that were needed after the loss').to.equal(0);
      expectPicture(pair, loss.received, [320, 240], afterLoss);
      pair.measure('packets asked for', loss.risen('nackCount'), 'packets');
    }),
);

scenario(
  {
    id: 'codecs/repair/rtx-left-out',
    version: 2,
    title: 'RTX left out of the offer',
    asks: 'When the offer has no RTX, does the answer have none, and does the picture go on after a lost packet all the same?',
    level: 'must',
    specs: ['https://www.rfc-editor.org/rfc/rfc3264#section-6.1', 'https://www.rfc-editor.org/rfc/rfc4585'],
    needs,
    signaling,
  },
  async (pair) =>
    overWire(pair, { withoutCodecs: ['rtx', 'red', 'ulpfec'] }, async (wire) => {
      const said = await sendVideo(pair);
      const video = section(said.answer, 'video');
      expect(payloadTypes(video, 'rtx'), 'RTX in the answer').to.deep.equal([]);
      const loss = await loseOnePacket(pair, wire, said);
      const agreed = formats(video).map(({ payloadType }) => payloadType);
      const sent = new Set(wire.rtp('offerer').map(({ payloadType }) => payloadType));
      expect(agreed, 'the agreed payload types').to.include.members([...sent]);
      expectPicture(pair, loss.received, [320, 240], afterLoss);
      pair.measure('times that the lost packet was sent', loss.timesSent, '1');
      pair.measure('key frames after the loss', loss.risen('keyFramesDecoded'), 'frames');
    }),
);

for (const { id, title, codecs, carrier, specs } of [
  {
    id: 'red-ulpfec',
    title: 'ULPFEC in RED',
    codecs: ['video/red', 'video/ulpfec'],
    carrier: 'red',
    specs: ['https://www.rfc-editor.org/rfc/rfc5109#section-14', 'https://www.rfc-editor.org/rfc/rfc2198'],
  },
  {
    id: 'flexfec',
    title: 'FlexFEC',
    codecs: ['video/flexfec-03'],
    carrier: 'flexfec-03',
    specs: [
      'https://www.rfc-editor.org/rfc/rfc8627',
      'https://datatracker.ietf.org/doc/html/draft-ietf-payload-flexible-fec-scheme-03',
    ],
  },
] as const) {
  scenario(
    {
      id: `codecs/repair/${id}`,
      version: 2,
      title,
      asks: `Is ${title} agreed on and used, and does the picture go on despite lost packets that nobody can ask for again?`,
      level: 'should',
      specs: [...specs, fecSpec],
      needs: withCodecs(...codecs),
      signaling,
      // The first loss costs three seconds: only then does the sender know that packets are lost.
      timeoutMs: 20_000,
    },
    async (pair) => {
      const others = ['rtx', 'red', 'ulpfec', 'flexfec-03'].filter(
        (name) => !codecs.some((codec) => codec === `video/${name}`),
      );
      await overWire(pair, { withoutCodecs: others, withoutLines: nack }, async (wire) => {
        const video = section((await sendVideo(pair)).answer, 'video');
        const agreed = formats(video).map(({ mimeType }) => mimeType);
        expect(agreed, 'the codecs of the answer').to.include.members([...codecs]);
        await receiveVideo(pair.answerer, { stretchMs: 0 });
        let packets = 0;
        wire.lose(({ padding }) => !padding && (packets += 1) % 10 === 0);
        const before = await pair.answerer.run(({ connection }) =>
          connection.stats<RTCInboundRtpStreamStats>(
            'inbound-rtp',
            ({ kind, keyFramesDecoded = 0 }) => kind === 'video' && keyFramesDecoded >= 2,
            'inbound-rtp to count a key frame after the first loss',
          ),
        );
        const lostBefore = wire.lost.length;
        const received = await receiveVideo(pair.answerer, { frames: 20 });
        const carriers = payloadTypes(video, carrier);
        expect(
          wire.rtp('offerer').filter(({ payloadType }) => carriers.includes(payloadType)).length,
          `packets of ${carrier}`,
        ).to.be.at.least(10);
        expect(
          wire.lost.length - lostBefore,
          'packets that were lost while the picture went on',
        ).to.be.at.least(3);
        expect(
          (received.inbound.keyFramesDecoded ?? 0) - (before.keyFramesDecoded ?? 0),
          'key frames that were needed meanwhile',
        ).to.equal(0);
        expectPicture(pair, received, [320, 240], overLosses);
        pair.measure('packets made good for', wire.lost.length - lostBefore, 'packets');
      });
    },
  );
}

scenario(
  {
    id: 'codecs/repair/red-ulpfec-left-out',
    version: 2,
    title: 'RED and ULPFEC left out of the offer',
    asks: 'When the offer has neither RED nor ULPFEC, does the answer have neither, and does video arrive without them?',
    level: 'must',
    specs: ['https://www.rfc-editor.org/rfc/rfc3264#section-6.1', fecSpec],
    needs,
    signaling,
  },
  async (pair) =>
    overWire(pair, { withoutCodecs: ['red', 'ulpfec', 'flexfec-03'] }, async (wire) => {
      const video = section((await sendVideo(pair)).answer, 'video');
      expect(payloadTypes(video, 'red', 'ulpfec', 'flexfec-03'), 'RED and FEC in the answer').to.deep.equal(
        [],
      );
      const received = await receiveVideo(pair.answerer);
      const agreed = payloadTypes(video, 'vp8', 'rtx');
      const sent = new Set(wire.rtp('offerer').map(({ payloadType }) => payloadType));
      expect(agreed, 'the payload types of VP8 and RTX').to.include.members([...sent]);
      expectPicture(pair, received);
    }),
);

scenario(
  {
    id: 'codecs/repair/flexfec-left-out',
    version: 2,
    title: 'FlexFEC offered by another kind of endpoint',
    asks: 'Where the offer has FlexFEC, with a source of its own, does an answerer that does not claim it leave it out, and is the picture right?',
    level: 'must',
    specs: [
      'https://www.rfc-editor.org/rfc/rfc8627#section-6',
      'https://www.rfc-editor.org/rfc/rfc3264#section-6.1',
    ],
    needs,
  },
  async (pair) => {
    const claims = await pair.answerer.run(({ codecs }) =>
      (RTCRtpReceiver.getCapabilities('video')?.codecs ?? []).some((codec) =>
        codecs.is(codec, 'video/flexfec-03'),
      ),
    );
    await pair.answerer.run((agent) => void agent.connect());
    const offered = pair.offerer.run(async (agent) => {
      const connection = agent.connect({
        editsMayChangeNothing: true,
        outgoing: ({ type, sdp = '' }) => {
          if (sdp.includes(' flexfec-03/')) return { type, sdp };
          const isFree = (payloadType: number) => !sdp.includes(`a=rtpmap:${payloadType} `);
          const free = Array.from({ length: 32 }, (_, at) => 127 - at).find(isFree) ?? 0;
          const [source = '1'] = /(?<=^a=ssrc:)\d+/m.exec(sdp) ?? [];
          return {
            type,
            sdp: `${sdp
              .replace(/^m=video .*$/m, (line) => `${line} ${free}`)
              .replace(
                /^a=rtpmap:.*$/m,
                (line) =>
                  `a=rtpmap:${free} flexfec-03/90000\r\na=rtcp-fb:${free} goog-remb\r\na=fmtp:${free} repair-window=10000000\r\n${line}`,
              )}a=ssrc-group:FEC-FR ${source} 4242\r\na=ssrc:4242 cname:fec\r\n`,
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
    const agreed = payloadTypes(section(received.answer, 'video'), 'flexfec-03');
    expect(agreed.length, 'FlexFEC in the answer').to.equal(claims ? 1 : 0);
    expectPicture(pair, received);
  },
);

scenario(
  {
    id: 'codecs/repair/opus-fec',
    title: 'In-band FEC of Opus',
    asks: 'Where both sides say that they use in-band FEC and packets are lost, does the receiver get packets that repeat lost sound?',
    level: 'should',
    specs: [
      'https://www.rfc-editor.org/rfc/rfc8854#section-4.1',
      'https://www.rfc-editor.org/rfc/rfc7587#section-3.3',
    ],
    needs: {
      offerer: ['codec:audio/opus:send', ...audioSender],
      answerer: ['codec:audio/opus:receive', ...audioReceiver],
    },
    signaling,
    // A sender of sound is told of losses every few seconds.
    timeoutMs: 30_000,
  },
  async (pair) =>
    overWire(pair, {}, async (wire) => {
      await sendTone(pair);
      await hearTones(pair.answerer);
      let packets = 0;
      wire.lose(() => (packets += 1) % 5 === 0);
      const began = performance.now();
      const inbound = await pair.answerer.run(({ connection }) =>
        connection.stats<RTCInboundRtpStreamStats>(
          'inbound-rtp',
          ({ kind, fecPacketsReceived = 0 }) => kind === 'audio' && fecPacketsReceived >= 5,
          'inbound-rtp to count 5 packets with FEC',
        ),
      );
      pair.measure('time to FEC', performance.now() - began, 'ms');
      expect(inbound.fecPacketsReceived, 'packets with FEC').to.be.at.least(5);
    }),
);
