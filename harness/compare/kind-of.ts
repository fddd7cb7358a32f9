import type { Standing } from '../results/standing.ts';
import type { ChangeKind } from './changes.ts';

type Stands = Pick<Standing, 'outcome'>;

/**
 * What happened to the cells of one key; null for nothing. Pages use it too, so that every view agrees with `diff`.
 * @param about whether the scenario has another version now, and whether every failure now was there before
 */
export function kindOf(
  was: Stands | undefined,
  now: Stands,
  { judgedOtherwise, isSame }: { judgedOtherwise: boolean; isSame: boolean },
): ChangeKind | null {
  if (now.outcome === 'left-out') return was === undefined || was.outcome === 'left-out' ? null : 'not-run';
  if (was === undefined || was.outcome === 'left-out') return 'new';
  if (judgedOtherwise) return was.outcome === now.outcome ? null : 'judged-otherwise';
  switch (now.outcome) {
    case 'unsupported':
      return was.outcome === 'unsupported' ? null : 'lost-support';
    case 'flaky':
      return was.outcome === 'flaky' && isSame ? null : 'flaky';
    case 'pass':
      // what was flaky before passes sometimes anyway
      return was.outcome === 'pass' || was.outcome === 'flaky' ? null : 'newly-passing';
    case 'bad':
      if (was.outcome === 'bad') return isSame ? null : 'other-reason';
      return was.outcome === 'flaky' && isSame ? null : 'newly-failing';
  }
}

/** Kinds that are not a regression, whatever the outcome. */
export const harmlessKinds: readonly ChangeKind[] = [
  'newly-passing',
  'judged-otherwise',
  'slower',
  'new',
  'not-run',
];
