import { fault } from '../fault.ts';
import { captureAnother, drawWrong } from './breakages.ts';

for (const kind of ['2d', 'webgl', 'webgl2', 'bitmaprenderer', 'worker']) {
  fault({
    scenario: `dom-capture/canvas-context/${kind}`,
    name: 'another canvas is captured',
    on: 'single',
    page: captureAnother,
    expect: { status: 'timeout', phase: 'media', reason: /3 new frames.*0 readable/ },
    timeoutMs: 2500,
  });
}

for (const kind of ['2d', 'bitmaprenderer']) {
  fault({
    scenario: `dom-capture/canvas-context/${kind}`,
    name: 'red is drawn as green',
    on: 'single',
    page: drawWrong,
    expect: { status: 'fail', phase: 'assert', reason: /largest colour error/ },
  });
}

fault({
  scenario: 'dom-capture/canvas-context/webgpu',
  // also the only way to see the scenario fail where there is no adapter: the probe finds this one
  name: 'the adapter gives no device',
  on: 'single',
  page: () => {
    Reflect.set(GPU.prototype, 'requestAdapter', () =>
      Promise.resolve({ requestDevice: () => Promise.reject(new Error('no device')) }),
    );
  },
  expect: { status: 'timeout', phase: 'media', reason: /3 new frames.*0 readable/ },
  timeoutMs: 2500,
});
