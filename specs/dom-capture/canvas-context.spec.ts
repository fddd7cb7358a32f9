import { single } from '../scenario.ts';
import { captured } from '../steps/bounds.ts';
import { expectPicture } from '../steps/picture.ts';
import { canvasNeeds, captureOfCanvas, showCanvas } from './steps.ts';

const contexts = {
  '2d': { title: '2d', needs: ['canvas:2d'] },
  webgl: { title: 'WebGL', needs: ['canvas:webgl'] },
  webgl2: { title: 'WebGL 2', needs: ['canvas:webgl2'] },
  webgpu: { title: 'WebGPU', needs: ['canvas:webgpu', 'webgpu:adapter'] },
  bitmaprenderer: { title: 'bitmap renderer', needs: ['canvas:bitmaprenderer', 'OffscreenCanvas'] },
  worker: {
    title: 'OffscreenCanvas in a worker',
    needs: ['HTMLCanvasElement.prototype.transferControlToOffscreen', 'Worker'],
  },
} as const;

for (const kind of ['2d', 'webgl', 'webgl2', 'webgpu', 'bitmaprenderer', 'worker'] as const) {
  const { title, needs } = contexts[kind];
  single(
    {
      id: `dom-capture/canvas-context/${kind}`,
      version: 2,
      title: `Canvas: ${title}`,
      asks: `Does the captured track of a canvas (${title}) show what is drawn on it?`,
      level: 'must',
      specs: [captureOfCanvas],
      needs: [...canvasNeeds, ...needs],
    },
    async (context) =>
      expectPicture(context, await showCanvas(context.peer, { canvas: { kind } }), {
        size: [160, 120],
        bounds: captured,
      }),
  );
}
