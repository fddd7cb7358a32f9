/**
 * How a browser is started: `usual`, with all flags and preferences of the harness; `as-shipped`, with only those without
 * which it does not start or cannot be driven. A run goes in this order.
 */
export const launches = ['usual', 'as-shipped'] as const;
export type Launch = (typeof launches)[number];
