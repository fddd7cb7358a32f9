import { fault } from '../fault.ts';

fault({
  scenario: 'dom-capture/canvas/2d-captured-and-received',
  name: 'the canvas is drawn in the wrong colours',
  on: 'offerer',
  page: () => {
    const style = Object.getOwnPropertyDescriptor(CanvasRenderingContext2D.prototype, 'fillStyle');
    Object.defineProperty(CanvasRenderingContext2D.prototype, 'fillStyle', {
      get: () => '',
      set(this: CanvasRenderingContext2D, value: string) {
        style?.set?.call(this, value.startsWith('rgb(220 30 30') ? 'rgb(30 220 30)' : value);
      },
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /largest colour error/ },
});

fault({
  scenario: 'dom-capture/canvas/2d-captured-and-received',
  name: 'the capture is black',
  on: 'offerer',
  page: () => {
    CanvasRenderingContext2D.prototype.fillRect = () => undefined;
  },
  expect: { status: 'timeout', phase: 'media', reason: /3 new frames.*0 readable/s },
});
