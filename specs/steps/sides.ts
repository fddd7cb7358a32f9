export type Side = 'offerer' | 'answerer';

export const sides = ['offerer', 'answerer'] as const;
export const otherSide = { offerer: 'answerer', answerer: 'offerer' } as const;
