import { compareRuns, isWorse, type Comparison } from '../compare/compare.ts';
import { comparisonJson } from '../report/comparison-json.ts';
import { comparisonMarkdown } from '../report/comparison-markdown.ts';
import { renderComparison } from '../report/comparison-terminal.ts';
import { readExpectations } from '../results/expectations.ts';
import { readWholeRun } from '../results/whole-run.ts';
import { exitCodes } from './exit-codes.ts';
import { printWarning } from './say.ts';

/** The options of `diff`, as commander gives them. */
export interface DiffFlags {
  expectations: string;
  json?: boolean;
  markdown?: boolean;
}

function render(comparison: Comparison, { json, markdown }: DiffFlags): string {
  if (json === true) return JSON.stringify(comparisonJson(comparison), null, 2);
  if (markdown === true) return comparisonMarkdown(comparison);
  return renderComparison(comparison, { colour: process.stdout.isTTY && process.stdout.hasColors() });
}

/**
 * `webrtc-interop diff`.
 * @returns 1 if something got worse, 3 if the later run is incomplete, as what it did not reach may be worse
 * @throws {UsageError} if a run cannot be read, or the two cannot be compared
 */
export async function diffCommand(before: string, after: string, flags: DiffFlags): Promise<number> {
  const [was, is] = await Promise.all([readWholeRun(before), readWholeRun(after)]);
  const comparison = compareRuns(was, is, await readExpectations(flags.expectations, is.browsers));
  process.stdout.write(`${render(comparison, flags)}\n`);
  if (isWorse(comparison)) return exitCodes.unexpected;
  if (is.run.complete) return exitCodes.ok;
  printWarning(`${after} is not complete: what it did not reach may be worse.`);
  return exitCodes.incomplete;
}
