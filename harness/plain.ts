/**
 * Text that may come from a page, a browser or a file, for a terminal or Markdown: on one line, without control
 * characters (C0 and C1, so no escape sequence), marks that turn the direction of writing, and other invisible ones.
 */
export const plain = (text: string): string =>
  text.replaceAll(/[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]+/gu, ' ').trim();

/** The same with its line breaks and tabs kept. */
export const plainLines = (text: string): string =>
  text.replaceAll(/\r\n?/g, '\n').replaceAll(/(?![\n\t])[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu, ' ');
