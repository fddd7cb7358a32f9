import { lacksOf, type Lack } from './capability.ts';
import { keyOfCause } from './cause-key.ts';
import type { Model, News, Outcome } from './model.ts';

/** Cells that have the same outcome for one reason. */
export interface Group {
  /** Stays the same from run to run. */
  key: string;
  /** Why, in plain words. */
  why: string;
  bug: string | null;
  /** What exactly was seen, if `why` says it in other words. */
  seen: string | null;
  lacks: Lack[];
  /** At least one; the first stands for all. */
  cells: [number, ...number[]];
}

export type SectionKind = 'new' | 'lost' | 'fixed' | 'flaky' | 'known' | 'lacking' | 'out' | 'passed';

/** Groups of one kind, the largest group first. */
export interface Section {
  kind: SectionKind;
  groups: Group[];
  cells: number;
}

/** What is said about each kind: its heading, its sign, and what it means. */
export const sectionWords = {
  new: { title: 'New', sign: '✗', says: 'failures that nobody knew' },
  lost: { title: 'Lost support', sign: '↓', says: 'is supported no longer, or was not known to be missing' },
  fixed: { title: 'Fixed', sign: '✓', says: 'failed before, and passes now' },
  flaky: { title: 'Flaky', sign: '↻', says: 'passed when it was tried again' },
  known: { title: 'Known', sign: '○', says: 'fails as it is known to' },
  lacking: { title: 'Not supported', sign: '–', says: 'a probe found that a side lacks what is needed' },
  out: { title: 'Not run', sign: '…', says: 'left out, or not reached' },
  passed: { title: 'Passed', sign: '✓', says: 'every check held' },
} as const satisfies Record<SectionKind, { title: string; sign: string; says: string }>;

const order: readonly SectionKind[] = ['new', 'lost', 'fixed', 'flaky', 'known', 'lacking', 'out', 'passed'];

function kindOf(news: News, outcome: Outcome): SectionKind {
  if (news !== 'none') return news;
  if (outcome === 'flaky') return 'flaky';
  if (outcome === 'unsupported') return 'lacking';
  if (outcome === 'skipped' || outcome === 'notrun') return 'out';
  if (outcome === 'pass' || outcome === 'due') return 'passed';
  return 'new';
}

/** Where a cell belongs. */
export const sectionOf = (model: Model, cell: number): SectionKind =>
  kindOf(model.news(cell), model.outcome(cell));

/** A message without the side at which it was seen, and without long numbers. */
const plainly = (message: string): string =>
  message
    .replace(/^seen at the (?<side>\w+) \((?<id>[\w.@-]+)\): /, '')
    .replaceAll(/-?\d+\.\d{4,}/g, (number) => String(Number(Number(number).toFixed(3))))
    .replaceAll('+0', '0');

function groupOf(
  model: Model,
  kind: SectionKind,
  cell: number,
  lacks: (message: string) => Lack[],
): Omit<Group, 'cells'> {
  const cause = model.cause(cell);
  const none = { bug: null, seen: null, lacks: [] };
  if (cause === undefined || kind === 'passed' || kind === 'fixed')
    return { key: kind, why: sectionWords[kind].says, ...none };
  const key = keyOfCause(cause);
  const seen = plainly(cause.message);
  if (cause.known !== null) return { key, why: cause.known.why, bug: cause.known.bug, seen, lacks: [] };
  const [first] = cause.status === 'unsupported' ? lacks(cause.message) : [];
  return { key, why: seen, bug: null, seen: null, lacks: first === undefined ? [] : [first] };
}

/** Cells grouped by kind and reason, news first. */
export function sectionsOf(model: Model, cells: readonly number[]): Section[] {
  const engines = new Map(model.index.browsers.map(({ id, engine }) => [id, engine]));
  const byMessage = new Map<string, Lack[]>();
  const lacks = (message: string): Lack[] => {
    const known = byMessage.get(message) ?? lacksOf(message, (id) => engines.get(id));
    byMessage.set(message, known);
    return known;
  };
  /** The group of a cell of this kind and cause (by its place, 0 for none), so that a cause is put into words only once. */
  const byCause: Partial<Record<SectionKind, Group[]>> = {};
  const sections = new Map<SectionKind, Map<string, Group>>();
  for (const cell of cells) {
    const kind = sectionOf(model, cell);
    const groupsOfKind = (byCause[kind] ??= []);
    const cause = 1 + (model.index.cells.cause[cell] ?? -1);
    const known = groupsOfKind[cause];
    if (known !== undefined) {
      known.cells.push(cell);
      continue;
    }
    const about = groupOf(model, kind, cell, lacks);
    const groups = sections.get(kind) ?? new Map<string, Group>();
    sections.set(kind, groups);
    const group = groups.get(about.key);
    if (group === undefined) {
      const made: Group = { ...about, cells: [cell] };
      groups.set(about.key, made);
      groupsOfKind[cause] = made;
    } else {
      group.cells.push(cell);
      groupsOfKind[cause] = group;
    }
  }
  return order.flatMap((kind) => {
    const groups = [...(sections.get(kind)?.values() ?? [])].toSorted(
      (one, other) => other.cells.length - one.cells.length,
    );
    return groups.length === 0
      ? []
      : [{ kind, groups, cells: groups.reduce((sum, group) => sum + group.cells.length, 0) }];
  });
}
