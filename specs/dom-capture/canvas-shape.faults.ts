import { fault } from '../fault.ts';
import { captureAnother, drawWrong } from './breakages.ts';

for (const name of [
  'size-101x77',
  'size-1920x1080',
  'resized',
  'not-in-document',
  'display-none',
  'visibility-hidden',
  'scrolled-away',
]) {
  fault({
    scenario: `dom-capture/canvas-shape/${name}`,
    name: 'another canvas is captured',
    on: 'single',
    page: captureAnother,
    expect: { status: 'timeout', phase: 'media', reason: /frames.*0 readable/ },
    timeoutMs: 2500,
  });
}

fault({
  scenario: 'dom-capture/canvas-shape/size-1x1',
  name: 'a larger canvas is captured',
  on: 'single',
  page: captureAnother,
  expect: { status: 'fail', phase: 'assert', reason: /the size of the picture/ },
});

fault({
  scenario: 'dom-capture/canvas-shape/resized',
  name: 'the canvas keeps its size',
  on: 'single',
  page: () => {
    const width = Object.getOwnPropertyDescriptor(HTMLCanvasElement.prototype, 'width');
    Object.defineProperty(HTMLCanvasElement.prototype, 'width', {
      ...width,
      set(this: HTMLCanvasElement, value: number) {
        if (this.width === 300 || value === 160) width?.set?.call(this, value);
      },
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /the size of the picture/ },
});

fault({
  scenario: 'dom-capture/canvas-shape/alpha',
  name: 'red is drawn as green',
  on: 'single',
  page: drawWrong,
  expect: { status: 'fail', phase: 'assert', reason: /of the opaque red field/ },
});
