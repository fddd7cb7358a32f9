import type { Group } from './page/groups.ts';
import type { Model } from './page/model.ts';
import { namesOf } from './page/words.ts';

/** Why cells of one group have their outcome, in plain text: what is known, what was seen, or what a browser lacks. */
export function whyOf(model: Model, { lacks: [lack], why }: Group): string {
  if (lack === undefined) return why;
  const here = lack.remedy === null ? '' : ` (only here: ${lack.remedy})`;
  return `${namesOf(model.index.browsers)(lack.browser)} lacks ${lack.words}${here}`;
}
