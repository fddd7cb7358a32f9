import { expect } from 'chai';
import { single } from '../scenario.ts';
import { captured, captureRate as rateBounds } from '../steps/bounds.ts';
import { expectFrame, expectPicture } from '../steps/picture.ts';
import { expectPace } from '../steps/hold.ts';
import { canvasNeeds, captureOfCanvas, fromElement, showCanvas } from './steps.ts';

single(
  {
    id: 'dom-capture/canvas-timing/rate-not-given',
    version: 2,
    title: 'No frame rate given',
    asks: 'Does captureStream() without a rate give a new frame whenever the canvas changes?',
    level: 'must',
    timeoutMs: 12_000,
    // WebKitGTK stalled after two frames once while four cells ran on two processors
    load: 'heavy',
    specs: [captureOfCanvas],
    needs: canvasNeeds,
  },
  async (context) =>
    expectPicture(context, await showCanvas(context.peer, { captured: null }), { bounds: captured }),
);

for (const { rate, drawn } of [
  { rate: 5, drawn: 30 },
  { rate: 30, drawn: 60 },
]) {
  single(
    {
      id: `dom-capture/canvas-timing/rate-${String(rate)}`,
      version: 2,
      title: `At most ${String(rate)} frames a second`,
      asks: `Does captureStream(${String(rate)}) give at most ${String(rate)} frames a second of a canvas that is drawn ${String(drawn)} times a second?`,
      level: 'must',
      specs: [captureOfCanvas],
      needs: canvasNeeds,
    },
    async (context) => {
      const shown = await showCanvas(context.peer, { drawn, captured: rate, ms: 2000 });
      const { framesPerSecond, drawnPerSecond } = shown.report;
      expectPicture(context, shown, { bounds: { ...captured, shown: 0, gapMs: Infinity } });
      expect(framesPerSecond, 'new frames a second').to.be.at.most(rate * rateBounds.most);
      // a machine that cannot draw twice as many frames cannot show this
      const due = Math.min(rate, (drawnPerSecond ?? 0) / 2);
      expectPace(framesPerSecond, 'new frames a second').to.be.at.least(due * rateBounds.least);
    },
  );
}

single(
  {
    id: 'dom-capture/canvas-timing/rate-negative',
    title: 'A negative rate is refused',
    asks: 'Does captureStream(-1) throw NotSupportedError?',
    level: 'must',
    specs: [captureOfCanvas],
    needs: canvasNeeds,
  },
  async ({ peer }) => {
    const outcome = await peer.run(({ media }) => {
      try {
        return `a stream with ${String(media.canvas().canvas.captureStream(-1).getTracks().length)} track`;
      } catch (error) {
        return error instanceof DOMException ? error.name : String(error);
      }
    });
    expect(outcome, 'what captureStream(-1) gives').to.equal('NotSupportedError');
  },
);

single(
  {
    id: 'dom-capture/canvas-timing/still',
    version: 2,
    title: 'A canvas that does not change',
    asks: 'Does a canvas that does not change show its picture, and give no further frame until it changes?',
    level: 'should',
    specs: [captureOfCanvas],
    needs: canvasNeeds,
  },
  async (context) => {
    const { before, after, picture } = await context.peer.run(async ({ media }) => {
      const source = media.canvas();
      source.draw(1);
      const { track } = source.capture();
      const watcher = media.watch(track);
      await watcher.until('the picture that does not change', ({ last }) => last?.code?.number === 1);
      await media.meanwhile(10);
      const before = watcher.report();
      source.draw(2);
      const after = await watcher.until('the change', ({ last }) => last?.code?.number === 2);
      return { before, after, picture: watcher.picture() };
    });
    expectFrame(context, { report: after, picture }, captured);
    // a second frame may follow the first: a browser shows what is there, and then what was painted
    expect(before.frames, 'frames while nothing changed').to.be.at.most(2);
    context.measure('frames while nothing changed', before.frames, '1');
  },
);

