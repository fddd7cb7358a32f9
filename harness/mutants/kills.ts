import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { kinds, mutants, type Kind, type Mutant } from '../../specs/breakages/catalogue.ts';
import { whyUnseen } from '../../specs/breakages/unseen.ts';
import { writeAtomically } from '../results/write-atomically.ts';
import { packageRoot } from '../run/environment.ts';
import type { MutantRecord } from './record.ts';
import { judge } from './tally.ts';

/** Places are `offerer:answerer scenario side`. */
const killsSchema = z.object({
  /** For each kind, how many breaks bit and how many were seen before the bounds and checks of issue 11. */
  before: z.record(z.enum(kinds), z.object({ bit: z.number(), seen: z.number() })),
  /** Breaks that a scenario sees for the right reason, each with the first place that did. */
  seen: z.record(z.string(), z.string()),
  /** Breaks that bit and that no scenario saw for the right reason, with the places where they were tried. */
  survived: z.record(z.string(), z.array(z.string())),
  /** Breaks that changed nothing wherever they were tried. */
  idle: z.array(z.string()),
});

/** What became of every break that was tried: the record that the rates in specs/README.md come from. */
export type Kills = z.infer<typeof killsSchema>;

const path = join(packageRoot, 'specs/kills.json');

export const readKills = async (): Promise<Kills> =>
  killsSchema.parse(JSON.parse(await readFile(path, 'utf8')));

export const writeKills = (kills: Kills): Promise<void> =>
  writeAtomically(path, `${JSON.stringify(kills, null, 2)}\n`);

/** Adds what a run of mutants found. What one place has seen stays seen. */
export function withRecord(
  kills: Kills,
  { pair, outcomes }: Pick<MutantRecord, 'pair' | 'outcomes'>,
  catalogue: readonly Mutant[] = mutants(),
): Kills {
  const seen = { ...kills.seen };
  const survived = { ...kills.survived };
  const idle = new Set(kills.idle);
  for (const { id, words } of catalogue) {
    for (const outcome of outcomes.filter(({ mutant }) => mutant === id)) {
      const place = `${pair} ${outcome.scenario} ${outcome.on}`;
      const judgement = judge(outcome, words);
      if (judgement === 'seen') seen[id] ??= place;
      else if (judgement === 'no-bite') idle.add(id);
      else survived[id] = [...new Set([...(survived[id] ?? []), place])].toSorted();
    }
  }
  const known = new Set(catalogue.map(({ id }) => id));
  const kept = <T>(entries: Record<string, T>, isKept: (id: string) => boolean): Record<string, T> =>
    Object.fromEntries(
      Object.entries(entries)
        .filter(([id]) => known.has(id) && isKept(id))
        .toSorted(([a], [b]) => (a < b ? -1 : 1)),
    );
  return {
    before: kills.before,
    seen: kept(seen, () => true),
    survived: kept(survived, (id) => seen[id] === undefined),
    idle: [...idle].filter((id) => known.has(id) && !seen[id] && !survived[id]).toSorted(),
  };
}

const kindOf = (id: string): string => id.split('/')[0] ?? '';

/** Counts for one kind: breaks in the catalogue, those that bit, and those that were seen. */
function rateOf({ seen, survived }: Kills, kind: Kind): { breaks: number; bit: number; seen: number } {
  const of = (ids: readonly string[]): number => ids.filter((id) => kindOf(id) === kind).length;
  const found = of(Object.keys(seen));
  return {
    breaks: mutants().filter((mutant) => mutant.kind === kind).length,
    bit: found + of(Object.keys(survived)),
    seen: found,
  };
}

const percent = (part: number, whole: number): string =>
  whole === 0 ? '–' : `${((part * 100) / whole).toFixed(0)} %`;

/** The rates by kind, before and now, and every surviving break with the reason why, as Markdown. */
function ratesOf(kills: Kills): string {
  const rows = kinds.map((kind) => {
    const before = kills.before[kind] ?? { bit: 0, seen: 0 };
    return { kind, before, now: rateOf(kills, kind) };
  });
  const sum = (of: (row: (typeof rows)[number]) => number): number =>
    rows.reduce((total, row) => total + of(row), 0);
  const all = {
    kind: 'all',
    before: { bit: sum(({ before }) => before.bit), seen: sum(({ before }) => before.seen) },
    now: {
      breaks: sum(({ now }) => now.breaks),
      bit: sum(({ now }) => now.bit),
      seen: sum(({ now }) => now.seen),
    },
  };
  const table = [
    '| kind | before: bit | seen | now: breaks | bit | seen |',
    '| --- | --- | --- | --- | --- | --- |',
    ...[...rows, all].map(
      ({ kind, before, now }) =>
        `| ${kind} | ${String(before.bit)} | ${String(before.seen)} (${percent(before.seen, before.bit)}) | ${String(now.breaks)} | ${String(now.bit)} | ${String(now.seen)} (${percent(now.seen, now.bit)}) |`,
    ),
  ];
  const survivors = Object.entries(kills.survived).map(
    ([id, places]) =>
      `- \`${id}\`, in ${places.length === 1 ? 'one cell' : `${String(places.length)} cells`}: ${whyUnseen[id] ?? 'not looked into yet'}`,
  );
  const idle = kills.idle.map((id) => `\`${id}\``).join(', ');
  return [
    ...table,
    '',
    `Survive (${String(survivors.length)}):`,
    '',
    ...survivors,
    '',
    `Changed nothing where they were tried (${String(kills.idle.length)}): ${idle}.`,
  ].join('\n');
}

const marks = { begin: '<!-- kill rates: begin -->', end: '<!-- kill rates: end -->' };

/** specs/README.md with the rates of that record. */
export function withRates(readme: string, kills: Kills): string {
  const [before = '', rest = ''] = readme.split(marks.begin);
  const [, after] = rest.split(marks.end);
  if (after === undefined) throw new Error(`specs/README.md has no ${marks.begin} and ${marks.end}`);
  return `${before}${marks.begin}\n\n${ratesOf(kills)}\n\n${marks.end}${after}`;
}
