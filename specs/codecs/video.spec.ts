import { expect } from 'chai';
import { scenario } from '../scenario.ts';

scenario(
  {
    id: 'codecs/video/vp8',
    title: 'VP8',
    asks: 'Is VP8 agreed on when the offerer prefers it, and does the answerer decode the right picture?',
    level: 'must',
    specs: [
      'https://www.rfc-editor.org/rfc/rfc7742#section-5',
      'https://www.w3.org/TR/webrtc/#dom-rtcrtptransceiver-setcodecpreferences',
    ],
    needs: {
      offerer: [
        'codec:video/VP8:send',
        'RTCRtpTransceiver.prototype.setCodecPreferences',
        'HTMLCanvasElement.prototype.captureStream',
      ],
      answerer: ['codec:video/VP8:receive', 'HTMLVideoElement.prototype.requestVideoFrameCallback'],
    },
  },
  async ({ offerer, answerer, measure, frame }) => {
    await answerer.run((agent) => void agent.connect());
    await offerer.run(async (agent) => {
      const connection = agent.connect();
      const { track, stream } = agent.media.video();
      const transceiver = connection.pc.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
      const codecs = RTCRtpReceiver.getCapabilities('video')?.codecs ?? [];
      const isWanted = ({ mimeType }: RTCRtpCodec) => mimeType.toLowerCase() === 'video/vp8';
      transceiver.setCodecPreferences([
        ...codecs.filter(isWanted),
        ...codecs.filter((codec) => !isWanted(codec)),
      ]);
      await connection.negotiate();
    });
    const { report, codec, picture, firstInAnswer } = await answerer.run(async ({ connection, media }) => {
      const { track } = await connection.track('video');
      const watcher = media.watch(track);
      const seen = await watcher.until('30 new frames', ({ risen }) => risen >= 30);
      const inbound = await connection.stats<RTCInboundRtpStreamStats>(
        'inbound-rtp',
        ({ kind, framesDecoded = 0 }) => kind === 'video' && framesDecoded >= 30,
        'inbound-rtp to count 30 decoded frames',
      );
      const codecs = await connection.pc.getStats();
      const used: unknown = inbound.codecId === undefined ? undefined : codecs.get(inbound.codecId);
      const answer = connection.pc.localDescription?.sdp ?? '';
      const firstPayloadType = /^m=video \d+ \S+ (\d+)/m.exec(answer)?.[1] ?? '';
      return {
        report: seen,
        codec: used,
        picture: watcher.picture(),
        firstInAnswer: new RegExp(`^a=rtpmap:${firstPayloadType} (\\S+?)/`, 'm').exec(answer)?.[1],
      };
    });
    frame('received', picture);
    expect(firstInAnswer, 'the codec that heads the agreed m-line').to.equal('VP8');
    expect(codec, 'the codec that inbound-rtp names').to.include({ mimeType: 'video/VP8' });
    expect(report.backwards, 'frame numbers that fell').to.equal(0);
    expect(report.colourError, 'largest colour error, of 255').to.be.at.most(48);
    expect([report.width, report.height], 'the size of the picture').to.deep.equal([320, 240]);
    measure('time to first frame', report.firstFrameMs ?? 0, 'ms');
    measure('frame rate', report.framesPerSecond, 'fps');
    measure('end-to-end delay', report.delayMs ?? 0, 'ms');
  },
);
