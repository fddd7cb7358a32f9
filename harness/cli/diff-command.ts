import { between, type TwoBrowsers } from '../compare/between.ts';
import { compareRuns, isWorse, type Comparison } from '../compare/compare.ts';
import { comparisonJson } from '../report/comparison-json.ts';
import { comparisonMarkdown } from '../report/comparison-markdown.ts';
import { renderComparison } from '../report/comparison-terminal.ts';
import { UsageError } from '../errors.ts';
import { readExpectations } from '../results/expectations.ts';
import { readWholeRun } from '../results/whole-run.ts';
import { exitCodes } from './exit-codes.ts';
import { printWarning } from './say.ts';

/** The options of `diff`, as commander gives them. */
export interface DiffFlags {
  expectations: string;
  between?: string[];
  json?: boolean;
  markdown?: boolean;
}

function render(comparison: Comparison, { json, markdown }: DiffFlags): string {
  if (json === true) return JSON.stringify(comparisonJson(comparison), null, 2);
  if (markdown === true) return comparisonMarkdown(comparison);
  return renderComparison(comparison, { colour: process.stdout.isTTY && process.stdout.hasColors() });
}

/** @throws {UsageError} `bad-pair` */
function twoOf(named: readonly string[] | undefined): TwoBrowsers | undefined {
  if (named === undefined) return undefined;
  const [earlier, later, ...more] = named;
  if (earlier !== undefined && later !== undefined && earlier !== later && more.length === 0)
    return [earlier, later];
  throw new UsageError(
    'bad-pair',
    `--between ${named.join(',')} is not understood. Name two browsers, the earlier one first: chrome@150,chrome@156.`,
  );
}

/**
 * `webrtc-interop diff`.
 * @returns 1 if something got worse, 3 if the later run is incomplete, as what it did not reach may be worse
 * @throws {UsageError} if a run cannot be read, or the two cannot be compared
 */
export async function diffCommand(
  before: string,
  named: string | undefined,
  flags: DiffFlags,
): Promise<number> {
  const two = twoOf(flags.between);
  const after = named ?? (two && before);
  if (after === undefined) {
    throw new UsageError(
      'no-results',
      'Name two runs, or one and two of its browsers: --between chrome@150,chrome@156.',
    );
  }
  const runs = await Promise.all([readWholeRun(before), readWholeRun(after)]);
  const { before: was, after: is } = two
    ? between(runs[0], runs[1], two)
    : { before: runs[0], after: runs[1] };
  const comparison = compareRuns(was, is, await readExpectations(flags.expectations, is.browsers));
  process.stdout.write(`${render(comparison, flags)}\n`);
  if (isWorse(comparison)) return exitCodes.unexpected;
  if (is.run.complete) return exitCodes.ok;
  printWarning(`${after} is not complete: what it did not reach may be worse.`);
  return exitCodes.incomplete;
}
