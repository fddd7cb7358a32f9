const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** Text as text in Markdown with HTML, tables included, on one line. */
export const text = (raw: string): string =>
  raw
    .replaceAll(/\s+/g, ' ')
    .replaceAll(/[&<>]/g, (character) => entities[character] ?? '')
    .replaceAll(/[\\`*_{}[\]()#+!|~$@:-]/g, (character) => `&#${character.charCodeAt(0)};`);

/** A block of code whose fence is longer than any inside it. */
export function code(raw: string): string {
  const longest = Math.max(2, ...[...raw.matchAll(/`+/g)].map(([run]) => run.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}\n${raw}\n${fence}`;
}

/** A table; its cells are Markdown already. */
export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.join(' | ')} |`).join('\n');
