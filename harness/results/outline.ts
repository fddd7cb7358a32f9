import type { Attempt, Cell, Results } from './schema.ts';

/** A cell without what was checked, measured and kept of it: little enough for a hundred thousand to be in memory. */
export interface CellOutline extends Omit<
  Cell,
  'checks' | 'measurements' | 'evidence' | 'load' | 'attempts'
> {
  attempts: readonly Pick<Attempt, 'status' | 'phase' | 'reason'>[];
}

/** A run for everything that is said of it as a whole. A run with its cells in full is one, too. */
export interface RunOutline extends Omit<Results, 'cells'> {
  cells: readonly CellOutline[];
}

/** Makes outlines; texts that cells share are in memory once. */
export class Outliner {
  readonly #texts = new Map<string, string>();

  of(cell: Cell): CellOutline {
    const { scenario, offerer, answerer, status, phase, startedAt, durationMs, flaky, repro } = cell;
    return {
      scenario: this.#shared(scenario),
      offerer: this.#shared(offerer),
      answerer: answerer === null ? null : this.#shared(answerer),
      status,
      phase,
      reason: this.#reason(cell.reason),
      signature: cell.signature === null ? null : this.#shared(cell.signature),
      startedAt,
      durationMs,
      flaky,
      repro,
      attempts: cell.attempts.map((attempt) => ({
        status: attempt.status,
        phase: attempt.phase,
        reason: this.#reason(attempt.reason),
      })),
    };
  }

  #reason(reason: Cell['reason']): Cell['reason'] {
    return reason === null
      ? null
      : { code: this.#shared(reason.code), message: this.#shared(reason.message), peer: reason.peer };
  }

  #shared(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, text);
    return text;
  }
}
