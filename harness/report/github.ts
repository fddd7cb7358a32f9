import { appendFile, stat } from 'node:fs/promises';
import { messageOf } from '../errors.ts';
import { plain, plainLines } from '../plain.ts';
import type { Expectations } from '../results/expectations.ts';
import type { RunOutline } from '../results/outline.ts';
import { hasCode } from '../results/write-error.ts';
import { pairName } from '../results/pair-name.ts';
import { failureGroups, type FailureGroup } from './failure-groups.ts';
import type { Reporter } from './reporter.ts';
import { summaryOf } from './summary.ts';

/** GitHub drops a step summary of more than 1 MiB entirely. */
const mostBytes = 1024 * 1024;
/** How many annotations of each level GitHub shows for a step. */
const annotationsAtMost = 10;
const listedCells = 20;

/** Text in a workflow command, which line breaks end and in which percent signs escape. */
const data = (text: string): string =>
  plainLines(text).replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A');
/** Text in a property of such a command, which colons and commas end, too. */
const property = (text: string): string => data(plain(text)).replaceAll(':', '%3A').replaceAll(',', '%2C');

function annotationOf({ cells }: FailureGroup): string {
  const [first] = cells;
  const shown = cells.slice(0, listedCells).map((cell) => `${cell.scenario}, ${pairName(cell)}`);
  const more = cells.length > shown.length ? [`and ${cells.length - shown.length} more`] : [];
  const title = `${first.status} in ${first.scenario}, ${pairName(first)}${cells.length > 1 ? ` (${cells.length} cells)` : ''}`;
  const text = [
    first.reason === null ? first.status : `${first.reason.code}: ${first.reason.message.slice(0, 2000)}`,
    ...(cells.length > 1 ? [...shown, ...more] : []),
    `Again: ${first.repro}`,
  ].join('\n');
  return `::error title=${property(title)}::${data(text)}\n`;
}

/** One annotation for each group of equal failures, as workflow commands; the last of too many counts the rest. */
export function annotationsOf(results: RunOutline, expectations: Expectations): string {
  const groups = failureGroups(results, expectations);
  const fit = groups.length <= annotationsAtMost ? groups : groups.slice(0, annotationsAtMost - 1);
  const left = groups.length - fit.length;
  const rest =
    left === 0
      ? ''
      : `::error title=webrtc-interop::${left} more kinds of failure, see the summary of the job\n`;
  return `${fit.map(annotationOf).join('')}${rest}`;
}

/** How long a file is, in bytes; 0 if it does not exist. */
async function lengthOf(path: string): Promise<number> {
  try {
    return (await stat(path)).size;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return 0;
    throw error;
  }
}

/**
 * For GitHub Actions: the summary of the job's step, within the size that GitHub accepts, besides what other parts of it wrote
 * there, and an annotation for each group of failures. `run` and `report` write it by themselves if `GITHUB_ACTIONS`
 * is set.
 */
export const write: Reporter['write'] = async ({ run, expectations, comparison, say }) => {
  process.stdout.write(annotationsOf(run, expectations));
  const path = process.env['GITHUB_STEP_SUMMARY'];
  if (path === undefined || path === '') return;
  try {
    const room = mostBytes - (await lengthOf(path));
    const summary = summaryOf(run, expectations, comparison);
    // GitHub would drop all of a summary that is too long, whoever wrote it.
    if (Buffer.byteLength(summary) > room) say(`The step summary ${path} has no room left for this run.`);
    else await appendFile(path, summary);
  } catch (error) {
    say(`The step summary ${path} is not written: ${messageOf(error)}`);
  }
};
