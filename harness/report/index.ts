import type { Comparison } from '../compare/compare.ts';
import { messageOf } from '../errors.ts';
import { noExpectations, type Expectations } from '../results/expectations.ts';
import { outlineOf, type RunOutline } from '../results/outline.ts';
import { wholeOf, type StoredRun } from '../results/read-run.ts';
import { defaultFormats } from './formats.ts';
import { loadReporter, type LoadReporterModule } from './load-reporter.ts';
import type { Report } from './reporter.ts';

/** The formats that are asked for, and beside them the one for GitHub where a job of it runs this. */
export const withGithub = (names: readonly string[]): string[] =>
  process.env['GITHUB_ACTIONS'] === 'true' ? [...new Set([...names, 'github'])] : [...names];

/** What reports show beside the results. */
export interface View {
  expectations?: Expectations;
  comparison?: Comparison | null;
  /** What `outlineOf` made of the run, where that was asked before. */
  run?: RunOutline;
  /** Loads a module of the user's; default: Node does. */
  load?: LoadReporterModule;
}

/**
 * Writes reports into the folder of a run, over earlier ones. Nothing is written through a link: what is in the way
 * is replaced. A file that cannot be read or written is left out alone.
 * @param names formats, or modules as `loadReporter` takes them
 * @returns what could not be read or written, a sentence each
 */
export async function writeReports(
  stored: StoredRun,
  dir: string,
  names: readonly string[] = defaultFormats,
  { expectations = noExpectations, comparison = null, run, load }: View = {},
): Promise<string[]> {
  const problems = new Set<string>();
  const report: Report = {
    run: run ?? (await outlineOf(stored)),
    cells: () => stored.cells(),
    results: () => wholeOf(stored),
    dir,
    expectations,
    comparison,
    say: (problem) => void problems.add(problem),
  };
  for (const name of names) {
    try {
      const { write } = await loadReporter(name, load);
      await write(report);
    } catch (error) {
      problems.add(`The report ${name} is not written: ${messageOf(error)}`);
    }
  }
  return [...problems];
}
