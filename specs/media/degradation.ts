import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { receiveAtRate, setEncodings } from '../codecs/encoding-steps.ts';
import { keptFrames, leftFrames } from '../steps/bounds.ts';
import { hold } from '../steps/hold.ts';

type Pair = PairContext<Agent>;

/** Bits a second that a picture of noise, 640 pixels a line, is limited to: a quarter of what it takes. */
const tooFew = 150_000;

/** Limits what the offerer sends in mid-call to a bitrate that is too low for it. */
export const starve = ({ offerer }: Pair): Promise<void> => setEncodings(offerer, { maxBitrate: tooFew });

/** What a sender gives up where the bitrate is too low. https://www.w3.org/TR/mst-content-hint/#dom-rtcdegradationpreference */
export type Keeps = 'frame rate' | 'resolution';

/** Waits until the answerer shows a readable picture of such a width, and reports what it shows over the next three seconds. */
const shownFrom = ({ answerer }: Pair, name: string, { least = 0, most = Infinity }) =>
  answerer.run(
    async ({ connection, media }, { name, least, most }) => {
      const watcher = media.watch((await connection.track('video')).track);
      await watcher.until(
        name,
        ({ last }) => last !== null && last.code !== null && last.width >= least && last.width <= most,
      );
      const from = watcher.seen.length;
      const { framesPerSecond } = await watcher.stretch(3000);
      watcher.stop();
      const sizes = watcher.seen.slice(from).map(({ width, height }) => `${width}×${height}`);
      return { framesPerSecond, sizes: [...new Set(sizes)] };
    },
    // JSON has no Infinity
    { name, least, most: Math.min(most, 2 ** 16) },
  );

/**
 * The picture of 20 frames a second, starved, keeps its size and loses at least half of its frames, or keeps its frames and
 * loses at least half of its lines and columns, for three seconds.
 */
export async function expectKept(
  pair: Pair,
  keeps: Keeps,
  [width, height]: readonly [number, number],
): Promise<void> {
  const began = performance.now();
  const half = width / 2;
  if (keeps === 'resolution') await receiveAtRate(pair.answerer, { below: tooFew * 1.4 });
  const { framesPerSecond, sizes } =
    keeps === 'resolution'
      ? await shownFrom(pair, `a readable picture of ${width} pixels a line`, { least: width })
      : await shownFrom(pair, `a readable picture of at most ${half} pixels a line`, { most: half });
  pair.measure('time to adapt, and three seconds', Math.round(performance.now() - began), 'ms');
  if (keeps === 'resolution') {
    expect(sizes, 'sizes of the picture').to.deep.equal([`${width}×${height}`]);
    hold(pair, 'frames shown', framesPerSecond, 'fps', leftFrames);
  } else {
    const widest = Math.max(...sizes.map((size) => Number.parseInt(size, 10)));
    hold(pair, 'pixels a line', widest, 'px', { most: half });
    hold(pair, 'frames shown', framesPerSecond, 'fps', keptFrames);
  }
}