single(
  {
    id: 'dom-capture/canvas-timing/rate-0-first-frame',
    title: 'The first frame needs no request',
    asks: 'Does captureStream(0) give one frame by itself, and no other while nobody calls requestFrame()?',
    level: 'must',
    timeoutMs: 6000,
    specs: [captureOfCanvas],
    needs: canvasNeeds,
  },
  async ({ peer, frame }) => {
    const { numbers, picture } = await peer.run(async ({ media }) => {
      const source = media.canvas();
      const watcher = media.watch(source.capture(0).track);
      source.draw(1);
      await watcher.until('the first frame', ({ readable }) => readable > 0);
      for (const unwanted of [2, 3, 4]) {
        source.draw(unwanted);
        await media.meanwhile(2);
      }
      return { numbers: watcher.seen.map(({ code }) => code?.number ?? -1), picture: watcher.picture() };
    });
    frame('the first', picture);
    expect(new Set(numbers), 'numbers of the frames that were seen').to.deep.equal(new Set([1]));
  },
);

const requestNeeds = [
  ...canvasNeeds,
  // Firefox still has it on the stream, as drafts before 2015 did
  'CanvasCaptureMediaStreamTrack.prototype.requestFrame|CanvasCaptureMediaStream.prototype.requestFrame',
];

single(
  {
    id: 'dom-capture/canvas-timing/request-frame',
    title: 'Only the requested frames',
    asks: 'Does captureStream(0) give a frame when requestFrame() asks for one, and none otherwise?',
    level: 'must',
    specs: [captureOfCanvas, fromElement('dom-canvascapturemediastreamtrack-requestframe')],
    needs: requestNeeds,
  },
  async ({ peer, frame }) => {
    const { numbers, picture } = await peer.run(async ({ media }) => {
      const source = media.canvas();
      source.draw(0);
      const { track } = source.capture(0);
      const watcher = media.watch(track);
      // A track starts with one request of its own, which may take what is drawn now.
      await media.meanwhile(2);
      for (const wanted of [10, 20]) {
        // drawn but not asked for
        for (const unwanted of [1, 2]) {
          source.draw(wanted - unwanted);
          await media.meanwhile(2);
        }
        source.requestFrame();
        source.draw(wanted);
        await watcher.until(
          `frame ${String(wanted)}, which was asked for`,
          ({ last }) => last?.code?.number === wanted,
        );
      }
      await media.meanwhile(3);
      return { numbers: watcher.seen.map(({ code }) => code?.number ?? -1), picture: watcher.picture() };
    });
    frame('asked for', picture);
    const uncalledFor = numbers.filter((number) => ![0, 10, 20].includes(number));
    expect(uncalledFor, 'numbers of frames that nobody asked for').to.deep.equal([]);
    const asked = numbers.filter((number) => number > 0);
    expect(asked, 'numbers of frames that were asked for, one for each request').to.deep.equal([10, 20]);
  },
);

single(
  {
    id: 'dom-capture/canvas-timing/request-frame-on-track',
    title: 'requestFrame() is on the track',
    asks: 'Is the captured track a CanvasCaptureMediaStreamTrack, which knows its canvas and has requestFrame()?',
    level: 'must',
    specs: [fromElement('the-canvascapturemediastreamtrack')],
    needs: canvasNeeds,
  },
  async ({ peer }) => {
    const track = await peer.run(({ media }) => {
      const { canvas } = media.canvas();
      const [captured] = canvas.captureStream(0).getVideoTracks();
      if (!captured) throw new Error('canvas.captureStream() gave no video track');
      return {
        type: Object.prototype.toString.call(captured).slice(8, -1),
        requestFrame: typeof Reflect.get(captured, 'requestFrame'),
        knowsCanvas: Reflect.get(captured, 'canvas') === canvas,
      };
    });
    expect(track, 'the captured track').to.deep.equal({
      type: 'CanvasCaptureMediaStreamTrack',
      requestFrame: 'function',
      knowsCanvas: true,
    });
  },
);
