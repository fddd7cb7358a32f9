import Table from 'cli-table3';
import pc from 'picocolors';
import { plain, plainLines } from '../plain.ts';
import { noExpectations, type Expectations } from '../results/expectations.ts';
import type { Cell, Results } from '../results/schema.ts';
import { isUnexpected, problemsOf } from '../results/totals.ts';
import { earlierAttempts, reasonText } from './ci-outcome.ts';
import { areasOf, knownFailures, leftOut, pairName, type AreaView } from './matrix.ts';
import { sumOf, worstLook, type Look } from './outcome-look.ts';
import { countedCells, verdictOf } from './verdict.ts';

export interface TerminalOptions {
  colour: boolean;
  /** Columns of the terminal. */
  width: number;
}

const listedAtMost = 50;
const causesAtMost = 10;
type Colours = ReturnType<typeof pc.createColors>;

function paint(colours: Colours, tone: Look['tone']): (text: string) => string {
  const { green, yellow, red, magenta, blue, dim } = colours;
  const by = {
    pass: green,
    flaky: yellow,
    fail: red,
    timeout: yellow,
    crash: magenta,
    error: blue,
    unsupported: dim,
    skipped: dim,
    notrun: dim,
  } satisfies Record<Look['tone'], (text: string) => string>;
  return by[tone];
}

/** `✓12 ✗1`: what has one sign is one sum. */
function signSums(cells: readonly Cell[], colours: Colours): string {
  const sums = new Map<string, ReturnType<typeof sumOf>[number]>();
  for (const sum of sumOf(cells)) {
    sums.set(sum.sign, { ...sum, count: sum.count + (sums.get(sum.sign)?.count ?? 0) });
  }
  return [...sums.values()].map(({ tone, sign, count }) => paint(colours, tone)(`${sign}${count}`)).join(' ');
}

/** `wide` says words (`✓ 12 pass`), otherwise signs only. */
function sumText(cells: readonly Cell[], colours: Colours, wide: boolean): string {
  if (cells.length === 0) return '';
  if (!wide) return signSums(cells, colours);
  return sumOf(cells)
    .map(({ tone, sign, words, count }) =>
      paint(colours, tone)(`${sign} ${cells.length === 1 ? words : `${count} ${words}`}`),
    )
    .join('\n');
}

function tablesOf(area: AreaView, colours: Colours, wide: boolean): string[] {
  const style = { head: [], border: [], compact: true };
  const tables: string[] = [];
  if (area.pairs.offerers.length > 0) {
    const { offerers, answerers } = area.pairs;
    const table = new Table({ head: ['offers ↓  answers →', ...answerers.map(plain)], style });
    for (const offerer of offerers)
      table.push([
        plain(offerer),
        ...answerers.map((answerer) => sumText(area.pairs.at(offerer, answerer), colours, wide)),
      ]);
    tables.push(table.toString());
  }
  if (area.singles.size > 0) {
    const table = new Table({ head: ['alone', ...[...area.singles.keys()].map(plain)], style });
    table.push(['', ...[...area.singles.values()].map((cells) => sumText(cells, colours, wide))]);
    tables.push(table.toString());
  }
  return tables;
}

const widthOf = (text: string): number =>
  text.split('\n').reduce((widest, line) => Math.max(widest, line.length), 0);

/** The tables in words where the terminal is wide enough, else in signs. */
function fitted(area: AreaView, colours: Colours, width: number): string[] {
  const bare = pc.createColors(false);
  const wide = tablesOf(area, bare, true).every((table) => widthOf(table) <= width);
  return tablesOf(area, colours, wide);
}

function failureLines(cell: Cell, colours: Colours, expectations: Expectations): string[] {
  const at = cell.phase === null ? cell.status : `${cell.status}@${cell.phase}`;
  const lost = expectations.lost(cell);
  const why = lost === undefined ? '' : `lost support, ${lost}; `;
  const cause =
    cell.reason === null ? '' : plain(`${why}${cell.reason.code}: ${cell.reason.message}`).slice(0, 300);
  return [
    `${paint(colours, worstLook([cell]))(at)} ${plain(cell.scenario)} ${plain(pairName(cell))} ${cause}`,
    `  ${colours.dim(plain(cell.repro))}`,
  ];
}

