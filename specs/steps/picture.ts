import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { Shown } from '../../fixtures/peer-page/media/video-watcher.ts';
import type { PeerHandle, Tools } from '../../harness/matrix/scenario.ts';
import { sent, type PictureBounds } from './bounds.ts';
import { expectPace, hold } from './hold.ts';

/** What a side shows of a video that it receives, over a second or the given milliseconds. */
export const seeReceived = (receiver: PeerHandle<Agent>, ms = 1000): Promise<Shown> =>
  receiver.run(
    async ({ connection, media }, stretch) =>
      media.watch((await connection.track('video')).track).shown(stretch),
    ms,
  );

export interface Expected {
  /** Width and height in pixels. */
  size?: readonly [number, number];
  bounds?: PictureBounds;
  /** Frames a second of the source; by default derived from the numbers and clocks of the frames. */
  rate?: number;
  /** `true`: what is shown was drawn some time before, so its clock says nothing about the delay. */
  recorded?: boolean;
  /** `true`: it may start over once within the stretch. */
  loops?: boolean;
}

/** The frame that is shown is as it was drawn: its colours, its greys and its details. */
export function expectFrame(
  tools: Pick<Tools, 'measure' | 'frame'>,
  { report, picture }: Pick<Shown, 'report' | 'picture'>,
  bounds: PictureBounds = sent,
): void {
  tools.frame('shown', picture);
  hold(tools, 'largest colour error, of 255', report.colourError, '1', { most: bounds.colourError });
  hold(tools, 'largest grey error, of 255', report.greyError, '1', { most: bounds.greyError });
  if (bounds.detail !== null) hold(tools, 'detail', report.detail, '1', { least: bounds.detail });
}

/** The picture is the one that was drawn, over the whole stretch: as large, as sharp, as smooth, and in time. */
export function expectPicture(
  tools: Pick<Tools, 'measure' | 'frame'>,
  shown: Shown,
  { size, bounds = sent, rate, recorded = false, loops = false }: Expected = {},
): void {
  const { report, beginning, similarity, latenessMs } = shown;
  tools.measure('timers late', latenessMs, 'ms');
  // on a busy machine a second may pass without a frame
  expectPace(report.frames, 'frames that were shown').to.be.above(0);
  if (size) expect([report.width, report.height], 'the size of the picture').to.deep.equal([...size]);
  expectFrame(tools, shown, bounds);
  // On a busy machine the last frame may be caught in the middle of a change and not be readable; and a sender takes late
  // packets for a narrow network, and spends few bits on the picture: 0.948 was seen.
  hold(tools, 'structural similarity', similarity, '1', { least: bounds.similarity, paced: true });
  expect(report.fell.slice(loops ? 1 : 0), 'frame numbers that fell').to.deep.equal([]);
  const unreadable = report.frames === 0 ? 1 : (report.frames - report.readable) / report.frames;
  // a busy machine shows few frames, of which a single one is a larger share
  const orOne = (most: number): number => (most === 0 ? 0 : Math.max(most, 1 / report.frames));
  // in a capture of Firefox's on a busy machine, one of 48 was seen, and none otherwise
  hold(tools, 'frames whose code could not be read', unreadable, '1', {
    most: orOne(bounds.unreadable),
    paced: true,
  });
  if (bounds.unfooted !== null) {
    const unfooted = report.readable === 0 ? 1 : report.unfooted / report.readable;
    hold(tools, 'frames whose lowest part is not their own', unfooted, '1', {
      most: orOne(bounds.unfooted),
    });
  }
  const drawn = rate ?? report.drawnPerSecond;
  hold(tools, 'longest gap', report.longestGapMs, 'ms', { most: bounds.gapMs, paced: true });
  hold(tools, 'frame rate', report.framesPerSecond, 'fps', { least: 0.3, paced: true });
  hold(tools, 'frames shown of those drawn', drawn ? report.framesPerSecond / drawn : null, '1', {
    least: bounds.shown,
    paced: true,
  });
  if (!recorded) hold(tools, 'end-to-end delay', report.delayMs, 'ms', { most: bounds.delayMs, paced: true });
  // checked last: what is permanently late or slow also begins that way, and is to be named after what lasts
  hold(tools, 'time to first frame', beginning?.firstFrameMs, 'ms', {
    most: bounds.firstFrameMs,
    paced: true,
  });
  hold(tools, 'time from first frame to third new one', beginning?.startMs, 'ms', {
    most: bounds.startMs,
    paced: true,
  });
}
