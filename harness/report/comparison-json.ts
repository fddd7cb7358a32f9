import { isWorse, type Comparison } from '../compare/compare.ts';
import type { Run } from '../results/schema.ts';
import type { Standing } from '../results/standing.ts';
import { comparisonSentence } from './comparison-text.ts';

const runOf = ({ id, startedAt, complete, shard }: Run) => ({ id, startedAt, complete, shard });

const standingOf = (standing: Standing | null) =>
  standing && {
    outcome: standing.outcome,
    statuses: standing.cells.map(({ status }) => status),
    failures: [...standing.seen],
    commands: [...new Set(standing.cells.map(({ repro }) => repro))],
  };

/** A comparison for other programs: what `webrtc-interop diff --json` prints. */
export const comparisonJson = (comparison: Comparison) => ({
  before: runOf(comparison.before),
  after: runOf(comparison.after),
  browsers: comparison.browsers,
  worse: isWorse(comparison),
  sentence: comparisonSentence(comparison),
  unchanged: comparison.unchanged,
  changes: comparison.changes.map(({ before, after, known, pace, ...change }) => ({
    ...change,
    before: standingOf(before),
    after: standingOf(after),
    known: known?.why ?? null,
    bug: known?.bug ?? null,
    paceMs: pace ?? null,
  })),
});
