import type { Results } from '../results/schema.ts';
import { write as allure } from './allure.ts';
import { write as html } from './html/write.ts';
import { write as junit } from './junit.ts';
import { write as summary } from './summary.ts';

/** Writes one report of a run into its folder, from the results and the evidence there alone. */
export type Write = (results: Results, dir: string) => Promise<void>;

export const formats = { html, summary, junit, allure } as const satisfies Record<string, Write>;
export type Format = keyof typeof formats;

export const isFormat = (name: string): name is Format => Object.hasOwn(formats, name);
export const formatNames: readonly Format[] = Object.keys(formats).filter(isFormat);

/**
 * Writes reports into the folder of a run, over earlier ones.
 * @throws {IncompleteError} `results-not-writable`
 */
export async function writeReports(
  results: Results,
  dir: string,
  names: readonly Format[] = formatNames,
): Promise<void> {
  for (const name of names) await formats[name](results, dir);
}
