import { makeBadge } from 'badge-maker';
import { plain } from '../plain.ts';
import { matrixOf, noTally, tell, type Model, type Tally } from '../report/page/model.ts';
import { namesOf, pairInWords } from '../report/page/words.ts';
import { safeName } from '../results/safe-name.ts';
import { failedCanary } from './words.ts';

/** A badge and the name of its file. */
export interface Badge {
  file: string;
  svg: string;
}

type Counts = Pick<Tally, 'judged' | 'passed' | 'new' | 'known' | 'lost'>;

/**
 * What a badge says, and its colour: green only if every cell that was judged passed.
 * @param without why the run says nothing at all
 */
export function badgeWords(
  { judged, passed, new: fresh, known, lost }: Counts,
  without: string | null = null,
): { message: string; color: string } {
  if (without !== null) return { message: without, color: 'lightgrey' };
  const news = [
    ...(fresh > 0 ? [`${String(fresh)} unexpected`] : []),
    ...(lost > 0 ? [`${String(lost)} lost`] : []),
    ...(known > 0 ? [`${String(known)} known`] : []),
  ];
  if (judged === 0 && lost === 0) return { message: 'not supported', color: 'lightgrey' };
  const message = [`${String(passed)}/${String(judged)} pass`, ...news].join(', ');
  if (fresh + lost > 0) return { message, color: 'red' };
  return { message, color: passed === judged ? 'brightgreen' : 'yellow' };
}

/** The longest name on a badge: badges are read by people, to whom a longer one says nothing more. */
const longest = 60;

/** Why a run says nothing about a browser; null for a run that does. */
function unbelievable(model: Model): string | null {
  if (!model.index.run.complete || model.index.verdict.kind === 'incomplete') return 'incomplete';
  return failedCanary(model) ? 'a canary failed' : null;
}

/** Counts of an area over the pairs that can connect. */
function tallyOfArea(model: Model, area: string): Tally {
  const { scenario, pair } = model.index.cells;
  const tally = noTally();
  for (let cell = 0; cell < model.size; cell += 1) {
    const isIn = model.areaOfScenario[scenario[cell] ?? -1] === area;
    if (isIn && !model.outOfIt.has(pair[cell] ?? -1)) tell(model, tally, cell);
  }
  return tally;
}

/** Badges of a run: `all`, `area-codecs`, `pair-chromium--firefox`. @param prefix the folder of its label, with a slash */
export function badgesOf(model: Model, prefix = ''): Badge[] {
  const { pairs, browsers, verdict } = model.index;
  const matrix = matrixOf(model);
  const nameOf = namesOf(browsers);
  const without = unbelievable(model);
  const badge = (file: string, label: string, counts: Counts): Badge => ({
    file: `${prefix}${file}.svg`,
    svg: makeBadge({ label: plain(label).slice(0, longest), ...badgeWords(counts, without) }),
  });
  // An error that is in no cell makes the whole no better than a failure does.
  const errors =
    verdict.kind === 'bad' && matrix.all.new + matrix.all.lost === 0 ? 'errors in the run' : null;
  const whole = makeBadge({ label: 'webrtc interop', ...badgeWords(matrix.all, without ?? errors) });
  return [
    { file: `${prefix}all.svg`, svg: whole },
    ...model.areas
      .filter((area) => area !== 'canary')
      .map((area) => badge(`area-${safeName(area)}`, area, tallyOfArea(model, area))),
    ...pairs.map((pair, at) => {
      const sides = [pair.offerer, ...(pair.answerer === null ? [] : [pair.answerer])].map(safeName);
      return badge(`pair-${sides.join('--')}`, pairInWords(pair, nameOf), matrix.pairs[at] ?? noTally());
    }),
  ];
}
