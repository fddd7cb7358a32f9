import { join } from 'node:path';
import type { Comparison } from '../compare/compare.ts';
import { noExpectations, type Expectations } from '../results/expectations.ts';
import type { Cell, Results } from '../results/schema.ts';
import { writeAtomically } from '../results/write-atomically.ts';
import { comparisonMarkdown } from './comparison-markdown.ts';
import { earlierAttempts, reasonText } from './ci-outcome.ts';
import type { Reporter } from './reporter.ts';
import {
  areasOf,
  failureGroups,
  knownFailures,
  pairName,
  type AreaView,
  type FailureGroup,
} from './matrix.ts';
import { code, table, text } from './markdown.ts';
import { signs, sumOf } from './outcome-look.ts';
import { countedCells, verdictOf } from './verdict.ts';

/** GitHub drops a step summary beyond 1 MiB (1,048,576 bytes) as a whole; this leaves room for what is around it. */
export const mostBytes = 1_000_000;
const noteBytes = 300;

const sumText = (cells: readonly Cell[]): string =>
  sumOf(cells)
    .map(({ sign, words, count }) => `${text(sign)} ${cells.length === 1 ? '' : `${count} `}${text(words)}`)
    .join('<br>');

function matrixText({ name, pairs, singles }: AreaView): string {
  const parts = [`### ${text(name)}`];
  if (pairs.offerers.length > 0) {
    const rows = pairs.offerers.map((offerer) => [
      `**${text(offerer)}**`,
      ...pairs.answerers.map((answerer) => sumText(pairs.at(offerer, answerer))),
    ]);
    parts.push(table(['offers ↓ answers →', ...pairs.answerers.map(text)], rows));
  }
  if (singles.size > 0)
    parts.push(table([...singles.keys()].map(text), [[...singles.values()].map(sumText)]));
  return parts.join('\n\n');
}

function failureText({ signature, cells }: FailureGroup): string {
  const [first] = cells;
  const shown = cells.slice(0, 20);
  const more = cells.length - shown.length;
  return [
    `<details><summary>${signs[first.status]} ${text(signature.slice(0, 300))} (${cells.length})</summary>`,
    ...(first.reason === null ? [] : [code(`${first.reason.code}: ${first.reason.message.slice(0, 4000)}`)]),
    shown.map((cell) => `- ${text(cell.scenario)} ${text(pairName(cell))}`).join('\n') +
      (more > 0 ? `\n- and ${more} more` : ''),
    'Run the first of them again:',
    code(first.repro),
    '</details>',
  ].join('\n\n');
}

/** A pass that needed further attempts, and what became of those before. */
const flakyText = (cell: Cell): string =>
  [
    `- Flaky: ${text(`${cell.scenario}, ${pairName(cell)}`)}`,
    ...earlierAttempts(cell).map(
      (attempt, at) => `  - attempt ${at + 1}: ${text(reasonText(attempt).slice(0, 400))}`,
    ),
  ].join('\n');

/** A known failure, and where it was seen. */
const knownText = ({ expectation: { why, bug }, cells }: ReturnType<typeof knownFailures>[number]): string =>
  [
    `- Known: ${text(why)}${bug === undefined ? '' : ` (${text(bug)})`}`,
    ...cells.map((cell) => `  - ${text(`${cell.scenario}, ${pairName(cell)}`)}`),
  ].join('\n');

function head(results: Results, expectations: Expectations): string {
  const { run } = results;
  const { counted, canaries } = countedCells(results);
  const sums = sumOf(counted);
  const { kind, sentence } = verdictOf(results, expectations);
  const { os, osVersion, arch, node } = run.environment;
  return [
    '## webrtc-interop',
    `**${{ good: signs.pass, bad: signs.fail, incomplete: signs.error }[kind]} ${text(sentence)}**`,
    ...(sums.length === 0
      ? []
      : [
          table(
            sums.map(({ sign, words }) => `${text(sign)} ${text(words)}`),
            [sums.map(({ count }) => String(count))],
          ),
        ]),
    ...(canaries === null ? [] : [`Canaries: ${text(canaries)}.`]),
    `Run ${text(run.id)}, begun ${text(run.startedAt)}, on ${text(`${os} ${osVersion} ${arch}`)}, Node ${text(node)}.`,
  ].join('\n\n');
}

const browsersText = ({ browsers }: Results): string =>
  [
    '### Browsers',
    table(
      ['id', 'product', 'version', 'driver'],
      browsers.map(({ id, product, version, driver }) =>
        [id, product, version, `${driver.name} ${driver.version}`].map(text),
      ),
    ),
  ].join('\n\n');

/**
 * `summary.md`: what is different from the baseline, the matrix by area and what is unexpected, below 1 MiB whatever the run.
 * @param most bytes at most; where other text shares GitHub's limit, what that leaves
 */
export function summaryOf(
  results: Results,
  expectations: Expectations = noExpectations,
  comparison: Comparison | null = null,
  most: number = mostBytes,
): string {
  const parts = [head(results, expectations)];
  let bytes = Buffer.byteLength(head(results, expectations)) + noteBytes;
  /** Adds what fits, the most important first, and says what did not. */
  const addAll = (what: string, texts: readonly string[]): void => {
    let left = 0;
    for (const part of texts) {
      const size = Buffer.byteLength(part) + 2;
      if (left > 0 || bytes + size > most) left += 1;
      else {
        parts.push(part);
        bytes += size;
      }
    }
    if (left === 0) return;
    const note = `_${left} more ${what} left out to stay below 1 MiB; index.html has them all._`;
    parts.push(note);
    bytes += Buffer.byteLength(note) + 2;
  };
  if (comparison !== null)
    addAll('comparisons', [`### Against the baseline\n\n${comparisonMarkdown(comparison)}`]);
  addAll('areas', areasOf(results).map(matrixText));
  addAll('kinds of failure', failureGroups(results, expectations).map(failureText));
  addAll('flaky passes', results.cells.filter(({ flaky }) => flaky).map(flakyText));
  addAll('known failures', knownFailures(results, expectations).map(knownText));
  addAll('lists of browsers', [browsersText(results)]);
  return `${parts.join('\n\n')}\n`;
}

export const write: Reporter['write'] = ({ results, dir, expectations, comparison }) =>
  writeAtomically(join(dir, 'summary.md'), summaryOf(results, expectations, comparison));
