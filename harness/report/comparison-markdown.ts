import type { Comparison } from '../compare/compare.ts';
import { changeGroups, cellText, changeText, comparedText, comparisonSentence } from './comparison-text.ts';
import { text } from './markdown.ts';

/** Changes listed of each kind; the rest is only counted. */
const listedAtMost = 20;

/** A comparison as Markdown: the sentence, then each kind of change, the most pressing first. */
export function comparisonMarkdown(comparison: Comparison): string {
  const groups = changeGroups(comparison).map(({ name, meaning, changes }) => {
    const shown = changes.slice(0, listedAtMost);
    const more = changes.length - shown.length;
    return [
      `<details><summary>${text(name)} (${changes.length}): ${text(meaning)}</summary>`,
      [
        ...shown.map((change) => `- ${text(`${cellText(change)}: ${changeText(change).slice(0, 400)}`)}`),
        ...(more > 0 ? [`- and ${more} more`] : []),
      ].join('\n'),
      '</details>',
    ].join('\n\n');
  });
  return [
    `**${text(comparisonSentence(comparison))}**`,
    comparedText(comparison)
      .map((line) => `- ${text(line)}`)
      .join('\n'),
    ...groups,
  ].join('\n\n');
}
