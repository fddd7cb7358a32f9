import { noExpectations, type Expectations } from '../results/expectations.ts';
import type { Results } from '../results/schema.ts';
import { formatNames, type Format } from './formats.ts';

/** Writes one report of a run into its folder, from the results and the evidence there alone, and from what is known of failures. */
export type Write = (results: Results, dir: string, expectations: Expectations) => Promise<void>;

/** Each format's libraries are loaded when it is written only. */
const formats = {
  html: () => import('./html/write.ts'),
  summary: () => import('./summary.ts'),
  junit: () => import('./junit.ts'),
  allure: () => import('./allure.ts'),
} as const satisfies Record<Format, () => Promise<{ write: Write }>>;

/**
 * Writes reports into the folder of a run, over earlier ones.
 * @throws {IncompleteError} `results-not-writable`
 */
export async function writeReports(
  results: Results,
  dir: string,
  names: readonly Format[] = formatNames,
  expectations: Expectations = noExpectations,
): Promise<void> {
  for (const name of names) await (await formats[name]()).write(results, dir, expectations);
}
