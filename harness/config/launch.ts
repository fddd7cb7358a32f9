/**
 * What a browser is started with: `usual`, all flags and preferences of the harness; `as-shipped`, none of them but
 * those without which it does not start or cannot be driven. In this order in a run.
 */
export const launches = ['usual', 'as-shipped'] as const;
export type Launch = (typeof launches)[number];
