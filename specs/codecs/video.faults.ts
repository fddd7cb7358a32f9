/* oxlint-disable typescript/unbound-method -- a fault calls what it replaces by Reflect.apply, with its own `this` */
import { failing } from '../breakages/states.ts';
import { scaled } from '../breakages/statistics.ts';
import { fault } from '../fault.ts';
import { videoConfigurations } from './catalogue.ts';

for (const { id, codec } of videoConfigurations) {
  for (const [group, side] of [
    ['video', 'receive'],
    ['video-back', 'send'],
  ] as const) {
    fault({
      scenario: `codecs/${group}/${id}`,
      name: `the answerer claims no codec to ${side}`,
      on: 'answerer',
      page: () => {
        RTCRtpSender.getCapabilities = () => ({ codecs: [], headerExtensions: [] });
        RTCRtpReceiver.getCapabilities = () => ({ codecs: [], headerExtensions: [] });
      },
      expect: {
        status: 'unsupported',
        phase: 'launch',
        reason: new RegExp(`answerer chromium has no codec:${codec}:${side}`),
      },
    });
  }
}

fault({
  scenario: 'codecs/video/vp8',
  name: 'the picture is drawn once and freezes',
  on: 'offerer',
  page: () => {
    const { fillRect } = CanvasRenderingContext2D.prototype;
    let frames = 0;
    CanvasRenderingContext2D.prototype.fillRect = function (...box) {
      if (box[2] === this.canvas.width && box[3] === this.canvas.height) frames += 1;
      if (frames === 1) Reflect.apply(fillRect, this, box);
    };
  },
  expect: { status: 'timeout', phase: 'media', reason: /3 new frames/ },
});

fault({
  scenario: 'codecs/video/vp8',
  name: 'statistics name half of the size',
  on: 'answerer',
  page: scaled,
  arg: { types: ['inbound-rtp'], members: ['frameWidth', 'frameHeight'], by: 0.5 },
  expect: { status: 'fail', phase: 'assert', reason: /the size that inbound-rtp names/ },
});

fault({
  scenario: 'codecs/video/vp8',
  name: 'statistics come 3 s late',
  on: 'answerer',
  page: failing,
  arg: { on: 'RTCPeerConnection', name: 'getStats', how: 'late' },
  expect: { status: 'fail', phase: 'assert', reason: /milliseconds for getStats at the answerer/ },
  timeoutMs: 40_000,
});

fault({
  scenario: 'codecs/video-back/vp8',
  name: 'the picture is black',
  on: 'answerer',
  page: () => {
    CanvasRenderingContext2D.prototype.fillRect = () => undefined;
  },
  expect: { status: 'timeout', phase: 'media', reason: /3 new frames.*, 0 readable/s },
});

fault({
  scenario: 'codecs/video/vp9-profile-0',
  name: 'the picture is drawn in the wrong colours',
  on: 'offerer',
  page: () => {
    const style = Object.getOwnPropertyDescriptor(CanvasRenderingContext2D.prototype, 'fillStyle');
    Object.defineProperty(CanvasRenderingContext2D.prototype, 'fillStyle', {
      set(this: CanvasRenderingContext2D, value: string) {
        style?.set?.call(this, value.startsWith('rgb(220 30 30') ? 'rgb(30 220 30)' : value);
      },
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /largest colour error/ },
});

fault({
  scenario: 'codecs/video/av1-profile-0',
  name: 'the picture is half as large',
  on: 'offerer',
  page: () => {
    const { addTransceiver } = RTCPeerConnection.prototype;
    RTCPeerConnection.prototype.addTransceiver = function (track, init) {
      return Reflect.apply(addTransceiver, this, [
        track,
        { ...init, sendEncodings: [{ scaleResolutionDownBy: 2 }] },
      ]);
    };
  },
  expect: { status: 'fail', phase: 'assert', reason: /the size of the picture.*160/s },
});

for (const id of ['vp9-profile-2', 'h264-42e01f-pm0']) {
  fault({
    scenario: `codecs/video/${id}`,
    name: 'the offerer prefers VP8',
    on: 'offerer',
    page: () => {
      const { setCodecPreferences } = RTCRtpTransceiver.prototype;
      RTCRtpTransceiver.prototype.setCodecPreferences = function (codecs) {
        const isVp8 = ({ mimeType }: RTCRtpCodec) => mimeType === 'video/VP8';
        const sorted = [...codecs].toSorted((a, b) => Number(isVp8(b)) - Number(isVp8(a)));
        Reflect.apply(setCodecPreferences, this, [sorted]);
      };
    },
    expect: { status: 'fail', phase: 'assert', reason: /the codec that heads the agreed m-line.*VP8/s },
  });
}

fault({
  scenario: 'codecs/video/vp8',
  name: 'VP8 is stripped from the offer',
  on: 'offerer',
  page: () => {
    const { setCodecPreferences } = RTCRtpTransceiver.prototype;
    RTCRtpTransceiver.prototype.setCodecPreferences = function (codecs) {
      const others = [...codecs].filter(({ mimeType }) => mimeType !== 'video/VP8');
      Reflect.apply(setCodecPreferences, this, [others]);
    };
  },
  expect: { status: 'fail', phase: 'assert', reason: /the codec that heads the agreed m-line/ },
});

fault({
  scenario: 'codecs/video/vp9-profile-2',
  name: 'the answer names another profile',
  on: 'answerer',
  page: (kit) =>
    kit.rewriteSdp({ at: 'said', type: 'answer' }, (text) => text.replaceAll('profile-id=2', 'profile-id=1')),
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /the codec that heads the agreed m-line.*profile-id=1/s,
  },
});
