import { changeKinds } from '../compare/changes.ts';
import { outcomeSigns, outcomeWords } from '../report/page/parts.tsx';
import { matrixOf, type Model } from '../report/page/model.ts';
import { namesOf, pairInWords, sentenceOf, shortVersion } from '../report/page/words.ts';
import type { BrowserStep, CellChange, ChangeGroup, RunChanges } from './changes.ts';
import { shownOf, type Letter, type Stood } from './history-run.ts';
import type { News, NewsCell } from './schema.ts';

/** What is said about each kind of change: a word for counts, a sign and a tone, so that no colour stands alone. */
export const kindWords = {
  'newly-failing': { word: 'new', title: 'Newly failing', sign: '✗', tone: 'new' },
  'lost-support': { word: 'lost support', title: 'Lost support', sign: '↓', tone: 'lost' },
  'other-reason': { word: 'for another reason', title: 'Failing for another reason', sign: '✗', tone: 'new' },
  flaky: { word: 'flaky', title: 'Flaky', sign: '↻', tone: 'flaky' },
  'not-run': { word: 'not run', title: 'Not run', sign: '…', tone: 'out' },
  'newly-passing': { word: 'fixed', title: 'Fixed', sign: '✓', tone: 'fixed' },
  'judged-otherwise': { word: 'judged otherwise', title: 'Judged otherwise', sign: '≠', tone: 'out' },
  new: { word: 'added', title: 'Added', sign: '+', tone: 'out' },
  gone: { word: 'gone', title: 'Gone', sign: '−', tone: 'out' },
} as const satisfies Record<CellChange['kind'], { word: string; title: string; sign: string; tone: string }>;

/** `Firefox 153.7 → 154.0`; versions in full if their short forms are equal. */
export function stepText({ product, before, after }: BrowserStep): string {
  if (before === null) return `${product} ${shortVersion(after ?? '')}, which was not there before`;
  if (after === null) return `${product} ${shortVersion(before)}, which is not there any more`;
  const [was, is] = [shortVersion(before), shortVersion(after)];
  return was === is ? `${product} ${before} → ${after}` : `${product} ${was} → ${is}`;
}

/** What the cells of a group have in common. */
export const versionsText = ({ steps }: Pick<ChangeGroup, 'steps'>): string =>
  steps.length === 0 ? 'No browser changed' : steps.map(stepText).join(' and ');

/** `1 new, 2 fixed`, the most pressing first. */
export function countsText({ changes }: Pick<ChangeGroup, 'changes'>): string {
  if (changes.length === 0) return 'nothing changed';
  const counts = changeKinds.flatMap((kind) => {
    const of = changes.filter((change) => change.kind === kind);
    const [first] = of;
    return first === undefined ? [] : [`${String(of.length)} ${kindWords[first.kind].word}`];
  });
  return counts.join(', ');
}

/** An outcome in words. */
export function letterText(letter: Letter): string {
  const shown = shownOf(letter);
  return shown === undefined ? 'not there' : outcomeWords[shown];
}

/** The sign of an outcome. */
export function letterSign(letter: Letter): string {
  const shown = shownOf(letter);
  return shown === undefined ? '·' : outcomeSigns[shown];
}

/** An outcome with its cause. */
function stoodText(stood: Stood): string {
  const [cause] = stood.causes;
  return cause === undefined ? letterText(stood.letter) : `${letterText(stood.letter)}: ${cause.message}`;
}

/** What became of a cell, in words. */
export function changeText({ before, after, known }: CellChange): string {
  const why = known === null ? '' : ` (known: ${known.why})`;
  if (before === null) return `${after === null ? 'not there' : stoodText(after)}${why}`;
  if (after === null) return `it was ${letterText(before.letter)}`;
  return `it was ${letterText(before.letter)}; now ${stoodText(after)}${why}`;
}

/** Cells that were added or left out are many at once, and say nothing new about a browser. */
const isSmall = ({ kind }: CellChange): boolean => kind === 'new' || kind === 'gone' || kind === 'not-run';
const cellsOfGroup = 8;

/** What changed from one run to the next, as the index, the feeds and the first view show it; null for nothing. */
export function newsOf({ before, after, groups, steps }: RunChanges): News | null {
  const told = groups.map((group) => {
    const loud = group.changes.filter((change) => !isSmall(change));
    return {
      versions: versionsText(group),
      counts: countsText(group),
      cells: loud.slice(0, cellsOfGroup).map((change): NewsCell => ({
        scenario: change.scenario,
        title: change.title,
        offerer: change.pair.offerer,
        answerer: change.pair.answerer,
        kind: change.kind,
        worse: change.worse,
        text: changeText(change),
      })),
      more: Math.max(0, loud.length - cellsOfGroup),
    };
  });
  // A browser that changed without changing anything else is good news, and mentioned.
  const silent = steps.filter(
    ({ id }) => !groups.some((group) => group.steps.some((step) => step.id === id)),
  );
  const all = [
    ...told,
    ...silent.map((step) => ({
      versions: stepText(step),
      counts: countsText({ changes: [] }),
      cells: [],
      more: 0,
    })),
  ];
  return all.length === 0 ? null : { before: before.entry.id, after: after.entry.id, groups: all };
}

/** `Firefox ESR → Chromium`, with the names that a run has for its browsers. */
export const pairText = (
  pair: { offerer: string; answerer: string | null },
  browsers: Parameters<typeof namesOf>[0],
): string => pairInWords(pair, namesOf(browsers));

/** The first sentence of a run: what is new since the run before. */
export const sentenceOfRun = (model: Model): string => sentenceOf(model.index, matrixOf(model).all);

/** The tone of a run: news first, then what is known, then what is good. */
export function toneOfRun(model: Model): 'passed' | 'known' | 'new' | 'lost' {
  const { verdict } = model.index;
  const { all } = matrixOf(model);
  if (verdict.kind === 'incomplete') return 'lost';
  if (all.new + all.lost > 0 || failedCanary(model)) return 'new';
  // Problems that are in no cell, and old failures that no expectation knows, are nothing to be glad of.
  return verdict.kind === 'good' && all.known === 0 ? 'passed' : 'known';
}

/** Whether a canary did not come out as it must, in which case nothing else can be believed. */
export function failedCanary({ index, areaOfScenario, outcome, size }: Model): boolean {
  for (let cell = 0; cell < size; cell += 1)
    if (areaOfScenario[index.cells.scenario[cell] ?? -1] === 'canary' && outcome(cell) !== 'due') return true;
  return false;
}
