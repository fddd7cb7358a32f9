import { nameOfPair, type Pair } from '../report/page/model.ts';
import { outcomeOfLetter, type HistoryRun, type Letter } from './history-run.ts';

/** What one run says about a cell. */
export interface Moment {
  run: HistoryRun;
  letter: Letter;
  /** Versions of browsers and scenario: where this is equal, the same scenario was run in the same browsers. */
  versions: string;
}

/** What runs say about the cells of one scenario and pair, except runs that did not reach it. @param runs the oldest first */
export function momentsOf(runs: readonly HistoryRun[], scenario: string, pair: Pair): Moment[] {
  const name = nameOfPair(pair);
  return runs.flatMap((run) => {
    const letter = run.letter(scenario, name);
    const outcome = outcomeOfLetter(letter);
    if (outcome === undefined || outcome === 'left-out') return [];
    return [{ run, letter, versions: `${run.versionsOf(pair)} ${String(run.version(scenario))}` }];
  });
}

/** In how many runs a cell was flaky, and how many runs judged a browser by it. */
export interface FlakeRate {
  flaked: number;
  of: number;
}

/**
 * A run counts as flaky if the cell passed only when it was tried again, or if its outcome changed and changed back while
 * browsers and scenario had the same versions: then the runs with the rarer outcome count. A lasting change is not flaky.
 */
export function flakeRateOf(moments: readonly Moment[]): FlakeRate {
  const judged = moments.filter(({ letter }) => outcomeOfLetter(letter) !== 'unsupported');
  let flaked = 0;
  for (const stretch of stretchesOf(judged)) {
    const steady = stretch.filter(({ letter }) => outcomeOfLetter(letter) !== 'flaky');
    const passes = steady.map(({ letter }) => outcomeOfLetter(letter) === 'pass');
    const changes = passes.filter((passed, at) => at > 0 && passed !== passes[at - 1]).length;
    const passed = passes.filter(Boolean).length;
    flaked += stretch.length - steady.length;
    if (changes > 1) flaked += Math.min(passed, passes.length - passed);
  }
  return { flaked, of: judged.length };
}

/** Successive moments with the same versions, grouped. */
function stretchesOf(moments: readonly Moment[]): Moment[][] {
  const stretches: Moment[][] = [];
  for (const moment of moments) {
    const last = stretches.at(-1);
    if (last?.at(-1)?.versions === moment.versions) last.push(moment);
    else stretches.push([moment]);
  }
  return stretches;
}

/** How long a cell has had its outcome. */
export interface Since {
  /** The first of the uninterrupted runs with the same outcome. */
  first: Moment;
  /** How many such runs there are. */
  runs: number;
  /** Whether it was so in the first run that has the cell already, so that it may have been so for longer. */
  always: boolean;
}

/** Null if no run has the cell. Failures are the same if they share a signature. */
export function sinceOf(moments: readonly Moment[], scenario: string, pair: Pair): Since | null {
  const last = moments.at(-1);
  if (last === undefined) return null;
  const name = nameOfPair(pair);
  const outcome = outcomeOfLetter(last.letter);
  const failures = last.run.of(scenario, name)?.failures ?? new Set<string>();
  const isSame = ({ letter, run }: Moment): boolean => {
    if (outcomeOfLetter(letter) !== outcome) return false;
    if (failures.size === 0) return true;
    return [...(run.of(scenario, name)?.failures ?? [])].some((failure) => failures.has(failure));
  };
  let at = moments.length - 1;
  for (let before = moments[at - 1]; before !== undefined && isSame(before); before = moments[at - 1])
    at -= 1;
  return { first: moments[at] ?? last, runs: moments.length - at, always: at === 0 };
}
