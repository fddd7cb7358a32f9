import { fault } from '../fault.ts';

fault({
  scenario: 'codecs/video/vp8',
  name: 'the picture is drawn once and freezes',
  on: 'offerer',
  page: () => {
    const { fillRect } = CanvasRenderingContext2D.prototype;
    let calls = 0;
    CanvasRenderingContext2D.prototype.fillRect = function (...args) {
      if ((calls += 1) < 60) Reflect.apply(fillRect, this, args);
    };
  },
  expect: { status: 'timeout', phase: 'media', reason: /30 new frames/ },
});

fault({
  scenario: 'codecs/video/vp8',
  name: 'VP8 is stripped from the offer',
  on: 'offerer',
  page: () => {
    RTCRtpTransceiver.prototype.setCodecPreferences = new Proxy(
      RTCRtpTransceiver.prototype.setCodecPreferences,
      {
        apply: (target, self, [codecs]: [RTCRtpCodec[]]) =>
          Reflect.apply(target, self, [codecs.filter(({ mimeType }) => mimeType !== 'video/VP8')]),
      },
    );
  },
  expect: { status: 'fail', phase: 'assert', reason: /the codec that heads the agreed m-line/ },
});
