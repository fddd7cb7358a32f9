import type { Standing } from '../results/standing.ts';

/** Which end of a search a version agrees with: the one whose outcome it has, or neither. */
export type Side = 'first' | 'last' | 'neither';

/** Where an outcome changed, as the numbers of versions in their order. */
export interface Found {
  /** The last version that was seen with the outcome of the first version. */
  before: number;
  /** The first version that was seen with the outcome of the last version. */
  after: number;
  /** Versions in between that tell nothing; if there are any, it is not known which version changed the outcome. */
  untold: readonly number[];
}

/** How many versions a search looks at between its ends, if each of them tells something. */
export const stepsFor = (count: number): number => Math.ceil(Math.log2(Math.max(count - 1, 1)));

/**
 * Finds the first of several versions that changed an outcome, by halving; the outcomes of the first and the last are known,
 * and different. A version that tells nothing is skipped in favour of the nearest one, as `git bisect skip` does.
 * It assumes that the outcome changed only once.
 * @param count number of versions, at least two
 * @param look returns the side of a version; called at most once for each
 */
export async function bisect(count: number, look: (at: number) => Promise<Side>): Promise<Found> {
  let before = 0;
  let after = count - 1;
  const untold: number[] = [];
  const isBetween = (at: number): boolean => before < at && at < after;
  for (;;) {
    const middle = (before + after) / 2;
    const [next] = Array.from({ length: count }, (_, at) => at)
      .filter((at) => isBetween(at) && !untold.includes(at))
      .toSorted((a, b) => Math.abs(a - middle) - Math.abs(b - middle));
    if (next === undefined)
      return { before, after, untold: untold.filter(isBetween).toSorted((a, b) => a - b) };
    const side = await look(next);
    if (side === 'first') before = next;
    else if (side === 'last') after = next;
    else untold.push(next);
  }
}

/** Whether a version has the same outcome as another one: a failure is the same if it was seen there. */
function isLike(now: Standing, end: Standing): boolean {
  if (now.outcome === 'left-out' || now.outcome === 'pass' || now.outcome === 'unsupported')
    return now.outcome === end.outcome;
  // What fails sometimes at the end may fail every time elsewhere.
  const fits = now.outcome === end.outcome || (now.outcome === 'bad' && end.outcome === 'flaky');
  return fits && [...now.seen].every((failure) => end.seen.has(failure));
}

/** Whether the harness or the scenario failed, so that nothing is known about the browser. */
const isError = ({ cells }: Standing): boolean => cells.some(({ status }) => status === 'error');

/** Whether an outcome says something about a version. */
export const saysSomething = (standing: Standing): boolean =>
  standing.outcome !== 'left-out' && !isError(standing);

/** Whether the ends of a search differ. */
export const areApart = (first: Standing, last: Standing): boolean =>
  !isLike(first, last) && !isLike(last, first);

/** Which end a version is like. */
export function sideOf(now: Standing, first: Standing, last: Standing): Side {
  if (!saysSomething(now)) return 'neither';
  const [isFirst, isLast] = [isLike(now, first), isLike(now, last)];
  if (isFirst === isLast) return 'neither';
  return isFirst ? 'first' : 'last';
}
