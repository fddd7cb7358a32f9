import { captureOf, playbackRate } from '../breakages/capture.ts';
import { deaf } from '../breakages/states.ts';
import { fault } from '../fault.ts';
import { captureNothing } from './breakages.ts';

const neverPause = (): void => {
  HTMLMediaElement.prototype.pause = () => undefined;
};

fault({
  scenario: 'dom-capture/element-play/pause-and-go-on',
  name: 'the element plays on',
  on: 'single',
  page: neverPause,
  expect: { status: 'fail', phase: 'assert', reason: /other frames that were shown while paused/ },
});

fault({
  scenario: 'dom-capture/element-play/pause-is-silent',
  name: 'the element plays on',
  on: 'single',
  page: neverPause,
  expect: { status: 'timeout', phase: 'media', reason: /for silence/ },
});

fault({
  scenario: 'dom-capture/element-play/pause-mutes-tracks',
  name: 'the element plays on',
  on: 'single',
  // Chromium's tracks are not muted even without the fault
  pair: ['firefox', 'firefox'],
  page: neverPause,
  expect: { status: 'fail', phase: 'assert', reason: /muted while it is paused/ },
});

fault({
  scenario: 'dom-capture/element-play/seek',
  name: 'the element does not seek',
  on: 'single',
  page: () => {
    const time = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'currentTime');
    Object.defineProperty(HTMLMediaElement.prototype, 'currentTime', { ...time, set: () => undefined });
  },
  expect: { status: 'timeout', phase: 'media', reason: /the element to have sought/ },
  timeoutMs: 5000,
});

fault({
  scenario: 'dom-capture/element-play/rate-2',
  name: 'the captured stream stays empty',
  on: 'single',
  page: captureNothing,
  expect: { status: 'timeout', phase: 'media', reason: /a live video track/ },
});

fault({
  scenario: 'dom-capture/element-play/muted-is-heard',
  name: 'a muted element is captured silent',
  on: 'single',
  page: () => {
    const capture: unknown = Reflect.get(HTMLMediaElement.prototype, 'captureStream');
    Object.defineProperty(HTMLMediaElement.prototype, 'captureStream', {
      value(this: HTMLMediaElement) {
        const stream: unknown = typeof capture === 'function' ? Reflect.apply(capture, this, []) : undefined;
        if (stream instanceof MediaStream) {
          for (const track of stream.getAudioTracks()) track.enabled = !this.muted;
        }
        return stream;
      },
    });
  },
  expect: { status: 'timeout', phase: 'media', reason: /a tone of 440 Hz/ },
});

fault({
  scenario: 'dom-capture/element-play/low-volume-is-heard',
  name: 'an element at a low volume is captured silent',
  on: 'single',
  page: () => {
    const capture: unknown = Reflect.get(HTMLMediaElement.prototype, 'captureStream');
    Object.defineProperty(HTMLMediaElement.prototype, 'captureStream', {
      value(this: HTMLMediaElement) {
        const stream: unknown = typeof capture === 'function' ? Reflect.apply(capture, this, []) : undefined;
        if (stream instanceof MediaStream) {
          for (const track of stream.getAudioTracks()) track.enabled = this.volume === 1;
        }
        return stream;
      },
    });
  },
  expect: { status: 'timeout', phase: 'media', reason: /a tone of 440 Hz/ },
});

fault({
  scenario: 'dom-capture/element-play/loop',
  name: 'the element does not loop',
  on: 'single',
  page: () => {
    Object.defineProperty(HTMLMediaElement.prototype, 'loop', { get: () => false, set: () => undefined });
  },
  expect: { status: 'timeout', phase: 'media', reason: /the beginning again/ },
});

fault({
  scenario: 'dom-capture/element-play/end',
  name: 'nobody is told that tracks were removed',
  on: 'single',
  page: () => {
    const { addEventListener } = EventTarget.prototype;
    MediaStream.prototype.addEventListener = function (this: MediaStream, type: string, ...rest: unknown[]) {
      if (type !== 'removetrack') Reflect.apply(addEventListener, this, [type, ...rest]);
    };
  },
  expect: { status: 'fail', phase: 'assert', reason: /what events told/ },
});

