import { expect } from 'chai';
import { single } from '../scenario.ts';
import { captured, capturedLarge } from '../steps/bounds.ts';
import { expectPicture } from '../steps/picture.ts';
import { canvasNeeds, captureOfCanvas, showCanvas } from './steps.ts';

for (const { width, height } of [
  { width: 101, height: 77 },
  { width: 1920, height: 1080 },
]) {
  const size = `${String(width)}x${String(height)}`;
  single(
    {
      id: `dom-capture/canvas-shape/size-${size}`,
      version: 2,
      title: `${size} pixels`,
      asks: `Is a captured canvas of ${size} pixels shown at its own size and in its own colours?`,
      level: 'must',
      specs: [captureOfCanvas],
      needs: canvasNeeds,
    },
    async (context) => {
      const [ms, bounds] = width > 1000 ? [3000, capturedLarge] : [1000, captured];
      const shown = await showCanvas(context.peer, { canvas: { width, height }, ms });
      expectPicture(context, shown, { size: [width, height], bounds });
    },
  );
}

single(
  {
    id: 'dom-capture/canvas-shape/size-1x1',
    title: 'One pixel',
    asks: 'Does a canvas of one pixel give a picture of one pixel in its colour?',
    level: 'must',
    timeoutMs: 5000,
    specs: [captureOfCanvas],
    needs: canvasNeeds,
  },
  async ({ peer }) => {
    const seen = await peer.run(async ({ media }) => {
      const { canvas } = media.canvas({ width: 1, height: 1 });
      const context = canvas.getContext('2d');
      if (!context) throw new Error('the canvas gives no 2d context');
      context.fillStyle = 'rgb(220 30 30)';
      context.fillRect(0, 0, 1, 1);
      const [track] = canvas.captureStream(30).getVideoTracks();
      if (!track) throw new Error('canvas.captureStream() gave no video track');
      const watcher = media.watch(track);
      const { width, height } = await watcher.until('a frame', ({ frames }) => frames > 0);
      const copy = document.createElement('canvas').getContext('2d');
      copy?.drawImage(watcher.video, 0, 0);
      return { size: [width, height], colour: [...(copy?.getImageData(0, 0, 1, 1).data ?? [])] };
    });
    expect(seen.size, 'the size of the picture').to.deep.equal([1, 1]);
    for (const [channel, value] of [220, 30, 30].entries()) {
      expect(seen.colour[channel], `channel ${String(channel)} of its colour`).to.be.closeTo(
        value,
        captured.colourError,
      );
    }
  },
);

single(
  {
    id: 'dom-capture/canvas-shape/resized',
    version: 2,
    title: 'Resized while captured',
    asks: 'Does the captured track follow a canvas that changes its size?',
    level: 'must',
    specs: [captureOfCanvas],
    needs: canvasNeeds,
  },
  async (context) => {
    const { before, after } = await context.peer.run(async ({ media }) => {
      const source = media.canvas({ width: 160, height: 120 });
      source.draw();
      const { track } = source.capture(30);
      source.animate(15);
      const watcher = media.watch(track);
      const before = await watcher.until('3 frames of the first size', ({ risen }) => risen >= 3);
      source.canvas.width = 240;
      source.canvas.height = 180;
      const resizedAt = source.draw();
      await watcher.until(
        'a readable frame after the change',
        ({ last }) => (last?.code?.number ?? 0) >= resizedAt + 2,
      );
      return { before, after: await watcher.shown() };
    });
    expect([before.width, before.height], 'the size before').to.deep.equal([160, 120]);
    expectPicture(context, after, { size: [240, 180], bounds: captured });
  },
);

const placements = {
  'not-in-document': { title: 'Not in the document', canvas: { attached: false } },
  'display-none': { title: 'display: none', canvas: { style: 'display: none' } },
  'visibility-hidden': { title: 'visibility: hidden', canvas: { style: 'visibility: hidden' } },
  'scrolled-away': {
    title: 'Far outside the window',
    canvas: { style: 'position: absolute; left: -5000px' },
  },
} as const;

for (const [name, { title, canvas }] of Object.entries(placements)) {
  single(
    {
      id: `dom-capture/canvas-shape/${name}`,
      version: 2,
      title,
      asks: `Is a canvas captured even though nobody sees it (${title})?`,
      level: 'must',
      specs: [captureOfCanvas],
      needs: canvasNeeds,
    },
    async (context) =>
      expectPicture(context, await showCanvas(context.peer, { canvas }), {
        size: [160, 120],
        bounds: captured,
      }),
  );
}

single(
  {
    id: 'dom-capture/canvas-shape/alpha',
    title: 'Transparency',
    asks: 'What becomes of transparent pixels, and are opaque ones beside them right?',
    level: 'info',
    specs: [captureOfCanvas],
    needs: canvasNeeds,
  },
  async ({ peer, frame, measure }) => {
    const { reading, picture, alpha } = await peer.run(async ({ media }) => {
      const source = media.canvas();
      const drawWithHole = () => {
        source.draw();
        // the greys from the middle one on become transparent
        source.canvas.getContext('2d')?.clearRect(100, 60, 60, 60);
      };
      drawWithHole();
      const { track } = source.capture(30);
      const timer = setInterval(drawWithHole, 50);
      const watcher = media.watch(track);
      const { last } = await watcher.until('3 new frames', ({ risen }) => risen >= 3);
      clearInterval(timer);
      const pixels = new OffscreenCanvas(160, 120).getContext('2d');
      pixels?.drawImage(watcher.video, 0, 0);
      const alpha = pixels?.getImageData(130, 90, 1, 1).data[3] ?? -1;
      return { reading: last, picture: watcher.picture(), alpha };
    });
    frame('captured', picture);
    for (const [index, value] of [220, 30, 30].entries()) {
      expect(
        reading?.colours['red']?.[index],
        `channel ${String(index)} of the opaque red field`,
      ).to.be.closeTo(value, captured.colourError);
    }
    measure('alpha of a transparent pixel', alpha, '1');
  },
);
