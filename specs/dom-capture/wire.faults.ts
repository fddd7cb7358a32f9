import { fault } from '../fault.ts';
import { captureNothing, captureUnasked, silence } from './breakages.ts';

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
  scenario: 'dom-capture/wire/relay',
  name: 'the second capture stays empty',
  on: 'answerer',
  page: captureNothing,
  expect: { status: 'timeout', phase: 'media', reason: /answerer.*a live video track/ },
});
