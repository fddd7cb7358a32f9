import { fault } from '../fault.ts';

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
