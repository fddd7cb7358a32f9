import { setFlagsFromString } from 'node:v8';
import type { StoredRun } from './read-run.ts';
import type { Attempt, Cell, Results } from './schema.ts';

type OutlineAttempt = Pick<Attempt, 'status' | 'phase' | 'reason'>;

/** A cell without what was checked, measured and kept for it: small enough to hold a hundred thousand in memory. */
export interface CellOutline extends Omit<
  Cell,
  'checks' | 'measurements' | 'evidence' | 'load' | 'attempts'
> {
  attempts: readonly OutlineAttempt[];
}

/** A run with what describes it as a whole. A run with its cells in full is one, too. */
export interface RunOutline extends Omit<Results, 'cells'> {
  cells: readonly CellOutline[];
}

/** Makes outlines; what cells share is in memory only once. */
class Outliner {
  readonly #texts = new Map<string, string>();
  readonly #reasons = new Map<string, NonNullable<Cell['reason']>>();
  readonly #lists = new Map<OutlineAttempt, readonly [OutlineAttempt]>();
  readonly #attempts = new Map<Cell['reason'], Map<string, OutlineAttempt>>();

  of(cell: Cell): CellOutline {
    const { scenario, offerer, answerer, status, phase, startedAt, durationMs, flaky, repro } = cell;
    const { standsFor } = cell;
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
      ...(standsFor === undefined ? {} : { standsFor }),
      attempts: this.#list(
        cell.attempts.map(({ status: came, phase: at, reason }) => this.#attempt(came, at, reason)),
      ),
    };
  }

  /** A list with one entry, as most are, is in memory only once. */
  #list(attempts: readonly OutlineAttempt[]): readonly OutlineAttempt[] {
    const [only] = attempts;
    if (only === undefined || attempts.length > 1) return attempts;
    const known = this.#lists.get(only) ?? ([only] as const);
    this.#lists.set(only, known);
    return known;
  }

  #reason(reason: Cell['reason']): Cell['reason'] {
    if (reason === null) return null;
    const { code, message, peer } = reason;
    const key = JSON.stringify([code, message, peer]);
    const known = this.#reasons.get(key) ?? { code, message, peer };
    this.#reasons.set(key, known);
    return known;
  }

  #attempt(status: Attempt['status'], phase: Attempt['phase'], reason: Attempt['reason']): OutlineAttempt {
    const shared = this.#reason(reason);
    const of = this.#attempts.get(shared) ?? new Map<string, OutlineAttempt>();
    this.#attempts.set(shared, of);
    const key = `${status}@${String(phase)}`;
    const known = of.get(key) ?? { status, phase, reason: shared };
    of.set(key, known);
    return known;
  }

  #shared(text: string): string {
    const known = this.#texts.get(text);
    if (known !== undefined) return known;
    this.#texts.set(text, text);
    return text;
  }
}

/**
 * The heap grows by this many percent before garbage is collected; by default V8 lets as much garbage lie as there is memory
 * in use. For 100,000 cells that is 270 MB of memory rather than 350 (`npm run bench -- report`).
 */
const heapGrowingPercent = 40;

/** Reads the outline of a run, with which every report begins. */
export async function outlineOf(stored: StoredRun): Promise<RunOutline> {
  setFlagsFromString(`--heap-growing-percent=${heapGrowingPercent}`);
  const outliner = new Outliner();
  const cells: CellOutline[] = [];
  for await (const cell of stored.cells()) cells.push(outliner.of(cell));
  const { run, ...rest } = stored.header;
  return { ...rest, run: { ...run, complete: run.complete && stored.isWhole() }, cells };
}
