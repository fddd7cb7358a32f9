import type { CellLoad } from '../results/schema.ts';
import { busyShare, processorTime } from './processor.ts';

/** Says of each cell how loaded the machine was while it ran. */
export class LoadMeter {
  readonly #present = new Set<{ most: number }>();
  readonly #read: typeof processorTime;

  constructor(read: typeof processorTime = processorTime) {
    this.#read = read;
  }

  /** To be called when a cell begins; the function that it gives is called when the cell has ended. */
  begin(): () => CellLoad {
    const from = this.#read();
    const mine = { most: 0 };
    this.#present.add(mine);
    for (const each of this.#present) each.most = Math.max(each.most, this.#present.size);
    return () => {
      this.#present.delete(mine);
      const share = busyShare(from, this.#read());
      return { cellsAtOnce: mine.most, processorBusy: share === null ? null : Math.round(share * 100) / 100 };
    };
  }
}
