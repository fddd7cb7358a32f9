import { expect } from 'chai';
import { single } from '../scenario.ts';
import {
  canvasNeeds,
  captureOfCanvas,
  captureOfElement,
  colourTolerance,
  elementNeeds,
  expectPicture,
  fromElement,
} from './steps.ts';

const security = fromElement('security-considerations');

single(
  {
    id: 'dom-capture/origin/tainted-canvas-refused',
    title: 'A tainted canvas is not captured',
    asks: 'Does captureStream() of a canvas with a foreign picture on it throw SecurityError?',
    level: 'must',
    specs: [
      captureOfCanvas,
      security,
      'https://html.spec.whatwg.org/multipage/canvas.html#security-with-canvas-elements',
    ],
    needs: canvasNeeds,
  },
  async ({ peer }) => {
    const outcome = await peer.run(async ({ media }) => {
      const { canvas } = media.canvas();
      const context = canvas.getContext('2d');
      /** What captureStream() gives now. */
      const capture = () => {
        try {
          return `a stream with ${String(canvas.captureStream(30).getTracks().length)} track`;
        } catch (error) {
          return error instanceof DOMException ? error.name : String(error);
        }
      };
      const video = await media.element('video');
      video.src = media.url('vp8-opus.webm', { foreign: true });
      await media.presented(video);
      const clean = capture();
      context?.drawImage(video, 0, 0);
      const tainted = capture();
      return { clean, tainted };
    });
    expect(outcome.tainted, 'what captureStream() gives while tainted').to.equal('SecurityError');
    expect(outcome.clean, 'what it gave before').to.equal('a stream with 1 track');
  },
);

single(
  {
    id: 'dom-capture/origin/resized-stays-tainted',
    title: 'Another size does not clean a canvas',
    asks: 'Is a tainted canvas still not captured after its size was set, which clears its pixels?',
    level: 'should',
    specs: [
      captureOfCanvas,
      'https://html.spec.whatwg.org/multipage/canvas.html#security-with-canvas-elements',
    ],
    needs: canvasNeeds,
  },
  async ({ peer }) => {
    const outcome = await peer.run(async ({ media }) => {
      const { canvas } = media.canvas();
      const video = await media.element('video');
      video.src = media.url('vp8-opus.webm', { foreign: true });
      await media.presented(video);
      canvas.getContext('2d')?.drawImage(video, 0, 0);
      canvas.width = 200;
      try {
        return `a stream with ${String(canvas.captureStream(30).getTracks().length)} track`;
      } catch (error) {
        return error instanceof DOMException ? error.name : String(error);
      }
    });
    expect(outcome, 'what captureStream() gives after the size was set').to.equal('SecurityError');
  },
);

single(
  {
    id: 'dom-capture/origin/tainted-later-stops-frames',
    title: 'Tainted while captured',
    asks: 'Does a captured canvas give no further frame once a foreign picture was drawn on it?',
    level: 'must',
    specs: [captureOfCanvas, security],
    needs: canvasNeeds,
  },
  async ({ peer, frame }) => {
    const { leaked, report, picture } = await peer.run(async ({ media }) => {
      const source = media.canvas();
      source.draw();
      const { track } = source.capture(30);
      source.animate(20);
      const watcher = media.watch(track);
      const report = await watcher.until('3 frames while it was clean', ({ risen }) => risen >= 3);
      const video = await media.element('video');
      video.src = media.url('vp8-opus.webm', { foreign: true });
      await media.presented(video);
      // The foreign picture and what is drawn after it must not be seen; numbers tell them from the frames before.
      source.canvas.getContext('2d')?.drawImage(video, 0, 0, 1, 1);
      const taintedAt = source.number;
      await media.meanwhile(8);
      const leaked = watcher.seen.filter(({ code }) => (code?.number ?? 0) > taintedAt).length;
      return { leaked, report, picture: watcher.picture() };
    });
    frame('last', picture);
    expectPicture(report, colourTolerance.local);
    expect(leaked, 'frames seen that were drawn after the canvas was tainted').to.equal(0);
  },
);

single(
  {
    id: 'dom-capture/origin/foreign-video-protected',
    title: 'A foreign video is protected',
    asks: 'Is the picture of a video from another origin, which does not permit it, kept from its captured stream?',
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
    id: 'dom-capture/origin/foreign-video-with-cors',
    title: 'A foreign video that permits it',
    asks: 'Is a video from another origin captured where its server permits it by CORS?',
    level: 'must',
    specs: [captureOfElement, security],
    needs: elementNeeds,
  },
  async ({ peer, frame }) => {
    const { report, picture } = await peer.run(async ({ media }) => {
      const video = await media.element('video');
      video.crossOrigin = 'anonymous';
      video.src = media.url('vp8-opus.webm', { foreign: true, cors: true });
      await media.loaded(video);
      const stream = media.capture(video);
      await video.play();
      const watcher = media.watch(await media.trackOf(stream, 'video'));
      return {
        report: await watcher.until('5 new frames', ({ risen }) => risen >= 5),
        picture: watcher.picture(),
      };
    });
    frame('captured', picture);
    expectPicture(report, colourTolerance.coded);
  },
);
