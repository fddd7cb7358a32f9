/**
 * How a browser is started: `usual`, with all flags and preferences of the harness; `as-shipped`, with only those that it
 * needs to start and to be driven. A run uses them in this order.
 */
export const launches = ['usual', 'as-shipped'] as const;
export type Launch = (typeof launches)[number];
