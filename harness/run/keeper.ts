import { HarnessError, IncompleteError, messageOf } from '../errors.ts';
import type { CellKey } from '../results/cell-key.ts';
import type { Attempt, Cell } from '../results/schema.ts';
import type { NewEvidence, ResultStore } from '../results/store.ts';
import { DeadlineError, within } from '../within.ts';
import { compactPng } from './compact-png.ts';
import type { Limits } from './limits.ts';
import { cellOf, harnessFailed, type Unstored } from './outcome.ts';

/** Stores the outcomes of cells. After the first failed write it writes nothing more; what was stored before stays. */
export class Keeper {
  readonly #store: Pick<ResultStore, 'appendCell' | 'writeEvidence'>;
  readonly #limits: Limits;
  #failure: unknown;

  constructor(store: Pick<ResultStore, 'appendCell' | 'writeEvidence'>, limits: Limits) {
    this.#store = store;
    this.#limits = limits;
  }

  /** Why nothing more can be stored, if so. */
  get failure(): unknown {
    return this.#failure;
  }

  /** Stores the evidence of an attempt at a cell. @throws {IncompleteError} `results-not-writable` */
  async attempt(cell: CellKey, { evidence, ...attempt }: Unstored): Promise<Attempt> {
    const small = await Promise.all(evidence.map(compacted));
    const written = await this.#writing(() => this.#store.writeEvidence(small, cell));
    return { ...attempt, evidence: written };
  }

  /**
   * Stores a cell, or records why it cannot. A cell that contradicts itself is stored as an error.
   * @returns the cell as it was stored
   */
  async cell(cell: Cell): Promise<Cell> {
    if (this.#failure !== undefined) return cell;
    try {
      await this.#writing(() => this.#store.appendCell(cell));
      return cell;
    } catch (error) {
      if (!(error instanceof HarnessError) || error.code !== 'invalid-cell') return cell;
    }
    const { scenario, offerer, answerer, repro } = cell;
    const wrong = new HarnessError('invalid-cell', 'what came of the cell contradicts itself');
    const attempt = { ...harnessFailed(wrong, []), evidence: [] };
    const stored = cellOf({ scenario, offerer, answerer }, repro, [attempt]);
    await this.#writing(() => this.#store.appendCell(stored)).catch(() => undefined);
    return stored;
  }

  async #writing<T>(write: () => Promise<T>): Promise<T> {
    try {
      return await within(this.#limits.storeMs, 'the disk', write());
    } catch (error) {
      if (error instanceof HarnessError && error.code === 'invalid-cell') throw error;
      this.#failure ??=
        error instanceof DeadlineError
          ? new IncompleteError('results-not-writable', `The results cannot be written: ${messageOf(error)}`)
          : error;
      throw this.#failure;
    }
  }
}

async function compacted(piece: NewEvidence): Promise<NewEvidence> {
  const { name, content } = piece;
  const isPng = name.endsWith('.png') && typeof content !== 'string';
  return isPng ? { ...piece, content: await compactPng(content) } : piece;
}
