import { type Command, Option } from 'commander';
import { checkComparable } from '../compare/comparable.ts';
import { compareRuns, type Comparison } from '../compare/compare.ts';
import { Baseline } from '../results/baseline.ts';
import type { CellKey } from '../results/cell-key.ts';
import { ownExpectations, readExpectations, type Expectations } from '../results/expectations.ts';
import type { NamedBrowser } from '../results/known-browsers.ts';
import { wholeOf, type StoredRun } from '../results/read-run.ts';
import type { ScenarioResult } from '../results/schema.ts';
import { readWholeRun, runFolderOf } from '../results/whole-run.ts';

/** The option of every command that judges cells. */
export const expectationsOption = (): Option =>
  new Option('--expectations <file>', 'failures that are known, and what browsers lack; or none').default(
    ownExpectations,
    "the package's own",
  );

/** The options of `run` and `report` about what is unexpected. */
export interface JudgingFlags {
  expectations: string;
  baseline?: string;
  strict?: boolean;
  failOnFlaky?: boolean;
}

export const addJudging = (command: Command): Command =>
  command
    .addOption(expectationsOption())
    .option(
      '--baseline <run>',
      'an earlier run, its folder or results.json: what passed there has to pass, what failed equally is known',
    )
    .option('--strict', 'an expectation that holds no longer is unexpected, too')
    .option('--fail-on-flaky', 'a pass that needed a further attempt is unexpected, too');

/** What a run is judged by. */
export interface Judge {
  /** With the baseline, if there is one. */
  expectations: Expectations;
  /** The differences from the baseline; null without one. */
  compare(stored: StoredRun): Promise<Comparison | null>;
}

/**
 * Reads expectations and baseline, before anything is run.
 * @throws {UsageError} if either cannot be read, or the baseline says nothing about these cells
 */
export async function judgeBy(
  { expectations: file, baseline: path, strict = false, failOnFlaky = false }: JudgingFlags,
  about: {
    browsers: readonly NamedBrowser[];
    scenarios: readonly Pick<ScenarioResult, 'id' | 'version'>[];
    cells: readonly CellKey[];
  },
): Promise<Judge> {
  const expectations = await readExpectations(file, about.browsers, { strict, failOnFlaky });
  if (path === undefined) return { expectations, compare: async () => null };
  const folder = await runFolderOf(path);
  const before = await readWholeRun(folder);
  checkComparable(before, about);
  return {
    expectations: expectations.against(new Baseline(before, about.scenarios, folder), about.browsers),
    compare: async (stored) => compareRuns(before, await wholeOf(stored), expectations),
  };
}
