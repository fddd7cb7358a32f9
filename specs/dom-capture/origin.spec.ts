import { expect } from 'chai';
import { single } from '../scenario.ts';
import { captured } from '../steps/bounds.ts';
import { expectFrame, expectPicture } from '../steps/picture.ts';
import {
  canvasNeeds,
  captureOfCanvas,
  captureOfElement,
  elementNeeds,
  fromElement,
  ofFile,
} from './steps.ts';

const [elementCapture] = elementNeeds;
const security = fromElement('security-considerations');
const originClean = 'https://html.spec.whatwg.org/multipage/canvas.html#security-with-canvas-elements';

single(
  {
    id: 'dom-capture/origin/tainted-canvas-refused',
    title: 'A tainted canvas is not captured',
    asks: 'Does captureStream() of a canvas with a cross-origin picture on it throw a SecurityError?',
    level: 'must',
    specs: [captureOfCanvas, security, originClean],
    needs: canvasNeeds,
  },
  async ({ peer }) => {
    const outcome = await peer.run(async ({ media }) => {
      const { canvas } = media.canvas();
      const clean = media.captureOutcome(canvas);
      const video = await media.element('video');
      video.src = media.url('vp8-opus.webm', { foreign: true });
      await media.presented(video);
      canvas.getContext('2d')?.drawImage(video, 0, 0);
      return { clean, tainted: media.captureOutcome(canvas) };
    });
    expect(outcome.tainted, 'what captureStream() gives while tainted').to.equal('SecurityError');
    expect(outcome.clean, 'what it gave before').to.equal('a stream with 1 track');
  },
);

// The steps that reset a rendering context clear its pixels and leave its origin-clean flag as it was.
for (const { name, way, how } of [
  { name: 'resized-stays-tainted', way: 'size', how: 'its size was set' },
  { name: 'reset-stays-tainted', way: 'reset', how: 'reset() of its context' },
] as const) {
  single(
    {
      id: `dom-capture/origin/${name}`,
      title: `Tainted for good: ${how}`,
      asks: `Is a tainted canvas still refused for capture after ${how}, which clears its pixels?`,
      level: 'should',
      specs: [
        captureOfCanvas,
        originClean,
        'https://html.spec.whatwg.org/multipage/canvas.html#reset-the-rendering-context-to-its-default-state',
      ],
      needs: way === 'reset' ? [...canvasNeeds, 'CanvasRenderingContext2D.prototype.reset'] : canvasNeeds,
    },
    async ({ peer }) => {
      const outcome = await peer.run(async ({ media }, by) => {
        const { canvas } = media.canvas();
        const context = canvas.getContext('2d');
        const video = await media.element('video');
        video.src = media.url('vp8-opus.webm', { foreign: true });
        await media.presented(video);
        context?.drawImage(video, 0, 0);
        if (by === 'size') canvas.width = 200;
        else context?.reset();
        return media.captureOutcome(canvas);
      }, way);
      expect(outcome, `what captureStream() gives after ${how}`).to.equal('SecurityError');
    },
  );
}

single(
  {
    id: 'dom-capture/origin/clean-again',
    title: 'Clean again with another bitmap',
    asks: 'Is a canvas not captured while it shows a cross-origin bitmap, and captured once it shows a bitmap of its own?',
    level: 'should',
    specs: [
      captureOfCanvas,
      'https://html.spec.whatwg.org/multipage/canvas.html#set-an-imagebitmaprenderingcontext%27s-output-bitmap',
    ],
    needs: [...canvasNeeds, 'canvas:bitmaprenderer', 'OffscreenCanvas'],
  },
  async ({ peer }) => {
    const outcomes = await peer.run(async ({ media }) => {
      const source = media.canvas({ kind: 'bitmaprenderer' });
      const video = await media.element('video');
      video.src = media.url('vp8-opus.webm', { foreign: true });
      await media.presented(video);
      const foreign = await createImageBitmap(video);
      source.canvas.getContext('bitmaprenderer')?.transferFromImageBitmap(foreign);
      const tainted = media.captureOutcome(source.canvas);
      source.draw();
      return [tainted, media.captureOutcome(source.canvas)];
    });
    expect(outcomes, 'what captureStream() gives of a foreign bitmap and of another').to.deep.equal([
      'SecurityError',
      'a stream with 1 track',
    ]);
  },
);

single(
  {
    id: 'dom-capture/origin/tainted-later-stops-frames',
    version: 2,
    title: 'Tainted while captured',
    asks: 'Does a captured canvas give no further frame once a cross-origin picture is drawn on it?',
    level: 'must',
    specs: [captureOfCanvas, security],
    needs: canvasNeeds,
  },
  async (context) => {
    const { leaked, report, picture } = await context.peer.run(async ({ media }) => {
      const source = media.canvas();
      source.draw();
      const { track } = source.capture(30);
      source.animate(20);
      const watcher = media.watch(track);
      const report = await watcher.until('3 frames while it was clean', ({ risen }) => risen >= 3);
      const video = await media.element('video');
      video.src = media.url('vp8-opus.webm', { foreign: true });
      await media.presented(video);
      // The foreign picture and what is drawn after it must not be seen; frame numbers tell them from the frames before.
      source.canvas.getContext('2d')?.drawImage(video, 0, 0, 1, 1);
      const taintedAt = source.number;
      await media.meanwhile(8);
      const leaked = watcher.seen.filter(({ code }) => (code?.number ?? 0) > taintedAt).length;
      return { leaked, report, picture: watcher.picture() };
    });
    expectFrame(context, { report, picture }, captured);
    expect(leaked, 'frames seen that were drawn after the canvas was tainted').to.equal(0);
  },
);

