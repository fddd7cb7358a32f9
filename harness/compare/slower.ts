import type { Standing } from '../results/standing.ts';
import type { Pace } from './changes.ts';

/** How many keys must have passed in both runs before their times can tell how much times vary from run to run. */
const enoughKeys = 10;
/** A change is not due to chance if it is this many deviations away from the change of all cells, */
const deviations = 5;
/** and exceeds by this factor the largest change of any cell in the other direction, where only chance acts: */
const beyondFaster = 1.5;
/** all but this share of them, which a real gain in speed may have taken. */
const gains = 0.002;
/** The smallest deviation of a ratio of times that counts: a tenth. */
const leastDeviation = Math.log(1.1);
/** In milliseconds: smaller changes are not worth reporting. */
const leastMs = 250;

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

const timesOf = ({ cells }: Standing): number[] => cells.map(({ durationMs }) => Math.max(durationMs, 1));

/**
 * The keys whose times grew by more than times usually vary. How much they vary is measured on all cells that passed in both
 * runs: the median of their ratios is due to the machine; how far the others lie from it, above all how much faster some
 * became, is due to chance. If a key has several cells, the fastest now must also be slower than the slowest before.
 * @param pairs by key: what passed before and passes now
 */
export function slowerOf(
  pairs: ReadonlyMap<string, { before: Standing; after: Standing }>,
): Map<string, Pace> {
  if (pairs.size < enoughKeys) return new Map();
  const paces = [...pairs].map(([key, { before, after }]) => {
    const [was, is] = [timesOf(before), timesOf(after)];
    const pace: Pace = { before: median(was), after: median(is) };
    return {
      key,
      pace,
      ratio: Math.log(pace.after / pace.before),
      apart: Math.min(...is) > Math.max(...was),
    };
  });
  const usual = median(paces.map(({ ratio }) => ratio));
  const away = paces.map(({ ratio }) => ratio - usual);
  // 1.4826 makes a median deviation comparable with a standard deviation
  const deviation = Math.max(1.4826 * median(away.map(Math.abs)), leastDeviation);
  const fastest = away.toSorted((a, b) => a - b)[Math.floor(gains * away.length)] ?? 0;
  const chance = Math.max(deviations * deviation, beyondFaster * -fastest);
  return new Map(
    paces
      .filter(
        ({ pace, ratio, apart }) =>
          apart && ratio - usual > chance && pace.after - pace.before * Math.exp(usual) > leastMs,
      )
      .map(({ key, pace }) => [key, pace]),
  );
}
