import type { Comparison } from '../compare/compare.ts';
import type { Expectations } from '../results/expectations.ts';
import type { RunOutline } from '../results/outline.ts';
import type { Cell, Results } from '../results/schema.ts';

/** What a reporter is given. */
export interface Report {
  /** The run; its cells without what was checked, measured and kept for them. */
  run: RunOutline;
  /** Reads the cells in full, one after another, anew at each call: a run of any size fits into memory. */
  cells(): AsyncIterable<Cell>;
  /** Reads the whole run into memory. */
  results(): Promise<Results>;
  /** The folder of the run, with its evidence. A report is written there, over an earlier one. */
  dir: string;
  /** What is known about failures: `isUnexpected(cell, expectations)` tells what makes the run fail. */
  expectations: Expectations;
  /** What is different from the run that `--baseline` names; null without one. */
  comparison: Comparison | null;
  /** Is told of a file that could not be read or written, in one sentence; the rest of the report is written. */
  say(problem: string): void;
}

/** Writes one report of a run, from its results and evidence alone. Ours and a user's own have this same type. */
export interface Reporter {
  /** May reject: the other reports are written all the same, and the command ends with 3. */
  write(report: Report): Promise<void>;
}
