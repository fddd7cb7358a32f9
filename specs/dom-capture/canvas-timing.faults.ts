import { fault } from '../fault.ts';
import { captureAnother, captureUnasked } from './breakages.ts';

for (const name of ['rate-not-given', 'rate-30']) {
  fault({
    scenario: `dom-capture/canvas-timing/${name}`,
    name: 'another canvas is captured',
    on: 'single',
    page: captureAnother,
    expect: { status: 'timeout', phase: 'media', reason: /new frames.*0 readable/ },
    timeoutMs: 2500,
  });
}

fault({
  scenario: 'dom-capture/canvas-timing/rate-5',
  // a busy machine could not be made to send more frames, but its clock can be made to go slower
  name: 'frames come five times as often, by the clock of the page',
  on: 'single',
  page: () => {
    const now = performance.now.bind(performance);
    Performance.prototype.now = () => now() / 5;
  },
  expect: { status: 'fail', phase: 'assert', reason: /new frames a second/ },
  timeoutMs: 15_000,
});

fault({
  scenario: 'dom-capture/canvas-timing/rate-negative',
  name: 'any rate is taken',
  on: 'single',
  page: captureUnasked,
  expect: { status: 'fail', phase: 'assert', reason: /what captureStream\(-1\) gives/ },
});

fault({
  scenario: 'dom-capture/canvas-timing/still',
  name: 'the canvas is painted over and over with what it shows',
  on: 'single',
  page: () => {
    const { captureStream } = HTMLCanvasElement.prototype;
    HTMLCanvasElement.prototype.captureStream = function (...rate) {
      const context = this.getContext('2d');
      setInterval(() => context?.fillRect(0, 0, 1, 1), 30);
      return captureStream.apply(this, rate);
    };
  },
  expect: { status: 'fail', phase: 'assert', reason: /frames while nothing changed/ },
});

fault({
  scenario: 'dom-capture/canvas-timing/rate-0-first-frame',
  name: 'frames are sent without a request',
  on: 'single',
  page: captureUnasked,
  expect: { status: 'fail', phase: 'assert', reason: /numbers of the frames that were seen/ },
});

fault({
  scenario: 'dom-capture/canvas-timing/request-frame',
  name: 'frames are sent without a request',
  on: 'single',
  page: captureUnasked,
  expect: { status: 'fail', phase: 'assert', reason: /frames that nobody asked for/ },
});

fault({
  scenario: 'dom-capture/canvas-timing/request-frame-on-track',
  name: 'the track has no requestFrame()',
  on: 'single',
  page: () => {
    Reflect.deleteProperty(CanvasCaptureMediaStreamTrack.prototype, 'requestFrame');
  },
  expect: { status: 'fail', phase: 'assert', reason: /the captured track/ },
});
