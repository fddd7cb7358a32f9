/* oxlint-disable typescript/unbound-method -- a fault calls what it replaces by Reflect.apply, with its own `this` */
import { startedLate } from '../breakages/sound.ts';
import { fault } from '../fault.ts';

for (const name of ['size-1280x720', 'size-odd', 'size-64x48']) {
  fault({
    scenario: `codecs/motion/${name}`,
    name: 'the sender keeps its first track',
    on: 'offerer',
    page: () => {
      RTCRtpSender.prototype.replaceTrack = () => Promise.resolve();
    },
    expect: { status: 'timeout', phase: 'media', reason: /a readable picture of \d+×\d+/ },
    timeoutMs: 8000,
  });
}

fault({
  scenario: 'codecs/motion/size-change',
  name: 'the canvas grows no wider',
  on: 'offerer',
  page: () => {
    const width = Object.getOwnPropertyDescriptor(HTMLCanvasElement.prototype, 'width') ?? {};
    Object.defineProperty(HTMLCanvasElement.prototype, 'width', {
      ...width,
      set(this: HTMLCanvasElement, value: number) {
        if (value <= 320) width.set?.call(this, value);
      },
    });
  },
  expect: { status: 'timeout', phase: 'media', reason: /a readable picture of 384×240.*320×240/s },
});

for (const side of [16, 8, 4, 2]) {
  fault({
    scenario: `codecs/motion/size-${side}x${side}`,
    name: 'the canvas is twice as wide',
    on: 'offerer',
    page: () => {
      const width = Object.getOwnPropertyDescriptor(HTMLCanvasElement.prototype, 'width') ?? {};
      Object.defineProperty(HTMLCanvasElement.prototype, 'width', {
        ...width,
        set(this: HTMLCanvasElement, value: number) {
          width.set?.call(this, value * 2);
        },
      });
    },
    expect: { status: 'fail', phase: 'assert', reason: /the size of the picture/ },
  });
}

fault({
  scenario: 'codecs/motion/size-16x16',
  name: 'the colour stays as it was',
  on: 'offerer',
  page: () => {
    const style = Object.getOwnPropertyDescriptor(CanvasRenderingContext2D.prototype, 'fillStyle');
    Object.defineProperty(CanvasRenderingContext2D.prototype, 'fillStyle', {
      set(this: CanvasRenderingContext2D, value: string) {
        style?.set?.call(this, value === 'rgb(30 180 30)' ? 'rgb(220 30 30)' : value);
      },
    });
  },
  expect: { status: 'timeout', phase: 'media', reason: /a picture whose mean is 30 180 30.*mean 2\d\d/s },
});

fault({
  scenario: 'codecs/motion/size-1x1',
  name: 'the answerer cannot read frames',
  on: 'answerer',
  page: () => {
    Reflect.deleteProperty(HTMLVideoElement.prototype, 'requestVideoFrameCallback');
  },
  expect: {
    status: 'unsupported',
    phase: 'launch',
    reason: /answerer chromium has no HTMLVideoElement.prototype.requestVideoFrameCallback/,
  },
});

for (const rotation of [90, 180, 270]) {
  fault({
    scenario: `codecs/motion/rotation-${rotation}`,
    name: 'frames do not say that they are to be turned',
    on: 'offerer',
    page: () => {
      globalThis.VideoFrame = new Proxy(VideoFrame, {
        construct: (target, [image, { timestamp = 0 }]: [CanvasImageSource, VideoFrameInit]) =>
          new target(image, { timestamp }),
      });
    },
    expect: { status: 'timeout', phase: 'media', reason: /3 new frames.*, 0 readable/s },
  });
}

fault({
  scenario: 'codecs/motion/frame-rate',
  name: 'the sender sends 6 frames a second',
  on: 'offerer',
  page: () => {
    const { addTransceiver } = RTCPeerConnection.prototype;
    RTCPeerConnection.prototype.addTransceiver = function (track, init) {
      return Reflect.apply(addTransceiver, this, [track, { ...init, sendEncodings: [{ maxFramerate: 6 }] }]);
    };
  },
  expect: { status: 'fail', phase: 'assert', reason: /frames shown of those drawn/ },
  timeoutMs: 20_000,
});

fault({
  scenario: 'codecs/motion/black-source',
  name: 'the source turns grey',
  on: 'offerer',
  page: () => {
    const style = Object.getOwnPropertyDescriptor(CanvasRenderingContext2D.prototype, 'fillStyle');
    Object.defineProperty(CanvasRenderingContext2D.prototype, 'fillStyle', {
      set(this: CanvasRenderingContext2D, value: string) {
        style?.set?.call(this, value === 'rgb(0 0 0)' ? 'rgb(90 90 90)' : value);
      },
    });
  },
  expect: { status: 'timeout', phase: 'media', reason: /a picture that is black.*plain/s },
});

fault({
  scenario: 'codecs/motion/frozen-source',
  name: 'nothing else comes either',
  on: 'offerer',
  page: (kit) =>
    kit.onSend(({ data, send }) => {
      if (data === 'frozen') kit.bit();
      else send(data);
    }),
  expect: { status: 'timeout', phase: 'sctp', reason: /a message on data channel "beside"/ },
});

fault({
  scenario: 'codecs/motion/frozen-source',
  name: 'the source stands still for good',
  on: 'offerer',
  page: (kit) =>
    kit.onSend(({ data, send }) => {
      if (data === 'frozen') CanvasRenderingContext2D.prototype.fillRect = () => kit.bit();
      send(data);
    }),
  expect: { status: 'timeout', phase: 'media', reason: /a picture that is moving.*frozen/s },
});

fault({
  scenario: 'codecs/motion/silent-source',
  name: 'the tone goes on',
  on: 'offerer',
  page: () => {
    const value = Object.getOwnPropertyDescriptor(AudioParam.prototype, 'value') ?? {};
    Object.defineProperty(AudioParam.prototype, 'value', {
      ...value,
      set(this: AudioParam, wanted: number) {
        if (wanted !== 0) value.set?.call(this, wanted);
      },
    });
  },
  expect: { status: 'timeout', phase: 'media', reason: /silence.*"frequency":4[34]/s },
  timeoutMs: 5000,
});

fault({
  scenario: 'codecs/motion/lip-sync',
  name: 'the beep comes 400 ms after its flash',
  on: 'offerer',
  page: startedLate,
  arg: { ms: 400 },
  expect: {
    status: 'timeout',
    phase: 'media',
    reason: /sound and picture in step.*sound (?:-?\d+, )*-?[345]\d\d/s,
  },
  timeoutMs: 6000,
});
