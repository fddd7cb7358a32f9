import { fault } from '../fault.ts';

const timeoutMs = 12_000;

/** The canvas is captured at a third of the rate at which it is drawn. */
const aThirdOfTheRate = (): void => {
  const { captureStream } = HTMLCanvasElement.prototype;
  HTMLCanvasElement.prototype.captureStream = function (rate = 60) {
    return captureStream.call(this, rate / 6);
  };
};

for (const scenario of ['dom-capture/canvas-context/2d', 'dom-capture/canvas-timing/rate-not-given']) {
  fault({
    scenario,
    name: 'the capture has two frames a second',
    on: 'single',
    page: () => {
      const { captureStream } = HTMLCanvasElement.prototype;
      HTMLCanvasElement.prototype.captureStream = function () {
        return captureStream.call(this, 2);
      };
    },
    // a gap of half a second lies exactly on its bound, which is checked first
    expect: { status: 'fail', phase: 'assert', reason: /frames shown of those drawn|longest gap/ },
    timeoutMs,
  });
}

fault({
  scenario: 'dom-capture/canvas-timing/rate-30',
  name: 'the capture has a third of the frames',
  on: 'single',
  page: () => {
    const { captureStream } = HTMLCanvasElement.prototype;
    HTMLCanvasElement.prototype.captureStream = function (rate = 30) {
      return captureStream.call(this, rate / 3);
    };
  },
  expect: { status: 'fail', phase: 'assert', reason: /new frames a second/ },
  timeoutMs,
});

fault({
  scenario: 'dom-capture/canvas/2d-captured-and-received',
  name: 'the capture has a third of the frames',
  on: 'offerer',
  page: aThirdOfTheRate,
  expect: { status: 'fail', phase: 'assert', reason: /frames shown of those drawn/ },
  timeoutMs,
});

fault({
  scenario: 'dom-capture/canvas-shape/size-101x77',
  name: 'a picture of half the lines and columns is blown up',
  on: 'single',
  page: () => {
    const { captureStream } = HTMLCanvasElement.prototype;
    HTMLCanvasElement.prototype.captureStream = function (...rate) {
      const small = new OffscreenCanvas(this.width / 2, this.height / 2);
      const blownUp = Object.assign(document.createElement('canvas'), {
        width: this.width,
        height: this.height,
      });
      setInterval(() => {
        small.getContext('2d')?.drawImage(this, 0, 0, small.width, small.height);
        blownUp.getContext('2d')?.drawImage(small, 0, 0, blownUp.width, blownUp.height);
      }, 25);
      return captureStream.apply(blownUp, rate);
    };
  },
  expect: { status: 'fail', phase: 'assert', reason: /detail: expected/ },
  timeoutMs,
});

fault({
  scenario: 'dom-capture/canvas-timing/request-frame',
  name: 'one request gives two frames',
  on: 'single',
  page: () => {
    const { requestFrame } = CanvasCaptureMediaStreamTrack.prototype;
    CanvasCaptureMediaStreamTrack.prototype.requestFrame = function () {
      requestFrame.call(this);
      setTimeout(() => {
        requestFrame.call(this);
        this.canvas.getContext('2d')?.fillRect(0, 0, 1, 1);
      }, 100);
    };
  },
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /(?:one for each request|frames that nobody asked for)/,
  },
  timeoutMs,
});

fault({
  scenario: 'dom-capture/element-source/file-webm-vp8',
  name: 'the captured sound has gaps',
  on: 'single',
  page: () => {
    const prototype: object = HTMLMediaElement.prototype;
    const capture: unknown = Reflect.get(prototype, 'captureStream');
    Object.defineProperty(prototype, 'captureStream', {
      value(this: HTMLMediaElement) {
        const stream: unknown = typeof capture === 'function' ? Reflect.apply(capture, this, []) : undefined;
        let count = 0;
        setInterval(() => {
          count += 1;
          if (!(stream instanceof MediaStream)) return;
          for (const track of stream.getAudioTracks()) track.enabled = count % 3 > 0;
        }, 120);
        return stream;
      },
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /silence: expected/ },
  timeoutMs,
});

fault({
  scenario: 'dom-capture/sources/web-audio',
  name: 'each channel has 70 % of the other',
  on: 'single',
  page: () => {
    const { connect } = AudioNode.prototype;
    Reflect.set(
      AudioNode.prototype,
      'connect',
      function (this: AudioNode, ...args: [AudioNode, number?, number?]) {
        const [to, , channel = 0] = args;
        if (this instanceof OscillatorNode && to instanceof ChannelMergerNode) {
          const part = new GainNode(this.context, { gain: 0.7 });
          Reflect.apply(connect, this, [part]);
          Reflect.apply(connect, part, [to, 0, 1 - channel]);
        }
        return Reflect.apply(connect, this, args) as unknown;
      },
    );
  },
  expect: { status: 'fail', phase: 'assert', reason: /(?:lead over any other tone|heard level)/ },
  timeoutMs,
});
