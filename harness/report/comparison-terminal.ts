import pc from 'picocolors';
import { isWorse, type Comparison } from '../compare/compare.ts';
import { plain } from '../plain.ts';
import {
  cellText,
  changeGroups,
  changeText,
  comparedText,
  comparisonSentence,
  type ChangeGroup,
} from './comparison-text.ts';

/** Changes listed of each kind; the rest is only counted. */
const listedAtMost = 50;

function groupLines(
  { kind, name, meaning, changes }: ChangeGroup,
  colours: ReturnType<typeof pc.createColors>,
): string[] {
  // Cells that came or went with a selection of scenarios say nothing by their names.
  const isListed = changes.some(({ worse }) => worse) || !['new', 'gone'].includes(kind);
  const shown = isListed ? changes.slice(0, listedAtMost) : [];
  const more = changes.length - shown.length;
  const tone = changes.some(({ worse }) => worse) ? colours.red : colours.bold;
  return [
    `${tone(name)} (${changes.length}): ${meaning}`,
    ...shown.flatMap((change) => [
      `  ${plain(cellText(change))}`,
      `    ${plain(changeText(change)).slice(0, 500)}`,
      ...(change.worse && change.after ? [`    ${colours.dim(plain(change.after.cells[0].repro))}`] : []),
    ]),
    ...(isListed && more > 0 ? [`  and ${more} more`] : []),
    '',
  ];
}

/** A comparison for a terminal: what was compared, each kind of change, and the sentence last. */
export function renderComparison(comparison: Comparison, { colour }: { colour: boolean }): string {
  const colours = pc.createColors(colour);
  const tone = isWorse(comparison) ? colours.red : colours.green;
  return [
    ...comparedText(comparison).map(plain),
    '',
    ...changeGroups(comparison).flatMap((group) => groupLines(group, colours)),
    colours.bold(tone(plain(comparisonSentence(comparison)))),
  ].join('\n');
}
