import type { CellLoad } from '../results/schema.ts';
import { busyShare, processorTime, type ProcessorTime } from './processor.ts';

/** Measures how loaded the machine was during each attempt. */
export class LoadMeter {
  readonly #present = new Set<{ most: number }>();
  readonly #read: () => ProcessorTime;

  constructor(read: () => ProcessorTime = processorTime) {
    this.#read = read;
  }

  /** The result of a task, and the load of the machine meanwhile. */
  async during<T>(task: () => Promise<T>): Promise<{ came: T; load: CellLoad }> {
    const end = this.begin();
    try {
      return { came: await task(), load: end() };
    } finally {
      end();
    }
  }

  /** Call it when a task begins, and the returned function when the task has ended. */
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
