import type { Comparison } from '../compare/compare.ts';
import { messageOf } from '../errors.ts';
import { noExpectations, type Expectations } from '../results/expectations.ts';
import type { Results } from '../results/schema.ts';
import { defaultFormats } from './formats.ts';
import { loadReporter, type LoadReporterModule } from './load-reporter.ts';

/** The formats that are asked for, and beside them the one for GitHub where a job of it runs this. */
export const withGithub = (names: readonly string[]): string[] =>
  process.env['GITHUB_ACTIONS'] === 'true' ? [...new Set([...names, 'github'])] : [...names];

/** What reports show beside the results. */
export interface View {
  expectations?: Expectations;
  comparison?: Comparison | null;
  /** Loads a module of the user's; default: Node does. */
  load?: LoadReporterModule;
}

/**
 * Writes reports into the folder of a run, over earlier ones. Nothing is written through a link: what is in the way
 * is replaced. A file that cannot be read or written costs itself alone.
 * @param names formats, or modules as `loadReporter` takes them
 * @returns what could not be read or written, a sentence each
 */
export async function writeReports(
  results: Results,
  dir: string,
  names: readonly string[] = defaultFormats,
  { expectations = noExpectations, comparison = null, load }: View = {},
): Promise<string[]> {
  const problems = new Set<string>();
  for (const name of names) {
    try {
      const { write } = await loadReporter(name, load);
      await write({ results, dir, expectations, comparison, say: (problem) => problems.add(problem) });
    } catch (error) {
      problems.add(`The report ${name} is not written: ${messageOf(error)}`);
    }
  }
  return [...problems];
}
