import type { BrowserSpec } from '../config/browser-spec.ts';
import { signalingOf } from '../config/signaling.ts';
import type { PlannedCell } from '../matrix/plan.ts';
import type { Place } from './admission.ts';

/** Which cells of a run cost this machine nothing but their signaling. */
export interface Elsewhere {
  /** How many of them may run at once. */
  cells: number;
  placeOf(cell: Pick<PlannedCell, 'offerer' | 'answerer'>): Place;
}

/**
 * A browser is elsewhere if its server is on another host, or has slots of its own. Its cells are not counted among those
 * that run here: `--jobs N` allows as many again, and `auto` one for each slot.
 */
export function elsewhere(browsers: readonly BrowserSpec[], jobs: number | 'auto'): Elsewhere {
  const far = browsers.filter(
    (spec) => spec.endpoint !== undefined && (spec.slots !== undefined || signalingOf(spec) === 'public'),
  );
  const ids = new Set(far.map(({ id }) => id));
  const slots = far.reduce((sum, spec) => sum + (spec.slots ?? 1), 0);
  return {
    cells: jobs === 'auto' ? Math.max(1, slots) : jobs,
    placeOf: ({ offerer, answerer }) =>
      ids.has(offerer) && ids.has(answerer ?? offerer) ? 'elsewhere' : 'here',
  };
}
