import Table from 'cli-table3';
import pc from 'picocolors';
import { plain, plainLines } from '../plain.ts';
import { noExpectations, type Expectations } from '../results/expectations.ts';
import type { RunOutline } from '../results/outline.ts';
import { sectionsOf, sectionWords, type Group, type Section, type SectionKind } from './page/groups.ts';
import { matrixOf, type Matrix, type Model, type Tally } from './page/model.ts';
import { browserName, count, sentenceOf } from './page/words.ts';
import { modelOfRun } from './report-index.ts';
import { problemsOf } from '../results/totals.ts';
import { countedCells, verdictOf } from './verdict.ts';
import { whyOf } from './why.ts';

export interface TerminalOptions {
  colour: boolean;
  /** Columns of the terminal. */
  width: number;
}

const causesAtMost = 50;
/** The same for what is not news. */
const quietAtMost = 10;
const cellsNamed = 3;
const longest = 300;
type Colours = ReturnType<typeof pc.createColors>;
type Paint = (text: string) => string;

function paintOf({ green, yellow, red, dim, cyan }: Colours, kind: SectionKind): Paint {
  const by = {
    new: red,
    lost: red,
    fixed: green,
    flaky: yellow,
    known: dim,
    lacking: dim,
    out: cyan,
    passed: green,
  } satisfies Record<SectionKind, Paint>;
  return by[kind];
}

/** `145/148 ✗1 ○2`: passed of those that were judged, then what the rest is. */
function tallyText(tally: Tally, colours: Colours): string {
  if (tally.cells === 0) return '';
  const { judged, passed, new: fresh, lost, known, flaky } = tally;
  const notes: [number, SectionKind][] = [
    [fresh, 'new'],
    [lost, 'lost'],
    [known, 'known'],
    [flaky, 'flaky'],
  ];
  const all = judged === 0 ? '–' : `${String(passed)}/${String(judged)}`;
  const shown = judged > 0 && passed === judged && lost === 0 ? colours.green(all) : all;
  return [
    shown,
    ...notes.flatMap(([number, kind]) =>
      number === 0 ? [] : [paintOf(colours, kind)(`${sectionWords[kind].sign}${String(number)}`)],
    ),
  ].join(' ');
}

const widthOf = (text: string): number =>
  text.split('\n').reduce((widest, line) => Math.max(widest, line.length), 0);

/** Pairs down, areas across; areas that do not fit beside one another come in further tables. */
function matrixTables(model: Model, matrix: Matrix, colours: Colours, width: number): string[] {
  const { pairs } = model.index;
  const tableOf = (areas: Matrix['areas'], paint: Colours): string => {
    const made = new Table({
      head: ['offers → answers', ...areas.map(({ name }) => plain(name))],
      style: { head: [], border: [], compact: true },
    });
    for (const [at, { offerer, answerer }] of pairs.entries()) {
      const tallies = areas.map((area) => area.pairs[at]);
      if (model.outOfIt.has(at) || tallies.every((tally) => (tally?.cells ?? 0) === 0)) continue;
      made.push([
        plain(answerer === null ? `${offerer} alone` : `${offerer} → ${answerer}`),
        ...tallies.map((tally) => (tally === undefined ? '' : tallyText(tally, paint))),
      ]);
    }
    return made.toString();
  };
  const bare = pc.createColors(false);
  const tables: string[] = [];
  const left = matrix.areas.filter(({ name }) => name !== 'canary');
  while (left.length > 0) {
    let number = left.length;
    while (number > 1 && widthOf(tableOf(left.slice(0, number), bare)) > width) number -= 1;
    tables.push(tableOf(left.splice(0, number), colours));
  }
  return tables;
}

