import type { CellOutline } from '../results/outline.ts';
import type { Status } from '../results/schema.ts';
import { canaryStatus, isAsDue, worstFirst } from '../results/totals.ts';

/** How an outcome is shown: never by its colour alone. */
export interface Look {
  /** Decides the colour. A canary that is as it must be looks like a pass, any other canary like a failure. */
  tone: Status | 'flaky';
  sign: string;
  words: string;
}

/** Signs that common fonts have; U+FE0E asks for the plain glyph where a font would draw a picture. */
export const signs = {
  pass: '✓',
  flaky: '↻',
  fail: '✗',
  timeout: '◷',
  crash: '☠\uFE0E',
  error: '!',
  unsupported: '–',
  skipped: '»',
  notrun: '…',
} as const satisfies Record<Look['tone'], string>;

/** What each status means, for a legend. */
export const meanings = {
  pass: 'every check held, on evidence from the receiving side',
  fail: 'a check did not hold',
  timeout: 'the time of the scenario ran out',
  crash: 'a browser or its driver died',
  error: 'the harness failed, not the browser',
  unsupported: 'a probe proved that a side lacks what is needed',
  skipped: 'left out by filter or configuration',
  notrun: 'planned, not reached',
} as const satisfies Record<Status, string>;

export function lookOf(cell: Pick<CellOutline, 'scenario' | 'status' | 'flaky' | 'reason'>): Look {
  const { scenario, status, flaky } = cell;
  const due = canaryStatus(scenario);
  if (due !== null && status !== 'notrun') {
    return isAsDue(cell)
      ? { tone: 'pass', sign: signs.pass, words: `${status}, as due` }
      : { tone: 'fail', sign: signs.fail, words: `${status}, must be ${due}` };
  }
  if (status === 'pass' && flaky) return { tone: 'flaky', sign: signs.flaky, words: 'pass, flaky' };
  return { tone: status, sign: signs[status], words: status };
}

/** The look of several cells together: the worst of theirs. */
export function worstLook(cells: readonly CellOutline[]): Look['tone'] {
  const tones = new Set(cells.map((cell) => lookOf(cell).tone));
  return (
    worstFirst.find((status) => status !== 'pass' && tones.has(status)) ??
    (tones.has('flaky') ? 'flaky' : 'pass')
  );
}

/** Several cells in words, best first: `12 pass`, `1 fail`, each with its sign and tone. */
export function sumOf(
  cells: readonly CellOutline[],
): { tone: Look['tone']; sign: string; words: string; count: number }[] {
  const sums = new Map<string, { tone: Look['tone']; sign: string; words: string; count: number }>();
  for (const cell of cells) {
    const look = lookOf(cell);
    const sum = sums.get(look.words) ?? { ...look, count: 0 };
    sum.count += 1;
    sums.set(look.words, sum);
  }
  const rank = (tone: Look['tone']): number =>
    tone === 'flaky' ? worstFirst.length - 1.5 : worstFirst.indexOf(tone);
  return [...sums.values()].toSorted((a, b) => rank(b.tone) - rank(a.tone));
}
