import type { Results } from '../results/schema.ts';

/** A run that is merged into another. */
export interface Part {
  /** Its folder, as the user named it. */
  dir: string;
  results: Results;
}
