/**
 * Makes text that may come from a page, a browser or a file safe for a terminal or Markdown: one line, without control
 * characters (C0 and C1, so no escape sequence), marks that change the direction of writing, or other invisible ones.
 */
export const plain = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').trim();

/** The same with its line breaks and tabs kept. */
export const plainLines = (text: string): string =>
  text.replaceAll(/\r\n?/g, '\n').replaceAll(/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ');

/** A value as indented JSON, in which everything that `plain` removes is escaped, so the value stays the same. */
export const plainJson = (value: unknown): string =>
  JSON.stringify(value, null, 2).replaceAll(/(?!\n)[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, (letter) =>
    Array.from({ length: letter.length }, (_, at) => letter.charCodeAt(at).toString(16))
      .map((code) => `\\u${code.padStart(4, '0')}`)
      .join(''),
  );
