import { join } from 'node:path';
import type { Comparison } from '../compare/compare.ts';
import { noExpectations, type Expectations } from '../results/expectations.ts';
import type { RunOutline } from '../results/outline.ts';
import { writeAtomically } from '../results/write-atomically.ts';
import { comparisonSentence } from './comparison-text.ts';
import { inline, table, text } from './markdown.ts';
import { sectionsOf, sectionWords, type Group, type Section } from './page/groups.ts';
import { matrixOf, type Matrix, type Model, type Tally } from './page/model.ts';
import { browserName, count, namesOf, pairInWords, sentenceOf, whenOf } from './page/words.ts';
import type { Reporter } from './reporter.ts';
import { modelOfRun } from './report-index.ts';
import { whyOf } from './why.ts';

/** The largest number of lines that it has, so that people read it. */
export const mostLines = 40;
/** Lines that are always there: the head, the foot, and what stands around the matrix. */
const fixedLines = 12;
const areasShown = 10;
const cellsNamed = 3;
/** How much of one text is shown. GitHub drops a step summary of more than 1 MiB entirely. */
const longest = 300;

const signs = { good: '✓', bad: '✗', incomplete: '!' } as const;

function causeLine(model: Model, { kind }: Section, group: Group): string {
  const nameOf = namesOf(model.index.browsers);
  const named = group.cells
    .slice(0, cellsNamed)
    .map((cell) => text(`${model.scenario(cell).id}, ${pairInWords(model.pair(cell), nameOf)}`));
  const more = group.cells.length - named.length;
  const repro = model.cause(group.cells[0])?.repro;
  const again =
    repro !== undefined && (kind === 'new' || kind === 'lost') ? `: ${inline(repro.slice(0, longest))}` : '';
  const bug = group.bug === null ? '' : ` (${text(group.bug)})`;
  return `- ${sectionWords[kind].sign} ${text(whyOf(model, group).slice(0, longest))}${bug} — ${named.join('; ')}${more > 0 ? `; and ${String(more)} more` : ''}${again}`;
}

/** What is news, by kind and cause; what there is no room for is only counted. */
function newsLines(model: Model, sections: readonly Section[], room: number): string[] {
  const lines: string[] = [];
  for (const section of sections) {
    const left = room - lines.length;
    if (left < 4) break;
    const shown = section.groups.slice(0, left - 4);
    const more = section.groups.length - shown.length;
    lines.push(
      `### ${sectionWords[section.kind].title}: ${count(section.cells, 'cell')}`,
      '',
      ...shown.map((group) => causeLine(model, section, group)),
      ...(more > 0 ? [`- and ${count(more, 'more cause')}`] : []),
      '',
    );
  }
  return lines;
}

function tile({ judged, passed, new: fresh, lost, known, flaky }: Tally): string {
  if (judged === 0) return '–';
  const notes = [
    ...(fresh > 0 ? [`✗ ${String(fresh)} new`] : []),
    ...(lost > 0 ? [`↓ ${String(lost)} lost`] : []),
    ...(known > 0 ? [`○ ${String(known)} known`] : []),
    ...(flaky > 0 ? [`↻ ${String(flaky)} flaky`] : []),
  ];
  return [`${passed === judged ? '✓ ' : ''}${String(passed)}/${String(judged)}`, ...notes].join('<br>');
}

function matrixText(model: Model, matrix: Matrix): string {
  const nameOf = namesOf(model.index.browsers);
  const pairs = model.index.pairs.flatMap((pair, at) => (model.outOfIt.has(at) ? [] : [{ pair, at }]));
  const areas = matrix.areas.filter(({ name }) => name !== 'canary');
  return table(
    ['', ...pairs.map(({ pair }) => text(pairInWords(pair, nameOf)))],
    areas.slice(0, areasShown).map(({ name, pairs: tallies }) => [
      `**${text(name)}**`,
      ...pairs.map(({ at }) => {
        const tally = tallies[at];
        return tally === undefined || tally.cells === 0 ? '' : tile(tally);
      }),
    ]),
  );
}

/** `summary.md`: news first, then the matrix, on one page at most. */
export function summaryOf(
  outline: RunOutline,
  expectations: Expectations = noExpectations,
  comparison: Comparison | null = null,
): string {
  const model = modelOfRun(outline, expectations);
  const { index } = model;
  const matrix = matrixOf(model);
  const cells = Array.from({ length: model.size }, (_, cell) => cell);
  const sections = sectionsOf(model, cells);
  const news = sections.filter(
    ({ kind }) => kind === 'new' || kind === 'lost' || kind === 'fixed' || kind === 'flaky',
  );
  const known = sections.find(({ kind }) => kind === 'known');
  const areas = Math.min(matrix.areas.length, areasShown);
  const without = index.browsers.filter(({ connects }) => connects === false);
  const rest = [
    ...(known === undefined
      ? []
      : [`${count(known.cells, 'known failure')} of ${count(known.groups.length, 'cause')}`]),
    ...(matrix.areas.length > areasShown ? [`${String(matrix.areas.length - areasShown)} more areas`] : []),
    ...without.map(
      (browser) => `${text(browserName(browser))} has no RTCPeerConnection, so its pairs are left out`,
    ),
  ];
  return `${[
    `## webrtc-interop: ${signs[index.verdict.kind]} ${text(sentenceOf(index, matrix.all))}`,
    '',
    `${index.browsers.map((browser) => text(browserName(browser))).join(', ')}; ${text(whenOf(index.run.startedAt))}. ${text(index.verdict.sentence)}${comparison === null ? '' : ` ${text(comparisonSentence(comparison))}`}`,
    '',
    ...newsLines(model, news, mostLines - fixedLines - areas),
    ...(index.pairs.length === model.outOfIt.size ? [] : [matrixText(model, matrix), '']),
    [...rest, 'all of it is in index.html'].join('; ') + '.',
  ].join('\n')}\n`;
}

export const write: Reporter['write'] = ({ run, dir, expectations, comparison }) =>
  writeAtomically(join(dir, 'summary.md'), summaryOf(run, expectations, comparison));
