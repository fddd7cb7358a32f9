import { plain } from '../plain.ts';

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Text that stays text in Markdown with HTML, in tables too, on one line. */
export const text = (raw: string): string =>
  plain(raw)
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[&<>]/g, (character) => entities[character] ?? '')
    // A colon only where it would make a link of an address, or a picture of a name.
    .replaceAll(/[\\`*_[\]#|~$@]|:(?=\/\/|[\w+-]+:)/g, (character) => `&#${character.charCodeAt(0)};`);

/** Code within a line: what is in it stays as it is. */
export function inline(said: string): string {
  const raw = plain(said).replaceAll(/\s+/g, ' ');
  let longest = 0;
  for (const [run] of raw.matchAll(/`+/g)) longest = Math.max(longest, run.length);
  const fence = '`'.repeat(longest + 1);
  return longest === 0 ? `${fence}${raw}${fence}` : `${fence} ${raw} ${fence}`;
}

/** A table; its cells are Markdown already. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