fault({
  scenario: 'dom-capture/element-play/new-source',
  name: 'the second source is not taken',
  on: 'single',
  pair: ['firefox', 'firefox'],
  page: () => {
    const src = Object.getOwnPropertyDescriptor(HTMLMediaElement.prototype, 'src');
    Object.defineProperty(HTMLMediaElement.prototype, 'src', {
      ...src,
      set(this: HTMLMediaElement, value: string) {
        if (!value.includes('vp9')) src?.set?.call(this, value);
      },
    });
  },
  expect: { status: 'timeout', phase: 'media', reason: /a new video track/ },
});

fault({
  scenario: 'dom-capture/element-play/new-source-events',
  name: 'nobody is told that tracks were added',
  on: 'single',
  pair: ['firefox', 'firefox'],
  page: () => {
    const { addEventListener } = EventTarget.prototype;
    MediaStream.prototype.addEventListener = function (this: MediaStream, type: string, ...rest: unknown[]) {
      if (type !== 'addtrack') Reflect.apply(addEventListener, this, [type, ...rest]);
    };
  },
  expect: { status: 'fail', phase: 'assert', reason: /what events told/ },
});

fault({
  scenario: 'dom-capture/element-play/play-again',
  name: 'the element plays once only',
  on: 'single',
  page: () => {
    const { play } = HTMLMediaElement.prototype;
    const played = new WeakSet<HTMLMediaElement>();
    HTMLMediaElement.prototype.play = function () {
      if (this.src !== '' && played.has(this)) return Promise.resolve();
      played.add(this);
      return play.call(this);
    };
  },
  expect: { status: 'timeout', phase: 'media', reason: /a live video track/ },
});

fault({
  scenario: 'dom-capture/element-play/rate-2',
  name: 'the element does not take another rate',
  on: 'single',
  page: deaf,
  arg: { on: 'HTMLMediaElement', name: 'playbackRate' },
  expect: { status: 'fail', phase: 'assert', reason: /playbackRate of the element while it plays/ },
});

fault({
  scenario: 'dom-capture/element-play/rate-2',
  name: 'the element keeps its rate, and says nothing of it',
  on: 'single',
  page: (kit) => {
    const said = new WeakMap<HTMLMediaElement, number>();
    kit.property(HTMLMediaElement.prototype, 'playbackRate', {
      get: (element, rate) => said.get(element) ?? rate,
      set(element, rate) {
        said.set(element, Number(rate));
        kit.bit();
      },
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /seconds that the element went on in a second/ },
});

fault({
  scenario: 'dom-capture/element-play/rate-1',
  name: 'the element plays a little faster',
  on: 'single',
  page: playbackRate,
  arg: { factor: 1.05 },
  expect: { status: 'fail', phase: 'assert', reason: /playbackRate of the element while it plays/ },
});

fault({
  scenario: 'dom-capture/element-play/rate-1',
  name: 'the element plays at half of its rate, and says nothing of it',
  on: 'single',
  page: (kit) => {
    kit.wrap(HTMLMediaElement.prototype, 'play', (element, args: unknown[], play) => {
      element.playbackRate /= 2;
      Object.defineProperty(element, 'playbackRate', { configurable: true, value: 1 });
      kit.bit();
      return play(...args);
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /frame rate of the file as shown/ },
});

for (const scenario of ['two-captures', 'two-captures-sound']) {
  fault({
    scenario: `dom-capture/element-play/${scenario}`,
    name: 'both captures are one',
    on: 'single',
    page: captureOf,
    arg: { on: 'HTMLMediaElement', how: 'same' },
    expect: { status: 'fail', phase: 'assert', reason: /whether the two captures are one stream/ },
  });
}

for (const [scenario, name] of [
  ['muted-is-heard', 'muted'],
  ['low-volume-is-heard', 'volume'],
] as const) {
  fault({
    scenario: `dom-capture/element-play/${scenario}`,
    name: `the element does not take ${name}`,
    on: 'single',
    page: deaf,
    arg: { on: 'HTMLMediaElement', name },
    expect: { status: 'fail', phase: 'assert', reason: /how the element stood while its sound was captured/ },
  });
}
