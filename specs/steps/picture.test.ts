import { expect } from 'chai';
import type { Shown } from '../../fixtures/peer-page/media/video-watcher.ts';
import { fiveOfTwenty } from './bounds.ts';
import { expectPicture } from './picture.ts';

const tools = { measure: () => undefined, frame: () => undefined };

const healthy: Shown = {
  report: {
    frames: 20,
    readable: 20,
    unfooted: 0,
    risen: 20,
    repeated: 0,
    skipped: 0,
    fell: [],
    framesPerSecond: 20,
    drawnPerSecond: 20,
    numbersPerSecond: 20,
    delayMs: 50,
    longestGapMs: 60,
    colourError: 2,
    greyError: 1,
    detail: 1,
    width: 320,
    height: 240,
    last: null,
    looks: 'moving',
  },
  beginning: { firstFrameMs: 100, startMs: 100 },
  similarity: 0.99,
  picture: '',
  latenessMs: 1,
};
const but = (report: Partial<Shown['report']>, beginning = healthy.beginning): Shown => ({
  ...healthy,
  report: { ...healthy.report, ...report },
  beginning,
});

describe('a picture', () => {
  it('is healthy where it keeps to its bounds', () => {
    expectPicture(tools, healthy, { size: [320, 240] });
  });

  it('that is late or slow for good is named by that, not by how it began', () => {
    const late = but({ delayMs: 1600 }, { firstFrameMs: 1600, startMs: 100 });
    expect(() => expectPicture(tools, late)).to.throw(/^end-to-end delay/);
    const slow = but({ framesPerSecond: 2, longestGapMs: 500 }, { firstFrameMs: 100, startMs: 1000 });
    expect(() => expectPicture(tools, slow)).to.throw(/^frames shown of those drawn/);
  });

  it('may have one frame that cannot be read, however few there are, and not two', () => {
    expectPicture(tools, but({ frames: 9, readable: 8 }));
    expect(() => expectPicture(tools, but({ frames: 9, readable: 7 }))).to.throw(
      /^frames whose code could not be read/,
    );
  });

  it('of which five of twenty frames a second are asked for may have four in a second, and not three', () => {
    const four = but({ framesPerSecond: 3.9, longestGapMs: 260 });
    expectPicture(tools, four, { bounds: fiveOfTwenty });
    const three = but({ framesPerSecond: 3, longestGapMs: 400 });
    expect(() => expectPicture(tools, three, { bounds: fiveOfTwenty })).to.throw(
      /^frames shown of those drawn/,
    );
  });

  it('that begins late and is well from then on is named by its beginning', () => {
    expect(() => expectPicture(tools, but({}, { firstFrameMs: 1600, startMs: 100 }))).to.throw(
      /^time to first frame/,
    );
    expect(() => expectPicture(tools, but({}, { firstFrameMs: 100, startMs: 1000 }))).to.throw(
      /^time from first frame to third new one/,
    );
  });
});
