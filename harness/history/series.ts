import { nameOfPair, type Pair } from '../report/page/model.ts';
import { outcomeOfLetter, type HistoryRun, type Letter } from './history-run.ts';

/** What one run says of a cell. */
export interface Moment {
  run: HistoryRun;
  letter: Letter;
  /** Versions of browsers and scenario: where this is the same, the same was asked of the same. */
  versions: string;
}

/** What runs say of the cells of one scenario and pair, those that did not reach it left out. @param runs the oldest first */
export function momentsOf(runs: readonly HistoryRun[], scenario: string, pair: Pair): Moment[] {
  const name = nameOfPair(pair);
  return runs.flatMap((run) => {
    const letter = run.letter(scenario, name);
    const outcome = outcomeOfLetter(letter);
    if (outcome === undefined || outcome === 'left-out') return [];
    return [{ run, letter, versions: `${run.versionsOf(pair)} ${String(run.version(scenario))}` }];
  });
}

/** How often a cell was flaky, of how many runs that judged a browser by it. */
export interface FlakeRate {
  flaked: number;
  of: number;
}

/**
 * A run counts as flaky where the cell passed only when it was tried again, and where its outcome changed and changed
 * back while browsers and scenario had the same versions: then the rarer outcome counts. A change that stays is none.
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

/** Moments that follow each other with the same versions, together. */
function stretchesOf(moments: readonly Moment[]): Moment[][] {
  const stretches: Moment[][] = [];
  for (const moment of moments) {
    const last = stretches.at(-1);
    if (last?.at(-1)?.versions === moment.versions) last.push(moment);
    else stretches.push([moment]);
  }
  return stretches;
}

/** Since when a cell is as it is. */
export interface Since {
  /** The first run of those that came to the same without a break. */
  first: Moment;
  /** How many runs that are. */
  runs: number;
  /** Whether it was so in the first run that has the cell, so that it may be so for longer. */
  always: boolean;
}

/** Null where no run has the cell. Failures are the same where one of their signatures is. */
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
