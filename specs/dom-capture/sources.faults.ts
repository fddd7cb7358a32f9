import { fault } from '../fault.ts';
import { drawWrong } from './breakages.ts';

const ignoreConstraints = (): void => {
  const { getUserMedia } = MediaDevices.prototype;
  MediaDevices.prototype.getUserMedia = function () {
    return getUserMedia.call(this, { video: true });
  };
};

fault({
  scenario: 'dom-capture/sources/camera',
  name: 'constraints are ignored',
  on: 'single',
  page: ignoreConstraints,
  expect: { status: 'fail', phase: 'assert', reason: /the size of the picture/ },
});

fault({
  scenario: 'dom-capture/sources/apply-constraints',
  name: 'constraints are ignored',
  on: 'single',
  page: () => {
    MediaStreamTrack.prototype.applyConstraints = () => Promise.resolve();
  },
  expect: { status: 'fail', phase: 'assert', reason: /the size after/ },
});

fault({
  scenario: 'dom-capture/sources/device-id',
  name: 'every track has an id of its own',
  on: 'single',
  page: () => {
    const { getSettings } = MediaStreamTrack.prototype;
    MediaStreamTrack.prototype.getSettings = function () {
      return { ...getSettings.call(this), deviceId: this.id };
    };
    // otherwise getUserMedia would find no device with that id
    const { getUserMedia } = MediaDevices.prototype;
    MediaDevices.prototype.getUserMedia = function () {
      return getUserMedia.call(this, { video: true });
    };
  },
  expect: { status: 'fail', phase: 'assert', reason: /the camera that was asked for by it/ },
});

fault({
  scenario: 'dom-capture/sources/microphone',
  name: 'the microphone is off',
  on: 'single',
  page: () => {
    const { getUserMedia } = MediaDevices.prototype;
    MediaDevices.prototype.getUserMedia = async function (constraints) {
      const stream = await getUserMedia.call(this, constraints);
      for (const track of stream.getTracks()) track.enabled = false;
      return stream;
    };
  },
  expect: { status: 'timeout', phase: 'media', reason: /a sound/ },
  timeoutMs: 4000,
});

fault({
  scenario: 'dom-capture/sources/denied-by-policy',
  name: 'the policy is not kept',
  on: 'single',
  page: () => {
    Object.defineProperty(HTMLIFrameElement.prototype, 'allow', { set: () => undefined });
  },
  expect: { status: 'fail', phase: 'assert', reason: /gives for camera and microphone/ },
});

fault({
  scenario: 'dom-capture/sources/display',
  name: 'the screen is black',
  on: 'single',
  page: () => {
    const { getDisplayMedia } = MediaDevices.prototype;
    MediaDevices.prototype.getDisplayMedia = async function (constraints) {
      const stream = await getDisplayMedia.call(this, constraints);
      for (const track of stream.getTracks()) track.enabled = false;
      return stream;
    };
  },
  expect: { status: 'fail', phase: 'assert', reason: /the brightness of the picture/ },
});

fault({
  scenario: 'dom-capture/sources/clone',
  name: 'a clone is its original',
  on: 'single',
  page: () => {
    MediaStreamTrack.prototype.clone = function () {
      return this;
    };
  },
  expect: { status: 'timeout', phase: 'media', reason: /3 more frames of the clone/ },
  timeoutMs: 3000,
});

fault({
  scenario: 'dom-capture/sources/track-processor',
  name: 'the canvas is drawn in the wrong colours',
  on: 'single',
  page: drawWrong,
  expect: { status: 'fail', phase: 'assert', reason: /largest colour error/ },
});

fault({
  scenario: 'dom-capture/sources/track-processor',
  name: 'every frame is given twice',
  on: 'single',
  page: () => {
    const { pipeTo } = ReadableStream.prototype;
    ReadableStream.prototype.pipeTo = function (this: ReadableStream<VideoFrame>, ...to) {
      const twice = new TransformStream<VideoFrame, VideoFrame>({
        transform(frame, controller) {
          controller.enqueue(frame.clone());
          controller.enqueue(frame);
        },
      });
      return Reflect.apply(pipeTo, this.pipeThrough(twice), to);
    };
  },
  expect: { status: 'fail', phase: 'assert', reason: /different ones of 5 frames/ },
});

fault({
  scenario: 'dom-capture/sources/track-generator',
  name: 'the generator shows what it was made of',
  on: 'single',
  page: () => {
    const { enqueue } = TransformStreamDefaultController.prototype;
    let drawn = 0;
    TransformStreamDefaultController.prototype.enqueue = function (frame: VideoFrame) {
      const canvas = new OffscreenCanvas(320, 240);
      const context = canvas.getContext('2d');
      // the first of the page's canvases is the one that is written, the second the one that it replaces
      const [, shown] = document.querySelectorAll('canvas');
      if (shown) context?.drawImage(shown, 0, 0);
      drawn += 1;
      enqueue.call(this, new VideoFrame(canvas, { timestamp: frame.timestamp + drawn }));
    };
  },
  expect: { status: 'fail', phase: 'assert', reason: /the lowest frame number/ },
});

fault({
  scenario: 'dom-capture/sources/impossible-constraint',
  name: 'constraints are ignored',
  on: 'single',
  page: ignoreConstraints,
  expect: { status: 'fail', phase: 'assert', reason: /what getUserMedia gives/ },
});

fault({
  scenario: 'dom-capture/sources/web-audio',
  name: 'both tones come from the left',
  on: 'single',
  page: () => {
    const { connect } = AudioNode.prototype;
    Reflect.set(AudioNode.prototype, 'connect', function (this: AudioNode, ...args: unknown[]) {
      const onlyLeft = this instanceof OscillatorNode ? args.slice(0, 1) : args;
      return Reflect.apply(connect, this, onlyLeft) as unknown;
    });
  },
  expect: { status: 'timeout', phase: 'media', reason: /440 Hz on the left and 1000 Hz on the right/ },
});

fault({
  scenario: 'dom-capture/sources/track-disabled',
  name: 'a track cannot be disabled',
  on: 'single',
  page: () => {
    Object.defineProperty(MediaStreamTrack.prototype, 'enabled', { get: () => true, set: () => undefined });
  },
  expect: { status: 'timeout', phase: 'media', reason: /a black frame/ },
});

fault({
  scenario: 'dom-capture/sources/content-hint',
  name: 'any hint is kept',
  on: 'single',
  page: () => {
    Object.defineProperty(MediaStreamTrack.prototype, 'contentHint', { value: '', writable: true });
  },
  expect: { status: 'fail', phase: 'assert', reason: /what the track keeps/ },
});
