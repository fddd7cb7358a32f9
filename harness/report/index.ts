import { messageOf } from '../errors.ts';
import { noExpectations, type Expectations } from '../results/expectations.ts';
import type { Results } from '../results/schema.ts';
import { formatNames, type Format } from './formats.ts';

/** Hears of a file that could not be read or written, a sentence; the rest of the report is written. */
export type Say = (problem: string) => void;

/** Writes one report of a run into its folder, from the results and the evidence there alone, and from what is known of failures. */
export type Write = (results: Results, dir: string, expectations: Expectations, say: Say) => Promise<void>;

/** Each format's libraries are loaded when it is written only. */
const formats = {
  html: () => import('./html/write.ts'),
  summary: () => import('./summary.ts'),
  junit: () => import('./junit.ts'),
  allure: () => import('./allure.ts'),
  compat: () => import('./compat.ts'),
} as const satisfies Record<Format, () => Promise<{ write: Write }>>;

/**
 * Loads what writes reports, ahead of need: Ctrl+C also ends the compiler that belongs to this process, and what is not
 * loaded by then cannot be any more.
 */
export async function loadReports(names: readonly Format[]): Promise<void> {
  await Promise.all(names.map((name) => formats[name]()));
}

/**
 * Writes reports into the folder of a run, over earlier ones. Nothing is written through a link: what is in the way
 * is replaced. A file that cannot be read or written costs itself alone.
 * @returns what could not be read or written, a sentence each
 */
export async function writeReports(
  results: Results,
  dir: string,
  names: readonly Format[] = formatNames,
  expectations: Expectations = noExpectations,
): Promise<string[]> {
  const problems = new Set<string>();
  for (const name of names) {
    try {
      const { write } = await formats[name]();
      await write(results, dir, expectations, (problem) => problems.add(problem));
    } catch (error) {
      problems.add(`The report ${name} is not written: ${messageOf(error)}`);
    }
  }
  return [...problems];
}
