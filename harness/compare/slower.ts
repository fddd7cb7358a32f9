import type { Standing } from '../results/standing.ts';
import type { Pace } from './changes.ts';

/** So many keys have to have passed in both runs before their times tell how much times vary from run to run. */
const enoughKeys = 10;
/** A change is no chance where it is this many deviations away from what all cells did, */
const deviations = 5;
/** and goes this much beyond the longest way that any cell went in the other direction, where nothing but chance acts: */
const beyondFaster = 1.5;
/** all but this share of them, which a real gain in speed may have taken. */
const gains = 0.002;
/** The least deviation of a ratio of times that is taken for real: a tenth. */
const leastDeviation = Math.log(1.1);
/** In milliseconds: less is not worth a word, whatever it varies. */
const leastMs = 250;

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return ((sorted[Math.ceil(middle) - 1] ?? 0) + (sorted[Math.floor(middle)] ?? 0)) / 2;
}

const timesOf = ({ cells }: Standing): number[] => cells.map(({ durationMs }) => Math.max(durationMs, 1));

/**
 * The keys that take longer than their times vary. How much they vary is taken from all cells that passed in both runs:
 * the median of their ratios is what the machine did; how far the others lie from it, above all how much faster some
 * became, is what chance does. Where a key has several cells, the fastest now is slower than the slowest before, too.
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
