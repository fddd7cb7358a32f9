import type { Comparison } from '../compare/compare.ts';
import { messageOf } from '../errors.ts';
import { noExpectations, type Expectations } from '../results/expectations.ts';
import { outlineOf, type RunOutline } from '../results/outline.ts';
import { wholeOf, type StoredRun } from '../results/read-run.ts';
import { defaultFormats } from './formats.ts';
import { loadReporter, type LoadReporterModule } from './load-reporter.ts';
import type { Report } from './reporter.ts';

/** The formats that were asked for, plus the one for GitHub if one of its jobs runs this. */
export const withGithub = (names: readonly string[]): string[] =>
  process.env['GITHUB_ACTIONS'] === 'true' ? [...new Set([...names, 'github'])] : [...names];

/** What reports show besides the results. */
export interface View {
  expectations?: Expectations;
  comparison?: Comparison | null;
  /** What `outlineOf` made of the run, if it was called before. */
  run?: RunOutline;
  /** Loads a module of the user's; default: Node does. */
  load?: LoadReporterModule;
}

/**
 * Writes reports into the folder of a run, over earlier ones. Nothing is written through a link: what is in the way
 * is replaced. If a file cannot be read or written, only that file is left out.
 * @param names formats, or modules as `loadReporter` takes them
 * @returns what could not be read or written, in one sentence each
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