/** The command that repeats the first of several cells. */
const firstOf = ([first]: readonly Cell[], colours: Colours): string =>
  first === undefined ? '' : `\n  ${colours.dim(plain(first.repro))}`;

/** What was left out, a line for each cause. */
function leftOutLines(results: Results, expectations: Expectations, colours: Colours): string[] {
  const groups = leftOut(results, expectations);
  const lines = groups.slice(0, causesAtMost).map(({ cause, cells }) => {
    const status = paint(colours, worstLook(cells))(cells[0].status);
    return `${status} (${cells.length}): ${plain(cause).slice(0, 300)}${firstOf(cells, colours)}`;
  });
  const more = groups.length - causesAtMost;
  return [
    ...lines,
    ...(more > 0 ? [`and ${more} more causes in the report (index.html)`] : []),
    ...(groups.length > 0 ? [''] : []),
  ];
}

/** Passes that needed further attempts, each with what became of those before. */
function flakyLines({ cells }: Results, colours: Colours): string[] {
  const flaky = cells.filter((cell) => cell.flaky);
  const lines = flaky
    .slice(0, listedAtMost)
    .flatMap((cell) => [
      `${colours.yellow('flaky')} ${plain(cell.scenario)} ${plain(pairName(cell))}`,
      ...earlierAttempts(cell).map(
        (attempt, at) => `  attempt ${at + 1}: ${colours.dim(plain(reasonText(attempt)).slice(0, 300))}`,
      ),
    ]);
  const more = flaky.length - listedAtMost;
  return flaky.length === 0 ? [] : [...lines, ...(more > 0 ? [`and ${more} more flaky passes`] : []), ''];
}

/** What failed as it was known to, and what is known no longer. */
function knownLines(results: Results, expectations: Expectations, colours: Colours): string[] {
  const known = knownFailures(results, expectations).map(
    ({ expectation: { scenarios, why, bug }, cells }) =>
      `known ${plain(scenarios)} (${cells.length}): ${colours.dim(plain(bug === undefined ? why : `${why} ${bug}`))}${firstOf(cells, colours)}`,
  );
  const unmet = expectations
    .unmet(results.cells)
    .map(({ scenarios, why }) =>
      colours.yellow(`holds no longer, take it out: ${plain(scenarios)}: ${plain(why)}`),
    );
  return known.length + unmet.length === 0 ? [] : [...known, ...unmet, ''];
}

/**
 * The run for a terminal: a matrix an area, each unexpected cell with its cause and the command that repeats
 * it (the first 50), what is known and what was left out by cause, and a sentence at the end.
 */
export function renderMatrix(
  results: Results,
  { colour, width }: TerminalOptions,
  expectations: Expectations = noExpectations,
): string {
  const colours = pc.createColors(colour);
  const unexpected = results.cells.filter((cell) => isUnexpected(cell, expectations));
  const { counted, canaries } = countedCells(results);
  const sums = sumOf(counted).map(({ tone: by, words, count }) => paint(colours, by)(`${count} ${words}`));
  const verdict = verdictOf(results, expectations);
  const tone = { good: colours.green, bad: colours.red, incomplete: colours.yellow }[verdict.kind];
  const more = unexpected.length - listedAtMost;
  return [
    ...areasOf(results).flatMap((area) => [
      '',
      colours.bold(plain(area.name)),
      ...fitted(area, colours, width),
    ]),
    '',
    ...unexpected.slice(0, listedAtMost).flatMap((cell) => failureLines(cell, colours, expectations)),
    ...(more > 0 ? [`and ${more} more in the report (index.html)`] : []),
    ...(unexpected.length > 0 ? [''] : []),
    ...flakyLines(results, colours),
    ...knownLines(results, expectations, colours),
    ...leftOutLines(results, expectations, colours),
    ...problemsOf(results.run).map(({ message }) => colours.red(plainLines(message))),
    `${colours.bold(tone(verdict.sentence))} ${[...sums, ...(canaries === null ? [] : [canaries])].join(' · ')}`,
    '',
  ].join('\n');
}
