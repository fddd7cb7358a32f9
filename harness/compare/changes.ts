import type { CellKey } from '../results/cell-key.ts';
import type { Expectation } from '../results/expectations.ts';
import type { Standing } from '../results/standing.ts';

/** What may have happened to the cells of one key, the most urgent first. */
export const changeKinds = [
  'newly-failing',
  'lost-support',
  'other-reason',
  'flaky',
  'not-run',
  'newly-passing',
  'judged-otherwise',
  'slower',
  'new',
  'gone',
] as const;
export type ChangeKind = (typeof changeKinds)[number];

/** What each kind means, for people. */
export const changeMeanings = {
  'newly-failing': 'fails now and did not before',
  'lost-support': 'is unsupported now and ran before',
  'other-reason': 'failed before and fails now for another reason',
  flaky: 'passes now and then, and did not before',
  'not-run': 'was not reached this time',
  'newly-passing': 'passes now and did not before',
  'judged-otherwise': 'its scenario has another version, so the outcomes are not compared',
  slower: 'takes longer than its time varies',
  new: 'was not in the earlier run',
  gone: 'is not in the later run',
} as const satisfies Record<ChangeKind, string>;

/** How long cells of one key took, in milliseconds. */
export interface Pace {
  /** The median before. */
  before: number;
  /** The median now. */
  after: number;
}

/** What happened to the cells of one key. */
export interface Change extends CellKey {
  kind: ChangeKind;
  /** What the earlier run says; null for `new`. */
  before: Standing | null;
  /** What the later run says; null for `gone`. */
  after: Standing | null;
  /** Whether it got worse, which makes `diff` exit with 1. */
  worse: boolean;
  /** The expectation that explains a failure, if there is one. */
  known: Expectation | undefined;
  /** Only for `slower`. */
  pace: Pace | undefined;
}
