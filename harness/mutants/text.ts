import CliTable from 'cli-table3';
import type { KindTally, MutantTally } from './tally.ts';
import { idle, unseen } from './tally.ts';

const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((part * 100) / whole).toFixed(0)} %`;

const sumOf = (kinds: readonly KindTally[]): Omit<KindTally, 'kind'> =>
  kinds.reduce(
    (sum, { mutants, idle, seen, cells, cellsSeen, cellsWrong }) => ({
      mutants: sum.mutants + mutants,
      idle: sum.idle + idle,
      seen: sum.seen + seen,
      cells: sum.cells + cells,
      cellsSeen: sum.cellsSeen + cellsSeen,
      cellsWrong: sum.cellsWrong + cellsWrong,
    }),
    { mutants: 0, idle: 0, seen: 0, cells: 0, cellsSeen: 0, cellsWrong: 0 },
  );

const rowOf = (
  name: string,
  { mutants, idle, seen, cells, cellsSeen, cellsWrong }: Omit<KindTally, 'kind'>,
): string[] => [
  name,
  String(mutants),
  `${String(seen)} (${percent(seen, mutants)})`,
  String(idle),
  String(cells),
  `${String(cellsSeen)} (${percent(cellsSeen, cells)})`,
  String(cellsWrong),
];

const head = [
  'kind',
  'breaks',
  'seen by a scenario',
  'bit nowhere',
  'cells',
  'seen in cells',
  'red, wrong reason',
];

const rowsOf = (kinds: readonly KindTally[]): string[][] => [
  ...kinds.map((tally) => rowOf(tally.kind, tally)),
  rowOf('all', sumOf(kinds)),
];

/** The kill rates as a table for a terminal. */
export function kindTable(kinds: readonly KindTally[]): string {
  const table = new CliTable({ head, style: { head: [], border: [] } });
  table.push(...rowsOf(kinds));
  return table.toString();
}

/** Per break, which scenarios see it; those that none sees come first. */
export function byMutant(tallies: readonly MutantTally[]): string {
  const line = ({ id, seenBy, wrongIn, survivedIn }: MutantTally) =>
    [
      `${id}: seen in ${String(seenBy.length)} of ${String(seenBy.length + wrongIn.length + survivedIn.length)}`,
      ...survivedIn.map((place) => `  green in ${place}`),
      ...wrongIn.map((place) => `  wrong reason in ${place}`),
    ].join('\n');
  const none = unseen(tallies);
  const some = tallies.filter(
    (tally) => !none.includes(tally) && tally.survivedIn.length + tally.wrongIn.length > 0,
  );
  return [
    `Breaks that no scenario sees for the right reason (${String(none.length)}):`,
    ...none.map(line),
    '',
    `Breaks that bit nowhere (${String(idle(tallies).length)}): ${idle(tallies)
      .map(({ id }) => id)
      .join(', ')}`,
    '',
    `Breaks that some cells do not see (${String(some.length)}):`,
    ...some.map(line),
  ].join('\n');
}

/** Per scenario, which breaks it sees and which it lets through. */
export function byScenario(tallies: readonly MutantTally[]): string {
  const scenarios = new Map<string, { seen: string[]; missed: string[] }>();
  const of = (place: string) => {
    const name = place.split(' ')[0] ?? place;
    const found = scenarios.get(name) ?? { seen: [], missed: [] };
    scenarios.set(name, found);
    return found;
  };
  for (const { id, seenBy, wrongIn, survivedIn } of tallies) {
    for (const place of seenBy) of(place).seen.push(id);
    for (const place of [...survivedIn, ...wrongIn]) of(place).missed.push(id);
  }
  return [...scenarios]
    .toSorted(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, { seen, missed }]) =>
      [
        `${name}: sees ${String(seen.length)} of ${String(seen.length + missed.length)}`,
        ...(seen.length > 0 ? [`  sees ${seen.join(', ')}`] : []),
        ...(missed.length > 0 ? [`  misses ${missed.join(', ')}`] : []),
      ].join('\n'),
    )
    .join('\n');
}
