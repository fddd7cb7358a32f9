import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { receiveAtRate, setEncodings } from '../codecs/encoding-steps.ts';
import { keptFrames, leftFrames } from '../steps/bounds.ts';
import { hold } from '../steps/hold.ts';

type Pair = PairContext<Agent>;

/**
 * Limits what the offerer sends in mid-call to a bitrate that is too low for it, in bits a second: a quarter of what noise of
 * 640 pixels a line takes, or less.
 */
export const starve = ({ offerer }: Pair, maxBitrate: number): Promise<void> =>
  setEncodings(offerer, { maxBitrate });

/** What a sender gives up where the bitrate is too low. https://www.w3.org/TR/mst-content-hint/#dom-rtcdegradationpreference */
export type Keeps = 'frame rate' | 'resolution';

/**
 * Milliseconds for which the picture is watched once it is as it should be. Who may give up lines does so within ten
 * seconds, on a busy machine.
 */
const lasting = { 'frame rate': 3000, resolution: 12_000 } as const;

/** Waits until the answerer shows a readable picture of such a width, and reports what it shows from then on. */
const shownFrom = ({ answerer }: Pair, ms: number, name: string, { least = 0, most = Infinity }) =>
  answerer.run(
    async ({ connection, media }, { ms, name, least, most }) => {
      const watcher = media.watch((await connection.track('video')).track);
      await watcher.until(
        name,
        ({ last }) => last !== null && last.code !== null && last.width >= least && last.width <= most,
      );
      const from = watcher.seen.length;
      const { framesPerSecond } = await watcher.stretch(ms);
      watcher.stop();
      const sizes = watcher.seen.slice(from).map(({ width, height }) => `${width}×${height}`);
      return { framesPerSecond, sizes: [...new Set(sizes)] };
    },
    // JSON has no Infinity
    { ms, name, least, most: Math.min(most, 2 ** 16) },
  );

/**
 * The picture of 20 frames a second, starved, keeps its size and loses at least half of its frames, or keeps its frames and
 * loses at least half of its lines and columns.
 */
export async function expectKept(
  pair: Pair,
  keeps: Keeps,
  [width, height]: readonly [number, number],
  maxBitrate: number,
): Promise<void> {
  const began = performance.now();
  // a first step down is seldom the last
  const less = width / 2;
  if (keeps === 'resolution') await receiveAtRate(pair.answerer, { below: maxBitrate * 1.4 });
  const { framesPerSecond, sizes } =
    keeps === 'resolution'
      ? await shownFrom(pair, lasting[keeps], `a readable picture of ${width} pixels a line`, {
          least: width,
        })
      : await shownFrom(pair, lasting[keeps], `a readable picture of at most ${less} pixels a line`, {
          most: less,
        });
  pair.measure('time to adapt', Math.round(performance.now() - began - lasting[keeps]), 'ms');
  if (keeps === 'resolution') {
    expect(sizes, 'sizes of the picture').to.deep.equal([`${width}×${height}`]);
    hold(pair, 'frames shown', framesPerSecond, 'fps', leftFrames);
  } else {
    const widest = Math.max(...sizes.map((size) => Number.parseInt(size, 10)));
    hold(pair, 'pixels a line', widest, 'px', { most: less });
    hold(pair, 'frames shown', framesPerSecond, 'fps', keptFrames);
  }
}