single(
  {
    id: 'dom-capture/origin/tainted-later-mutes',
    title: 'Tainted while captured: the track is muted',
    asks: 'Is the captured track muted once a cross-origin picture is drawn on its canvas?',
    level: 'must',
    specs: [captureOfCanvas],
    needs: canvasNeeds,
  },
  async ({ peer }) => {
    const { before, after, state } = await peer.run(async ({ media }) => {
      const source = media.canvas();
      source.draw();
      const { track } = source.capture(30);
      source.animate(20);
      await media.watch(track).until('3 frames while it was clean', ({ risen }) => risen >= 3);
      const before = track.muted;
      const video = await media.element('video');
      video.src = media.url('vp8-opus.webm', { foreign: true });
      await media.presented(video);
      source.canvas.getContext('2d')?.drawImage(video, 0, 0, 1, 1);
      await media.meanwhile(5);
      return { before, after: track.muted, state: track.readyState };
    });
    expect(before, 'muted while the canvas was clean').to.equal(false);
    expect(state, 'the state of the track').to.equal('live');
    expect(after, 'muted while the canvas is tainted').to.equal(true);
  },
);

single(
  {
    id: 'dom-capture/origin/foreign-video-protected',
    title: 'A cross-origin video is protected',
    asks: 'Is the picture of a video from another origin, which does not permit capture, kept out of its captured stream?',
    level: 'must',
    specs: [captureOfElement, security],
    needs: elementNeeds,
  },
  async ({ peer }) => {
    const seen = await peer.run(async ({ media, waitFor }) => {
      const video = await media.element('video');
      video.muted = true;
      video.src = media.url('vp8-opus.webm', { foreign: true });
      await media.loaded(video);
      let stream = new MediaStream();
      let refused = 'not refused';
      try {
        stream = media.capture(video);
      } catch (error) {
        refused = error instanceof DOMException ? error.name : String(error);
      }
      const watchers = stream.getVideoTracks().map((track) => media.watch(track));
      await video.play();
      await waitFor({
        name: 'the foreign video to play for two seconds',
        phase: 'media',
        probe: () => video.currentTime >= 2,
        triggers: [{ on: video, events: ['timeupdate'] }],
      });
      const bright = watchers.flatMap(({ seen: frames }) => frames.filter(({ luma }) => luma > 16));
      return { refused, leaked: bright.length };
    });
    expect(['SecurityError', 'not refused'], 'what captureStream() says').to.include(seen.refused);
    expect(seen.leaked, 'frames that are not black').to.equal(0);
  },
);

single(
  {
    id: 'dom-capture/origin/foreign-audio-protected',
    title: 'Cross-origin sound is protected',
    asks: 'Is the sound of an element from another origin, which does not permit capture, kept out of its captured stream?',
    level: 'must',
    specs: [captureOfElement, security],
    needs: [elementCapture, 'plays:audio/wav'],
  },
  async ({ peer }) => {
    const { refused, levels } = await peer.run(async ({ media, waitFor }) => {
      const audio = await media.element('audio');
      audio.src = media.url('tone.wav', { foreign: true });
      await media.loaded(audio);
      let stream = new MediaStream();
      let refused = 'not refused';
      try {
        stream = media.capture(audio);
      } catch (error) {
        refused = error instanceof DOMException ? error.name : String(error);
      }
      const listeners = await Promise.all(stream.getAudioTracks().map((track) => media.listen(track)));
      await audio.play();
      const levels: number[] = [];
      await waitFor({
        name: 'the foreign sound to play for a second',
        phase: 'media',
        probe: () => {
          for (const listener of listeners) levels.push(...listener.hear().map(({ level }) => level));
          return audio.currentTime >= 1;
        },
        triggers: [{ everyMs: 50 }],
        seen: () => `at ${String(audio.currentTime)} s`,
      });
      return { refused, levels };
    });
    expect(['SecurityError', 'not refused'], 'what captureStream() says').to.include(refused);
    expect(Math.max(-200, ...levels), 'the loudest that was heard, in dBFS').to.be.below(-60);
  },
);

single(
  {
    id: 'dom-capture/origin/foreign-video-with-cors',
    version: 2,
    title: 'A cross-origin video that permits capture',
    asks: 'Is a video from another origin captured when its server permits that through CORS?',
    level: 'must',
    specs: [captureOfElement, security],
    needs: elementNeeds,
  },
  async (context) => {
    const shown = await context.peer.run(async ({ media }) => {
      const video = await media.element('video');
      video.crossOrigin = 'anonymous';
      video.src = media.url('vp8-opus.webm', { foreign: true, cors: true });
      await media.loaded(video);
      const stream = media.capture(video);
      await video.play();
      return media.watch(await media.trackOf(stream, 'video')).shown();
    });
    expectPicture(context, shown, ofFile);
  },
);
