import type { Cell } from './schema.ts';

/** A cell's pair in words: `chromium → firefox`, or the one browser. Nothing else spells it. */
export const pairName = ({ offerer, answerer }: Pick<Cell, 'offerer' | 'answerer'>): string =>
  answerer === null ? offerer : `${offerer} → ${answerer}`;
