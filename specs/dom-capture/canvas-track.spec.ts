import { expect } from 'chai';
import { single } from '../scenario.ts';
import { captured } from '../steps/bounds.ts';
import { expectPicture } from '../steps/picture.ts';
import { canvasNeeds, captureOfCanvas, fromElement } from './steps.ts';

single(
  {
    id: 'dom-capture/canvas-track/two-captures',
    version: 2,
    title: 'Two captures of one canvas',
    asks: 'Do two captures of one canvas both show it, and does one go on when the other is stopped?',
    level: 'must',
    specs: [captureOfCanvas],
    needs: canvasNeeds,
  },
  async (context) => {
    const { first, second, firstState } = await context.peer.run(async ({ media }) => {
      const source = media.canvas();
      source.draw();
      const { track: one } = source.capture(30);
      const { track: two } = source.capture(30);
      source.animate(10);
      const watchers = [media.watch(one), media.watch(two)] as const;
      await watchers[1].until('3 frames of the second capture', ({ risen }) => risen >= 3);
      const first = await watchers[0].shown();
      one.stop();
      const stoppedAt = source.number;
      await watchers[1].until(
        '3 frames of the second capture after the first was stopped',
        ({ last }) => (last?.code?.number ?? 0) >= stoppedAt + 3,
      );
      return { first, second: await watchers[1].shown(), firstState: one.readyState };
    });
    expectPicture(context, first, { bounds: captured });
    expectPicture(context, second, { bounds: captured });
    expect(firstState, 'the state of the track that was stopped').to.equal('ended');
  },
);

single(
  {
    id: 'dom-capture/canvas-track/clone-outlives-stop',
    version: 2,
    title: 'A clone outlives its original',
    asks: 'Does a stopped captured track end without an event and show nothing new, while its clone goes on?',
    level: 'must',
    specs: [
      'https://www.w3.org/TR/mediacapture-streams/#dom-mediastreamtrack-clone',
      'https://www.w3.org/TR/mediacapture-streams/#dom-mediastreamtrack-stop',
    ],
    needs: canvasNeeds,
  },
  async (context) => {
    const seen = await context.peer.run(async ({ media }) => {
      const source = media.canvas();
      source.draw();
      const { track: original } = source.capture(30);
      let endedEvents = 0;
      original.addEventListener('ended', () => (endedEvents += 1));
      source.animate(10);
      const stopped = media.watch(original);
      await stopped.until('3 frames of the original', ({ risen }) => risen >= 3);
      const clone = original.clone();
      original.stop();
      const stoppedAt = source.number;
      const watcher = media.watch(clone);
      await watcher.until(
        '3 frames of the clone after the stop',
        ({ last }) => (last?.code?.number ?? 0) >= stoppedAt + 3,
      );
      const shown = await watcher.shown();
      const late = stopped.seen.filter(({ code }) => (code?.number ?? 0) > stoppedAt).length;
      return { shown, late, endedEvents, original: original.readyState, clone: clone.readyState };
    });
    expectPicture(context, seen.shown, { bounds: captured });
    expect(seen.original, 'the state of the stopped track').to.equal('ended');
    expect(seen.clone, 'the state of the clone').to.equal('live');
    expect(seen.endedEvents, 'ended events that stop() fired').to.equal(0);
    expect(seen.late, 'frames that the stopped track showed of those drawn afterwards').to.be.at.most(1);
  },
);

single(
  {
    id: 'dom-capture/canvas-track/canvas-attribute',
    title: 'A captured track knows its canvas',
    asks: 'Is `canvas` of a captured track the canvas that it captures?',
    level: 'must',
    specs: [fromElement('dom-canvascapturemediastreamtrack-canvas')],
    needs: canvasNeeds,
  },
  async ({ peer }) => {
    const knows = await peer.run(({ media }) => {
      const sources = [media.canvas(), media.canvas()];
      return sources.map((source) => {
        const named: unknown = Reflect.get(source.capture(30).track, 'canvas');
        return named instanceof HTMLCanvasElement ? named === source.canvas : String(named);
      });
    });
    expect(knows, 'whether the tracks of two canvases name the right one').to.deep.equal([true, true]);
  },
);

single(
  {
    id: 'dom-capture/canvas-track/context-restored',
    version: 2,
    title: 'WebGL context lost and restored',
    asks: 'Does the captured track show new frames again after the WebGL context has been lost and restored?',
    level: 'should',
    specs: [captureOfCanvas, 'https://www.khronos.org/registry/webgl/extensions/WEBGL_lose_context/'],
    needs: [...canvasNeeds, 'canvas:webgl'],
  },
  async (context) => {
    const { shown, state } = await context.peer.run(async ({ media, waitFor }) => {
      const source = media.canvas({ kind: 'webgl' });
      source.draw();
      const { track } = source.capture(30);
      source.animate(10);
      const watcher = media.watch(track);
      await watcher.until('3 frames', ({ risen }) => risen >= 3);
      const gl = source.canvas.getContext('webgl');
      const extension = gl?.getExtension('WEBGL_lose_context');
      // a lost context can be restored only if the default action of its loss was prevented
      source.canvas.addEventListener('webglcontextlost', (event) => event.preventDefault());
      const waitUntil = (lost: boolean, event: string) =>
        waitFor({
          name: event,
          phase: 'media',
          probe: () => gl?.isContextLost() === lost,
          triggers: [{ on: source.canvas, events: [event] }],
        });
      extension?.loseContext();
      await waitUntil(true, 'webglcontextlost');
      await media.meanwhile(2);
      extension?.restoreContext();
      await waitUntil(false, 'webglcontextrestored');
      const restoredAt = source.number;
      await watcher.until(
        '3 new frames after the context was restored',
        ({ last }) => (last?.code?.number ?? 0) >= restoredAt + 3,
      );
      return { shown: await watcher.shown(), state: track.readyState };
    });
    expect(state, 'the state of the track').to.equal('live');
    expectPicture(context, shown, { bounds: captured });
  },
);
