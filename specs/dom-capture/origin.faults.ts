import { fault } from '../fault.ts';
import { captureNothing, captureRegardless } from './breakages.ts';

fault({
  scenario: 'dom-capture/origin/tainted-canvas-refused',
  name: 'taint is ignored',
  on: 'single',
  page: captureRegardless,
  expect: { status: 'fail', phase: 'assert', reason: /what captureStream\(\) gives while tainted/ },
});

for (const name of ['resized-stays-tainted', 'reset-stays-tainted']) {
  fault({
    scenario: `dom-capture/origin/${name}`,
    name: 'taint is ignored',
    on: 'single',
    pair: ['firefox', 'firefox'],
    page: captureRegardless,
    expect: { status: 'fail', phase: 'assert', reason: /what captureStream\(\) gives after/ },
  });
}

fault({
  scenario: 'dom-capture/origin/clean-again',
  name: 'taint is ignored',
  on: 'single',
  page: captureRegardless,
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /of a foreign bitmap and of another: expected \[ 'a stream/,
  },
});

fault({
  scenario: 'dom-capture/origin/tainted-later-stops-frames',
  name: 'the foreign picture does not taint',
  on: 'single',
  page: () => {
    const { drawImage } = CanvasRenderingContext2D.prototype;
    // the scenario draws the foreign picture into a box; the code that reads frames back uses no box
    CanvasRenderingContext2D.prototype.drawImage = function (...args: unknown[]) {
      if (args.length < 5) Reflect.apply(drawImage, this, args);
    };
  },
  expect: { status: 'fail', phase: 'assert', reason: /drawn after the canvas was tainted/ },
});

fault({
  scenario: 'dom-capture/origin/tainted-later-mutes',
  name: 'every track is muted',
  on: 'single',
  page: () => {
    Object.defineProperty(MediaStreamTrack.prototype, 'muted', { get: () => true });
  },
  expect: { status: 'fail', phase: 'assert', reason: /muted while the canvas was clean/ },
});

fault({
  scenario: 'dom-capture/origin/foreign-audio-protected',
  name: 'the capture gives a sound',
  on: 'single',
  page: () => {
    Object.defineProperty(HTMLMediaElement.prototype, 'captureStream', {
      value() {
        const context = new AudioContext();
        const destination = context.createMediaStreamDestination();
        const oscillator = context.createOscillator();
        oscillator.connect(destination);
        oscillator.start();
        return destination.stream;
      },
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /the loudest that was heard/ },
});

fault({
  scenario: 'dom-capture/origin/foreign-video-protected',
  name: 'the capture shows a picture',
  on: 'single',
  page: () => {
    Object.defineProperty(HTMLMediaElement.prototype, 'captureStream', {
      value() {
        const canvas = document.createElement('canvas');
        const context = canvas.getContext('2d');
        setInterval(() => {
          if (context) context.fillStyle = 'white';
          context?.fillRect(0, 0, 300, 150);
        }, 50);
        return canvas.captureStream(30);
      },
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /frames that are not black/ },
});

fault({
  scenario: 'dom-capture/origin/foreign-video-with-cors',
  name: 'the capture is empty',
  on: 'single',
  page: captureNothing,
  expect: { status: 'timeout', phase: 'media', reason: /a live video track/ },
});