/** One cause in some lines: what it is, how many cells, which, and the command for the first of them. */
function causeLines(model: Model, { kind }: Section, group: Group, colours: Colours): string[] {
  const { sign, title } = sectionWords[kind];
  const [first] = group.cells;
  const cause = model.cause(first);
  const where =
    cause === undefined ? '' : ` ${cause.phase === null ? cause.status : `${cause.status}@${cause.phase}`}`;
  const named = group.cells.slice(0, cellsNamed).map((cell) => {
    const { offerer, answerer } = model.pair(cell);
    return `${model.scenario(cell).id} ${answerer === null ? offerer : `${offerer} → ${answerer}`}`;
  });
  const more = group.cells.length - named.length;
  const why = plain(`${whyOf(model, group)}${group.bug === null ? '' : ` ${group.bug}`}`).slice(0, longest);
  const head = `${paintOf(colours, kind)(`${sign} ${title.toLowerCase()}${where} (${String(group.cells.length)})`)} ${why}`;
  if (kind === 'known' || kind === 'lacking') return [head];
  return [
    head,
    `  ${plain([...named, ...(more > 0 ? [`and ${String(more)} more`] : [])].join(', '))}`,
    ...(cause === undefined ? [] : [`  ${colours.dim(plain(cause.repro))}`]),
  ];
}

function sectionLines(model: Model, section: Section, colours: Colours): string[] {
  if (section.kind === 'passed') return [];
  const isNews =
    section.kind === 'new' || section.kind === 'lost' || section.kind === 'flaky' || section.kind === 'fixed';
  const shown = section.groups.slice(0, isNews ? causesAtMost : quietAtMost);
  const more = section.groups.length - shown.length;
  return [
    ...shown.flatMap((group) => causeLines(model, section, group, colours)),
    ...(more > 0
      ? [
          `  and ${count(more, 'more cause')} of ${sectionWords[section.kind].title.toLowerCase()} in the report (index.html)`,
        ]
      : []),
    '',
  ];
}

/** Expectations that no longer hold. */
function outdatedLines(outline: RunOutline, expectations: Expectations, colours: Colours): string[] {
  const unmet = expectations
    .unmet(outline.cells)
    .map(({ scenarios, why }) =>
      colours.yellow(`holds no longer, take it out: ${plain(scenarios)}: ${plain(why)}`),
    );
  return unmet.length === 0 ? [] : [...unmet, ''];
}

/**
 * The run for a terminal: one matrix, then each cause once with the command that repeats its first cell, news last
 * (50 causes of a kind at most, 10 of what is known or missing), and the sentence at the end.
 */
export function renderMatrix(
  outline: RunOutline,
  { colour, width }: TerminalOptions,
  expectations: Expectations = noExpectations,
): string {
  const colours = pc.createColors(colour);
  const model = modelOfRun(outline, expectations);
  const matrix = matrixOf(model);
  // A browser that cannot connect is mentioned once, and not for each of its pairs.
  const cells = Array.from({ length: model.size }, (_, cell) => cell).filter(
    (cell) => !model.outOfIt.has(model.index.cells.pair[cell] ?? 0) || model.news(cell) !== 'none',
  );
  const sections = sectionsOf(model, cells);
  const verdict = verdictOf(outline, expectations);
  const { canaries } = countedCells(outline);
  const tone = { good: colours.green, bad: colours.red, incomplete: colours.yellow }[verdict.kind];
  const quietFirst = sections.toSorted((one, other) => Number(isQuiet(other)) - Number(isQuiet(one)));
  return [
    '',
    ...matrixTables(model, matrix, colours, width),
    ...model.index.browsers
      .filter(({ connects }) => connects === false)
      .map((browser) => plain(`– ${browserName(browser)} has no RTCPeerConnection: its pairs are left out`)),
    '',
    // The last lines are the ones that a reader sees: news comes after what is known.
    ...quietFirst.flatMap((section) => sectionLines(model, section, colours)),
    ...outdatedLines(outline, expectations, colours),
    ...problemsOf(outline.run).map(({ message }) => colours.red(plainLines(message))),
    [verdict.sentence, ...(canaries === null ? [] : [`${canaries}.`])].map(plain).join(' '),
    colours.bold(tone(plain(sentenceOf(model.index, matrix.all)))) +
      ` · ${model.index.browsers.map((browser) => plain(browserName(browser))).join(', ')}`,
    '',
  ].join('\n');
}

const isQuiet = ({ kind }: Section): boolean => kind === 'known' || kind === 'lacking' || kind === 'out';
