import { changeKinds, changeMeanings, type Change, type ChangeKind } from '../compare/changes.ts';
import { isWorse, type BrowserChange, type Comparison } from '../compare/compare.ts';
import type { Standing } from '../results/standing.ts';
import { reasonText } from './ci-outcome.ts';
import { pairName } from '../results/pair-name.ts';

/** The heading of each kind of change. */
export const changeNames = {
  'newly-failing': 'Newly failing',
  'lost-support': 'Lost support',
  'other-reason': 'Another reason',
  flaky: 'Flaky',
  'not-run': 'Not run',
  'newly-passing': 'Newly passing',
  'judged-otherwise': 'Judged otherwise',
  slower: 'Slower',
  new: 'New',
  gone: 'Gone',
} as const satisfies Record<ChangeKind, string>;

/** The changes of one kind. */
export interface ChangeGroup {
  kind: ChangeKind;
  name: string;
  meaning: string;
  changes: Change[];
}

/** The changes by kind, the most pressing first, without empty kinds. */
export const changeGroups = ({ changes }: Comparison): ChangeGroup[] =>
  changeKinds
    .map((kind) => ({
      kind,
      name: changeNames[kind],
      meaning: changeMeanings[kind],
      changes: changes.filter((change) => change.kind === kind),
    }))
    .filter((group) => group.changes.length > 0);

/** A cell in words: its scenario and pair. */
export const cellText = (change: Change): string => `${change.scenario}, ${pairName(change)}`;

const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`;

/** The outcome of the cells with one key in a run, in words: `pass`, `flaky (2 of 5 passed; …)`, `fail: …`. */
export function standingText(standing: Standing | null): string {
  if (standing === null) return 'not there';
  const { outcome, cells, seen } = standing;
  const [first] = cells;
  if (outcome === 'flaky') {
    const passed = cells.filter(({ status }) => status === 'pass').length;
    return `flaky (${passed} of ${cells.length} passed; ${[...seen].join('; ')})`;
  }
  if (outcome !== 'bad' && outcome !== 'unsupported') return first.status;
  return reasonText(cells.find(({ status }) => status !== 'pass') ?? first).slice(0, 300);
}

/** What became of a cell, in words. */
export function changeText({ kind, before, after, pace, known }: Change): string {
  if (kind === 'slower' && pace !== undefined) return `${seconds(pace.before)}, now ${seconds(pace.after)}`;
  const why = known === undefined ? '' : ` (known: ${known.why})`;
  if (kind === 'new') return `${standingText(after)}${why}`;
  if (kind === 'gone') return `it was ${standingText(before)}`;
  return `it was ${standingText(before)}; now ${standingText(after)}${why}`;
}

const browserText = ({ id, before, after }: BrowserChange): string => {
  if (before === after) return `${id}: ${after ?? ''}`;
  return `${id}: ${before ?? 'not there'} → ${after ?? 'not there'}`;
};

/** What was compared, one line each: the runs, browsers with their versions, systems if they differ. */
export function comparedText({ before, after, browsers }: Comparison): string[] {
  const system = ({ environment: { os, osVersion, arch } }: Comparison['after']): string =>
    `${os} ${osVersion} ${arch}`;
  const partial = [before, after].filter(({ complete }) => !complete).length > 0;
  return [
    `before: run ${before.id}, begun ${before.startedAt}${before.complete ? '' : ', incomplete'}`,
    `after: run ${after.id}, begun ${after.startedAt}${after.complete ? '' : ', incomplete'}`,
    ...browsers.map(browserText),
    ...(system(before) === system(after) ? [] : [`system: ${system(before)} → ${system(after)}`]),
    ...(partial ? ['A run that is not complete says nothing of the cells that it did not reach.'] : []),
  ];
}

const plural = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`;

/** The whole in a sentence: `2 regressions: 1 newly failing, 1 lost support; 3 newly passing; 93 unchanged.` */
export function comparisonSentence(comparison: Comparison): string {
  const groups = changeGroups(comparison);
  const worse = comparison.changes.filter((change) => change.worse).length;
  const counts = groups.map(({ name, changes }) => `${changes.length} ${name.toLowerCase()}`);
  const head = isWorse(comparison) ? plural(worse, 'regression') : 'Nothing got worse';
  return `${head}: ${[...counts, `${comparison.unchanged} unchanged`].join(', ')}.`;
}
