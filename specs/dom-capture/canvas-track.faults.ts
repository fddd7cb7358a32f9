import { fault } from '../fault.ts';

fault({
  scenario: 'dom-capture/canvas-track/two-captures',
  name: 'both captures are one',
  on: 'single',
  page: () => {
    const { captureStream } = HTMLCanvasElement.prototype;
    const captures = new WeakMap<HTMLCanvasElement, MediaStream>();
    HTMLCanvasElement.prototype.captureStream = function (...rate) {
      const stream = captures.get(this) ?? captureStream.apply(this, rate);
      captures.set(this, stream);
      return stream;
    };
  },
  expect: { status: 'timeout', phase: 'media', reason: /second capture after the first was stopped/ },
});

fault({
  scenario: 'dom-capture/canvas-track/clone-outlives-stop',
  name: 'a clone is its original',
  on: 'single',
  page: () => {
    MediaStreamTrack.prototype.clone = function () {
      return this;
    };
  },
  expect: { status: 'timeout', phase: 'media', reason: /frames of the clone after the stop.*track ended/ },
});

fault({
  scenario: 'dom-capture/canvas-track/clone-outlives-stop',
  name: 'stop() stops nothing',
  on: 'single',
  page: () => {
    MediaStreamTrack.prototype.stop = () => undefined;
  },
  expect: { status: 'fail', phase: 'assert', reason: /the state of the stopped track/ },
});

fault({
  scenario: 'dom-capture/canvas-track/canvas-attribute',
  name: 'every track names the first canvas',
  on: 'single',
  page: () => {
    Object.defineProperty(CanvasCaptureMediaStreamTrack.prototype, 'canvas', {
      get: () => document.querySelector('canvas'),
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /name the right one/ },
});

fault({
  scenario: 'dom-capture/canvas-track/context-restored',
  name: 'the context is never restored',
  on: 'single',
  page: () => {
    const { getExtension } = WebGLRenderingContext.prototype;
    Reflect.set(
      WebGLRenderingContext.prototype,
      'getExtension',
      function (this: WebGLRenderingContext, name: string) {
        const extension: unknown = Reflect.apply(getExtension, this, [name]);
        if (extension instanceof Object) Reflect.set(extension, 'restoreContext', () => undefined);
        return extension;
      },
    );
  },
  expect: { status: 'timeout', phase: 'media', reason: /webglcontextrestored/ },
});
