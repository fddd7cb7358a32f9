import { effectLate } from '../breakages/states.ts';
import { fault } from '../fault.ts';
import { captureAnother, captureNothing, captureUnasked, drawWrong, silence } from './breakages.ts';

fault({
  scenario: 'dom-capture/wire/element-picture-and-tone',
  name: 'the captured sound is silent',
  on: 'offerer',
  page: silence,
  expect: { status: 'timeout', phase: 'media', reason: /answerer.*a tone of 440 Hz/ },
});

fault({
  scenario: 'dom-capture/wire/request-frame',
  name: 'frames are sent without a request',
  on: 'offerer',
  page: captureUnasked,
  expect: { status: 'fail', phase: 'assert', reason: /frames that nobody asked for/ },
  timeoutMs: 12_000,
});

fault({
  scenario: 'dom-capture/wire/canvas-resized',
  name: 'the canvas keeps its size',
  on: 'offerer',
  page: () => {
    const width = Object.getOwnPropertyDescriptor(HTMLCanvasElement.prototype, 'width');
    Object.defineProperty(HTMLCanvasElement.prototype, 'width', {
      ...width,
      set(this: HTMLCanvasElement, value: number) {
        if (value !== 480) width?.set?.call(this, value);
      },
    });
  },
  expect: { status: 'timeout', phase: 'media', reason: /twice as wide as high/ },
});

fault({
  scenario: 'dom-capture/wire/stopped-and-removed',
  name: 'stop() stops nothing',
  on: 'offerer',
  page: () => {
    MediaStreamTrack.prototype.stop = () => undefined;
  },
  expect: { status: 'fail', phase: 'assert', reason: /the newest frame seen/ },
  timeoutMs: 12_000,
});

fault({
  scenario: 'dom-capture/wire/stopped-and-removed',
  name: 'the track is not removed',
  on: 'offerer',
  page: () => {
    RTCPeerConnection.prototype.removeTrack = () => undefined;
  },
  expect: { status: 'timeout', phase: 'media', reason: /the received track to be muted/ },
});

fault({
  scenario: 'dom-capture/wire/replaces-camera',
  name: 'the camera stays',
  on: 'offerer',
  page: () => {
    RTCRtpSender.prototype.replaceTrack = () => Promise.resolve();
  },
  expect: { status: 'timeout', phase: 'media', reason: /5 new frames of the canvas/ },
});

fault({
  scenario: 'dom-capture/wire/replaces-camera',
  name: 'the track is replaced late',
  on: 'offerer',
  page: effectLate,
  arg: { on: 'RTCRtpSender', name: 'replaceTrack', ms: 2500 },
  expect: { status: 'fail', phase: 'assert', reason: /time to 5 frames of the canvas/ },
});

fault({
  scenario: 'dom-capture/wire/relay',
  name: 'the second capture stays empty',
  on: 'answerer',
  page: captureNothing,
  expect: { status: 'timeout', phase: 'media', reason: /answerer.*a live video track/ },
});

for (const name of ['canvas-webgl', 'canvas-worker']) {
  fault({
    scenario: `dom-capture/wire/${name}`,
    name: 'another canvas is captured',
    on: 'offerer',
    page: captureAnother,
    expect: { status: 'timeout', phase: 'media', reason: /answerer.*3 new frames.*0 readable/ },
    timeoutMs: 3000,
  });
}

for (const name of ['canvas-bitmaprenderer', 'odd-size', 'generated']) {
  fault({
    scenario: `dom-capture/wire/${name}`,
    name: 'red is drawn as green',
    on: 'offerer',
    page: drawWrong,
    expect: { status: 'fail', phase: 'assert', reason: /largest colour error/ },
  });
}

fault({
  scenario: 'dom-capture/wire/still',
  name: 'red is drawn as green',
  on: 'offerer',
  // nothing is received from Chromium even without the fault
  pair: ['firefox', 'chromium'],
  page: drawWrong,
  expect: { status: 'fail', phase: 'assert', reason: /largest colour error/ },
});

fault({
  scenario: 'dom-capture/wire/hidden-page',
  name: 'nothing is drawn while the page is hidden',
  on: 'offerer',
  pair: ['firefox', 'chromium'],
  page: () => {
    const { fillRect } = CanvasRenderingContext2D.prototype;
    CanvasRenderingContext2D.prototype.fillRect = function (...box) {
      if (document.visibilityState === 'visible') fillRect.apply(this, box);
    };
  },
  expect: { status: 'timeout', phase: 'media', reason: /drawn while the page was hidden/ },
});

fault({
  scenario: 'dom-capture/wire/audio-file',
  name: 'the captured sound is silent',
  on: 'offerer',
  page: silence,
  expect: { status: 'timeout', phase: 'media', reason: /answerer.*a tone of 440 Hz/ },
  timeoutMs: 4000,
});

fault({
  scenario: 'dom-capture/wire/recorded',
  name: 'the recording has no picture of it',
  on: 'answerer',
  page: () => {
    const { start } = MediaRecorder.prototype;
    MediaRecorder.prototype.start = function (...slice) {
      for (const track of this.stream.getVideoTracks()) track.enabled = false;
      start.apply(this, slice);
    };
  },
  expect: { status: 'timeout', phase: 'media', reason: /3 new frames of the recording/ },
  timeoutMs: 8000,
});
