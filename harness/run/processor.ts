import { cpus, type CpuInfo } from 'node:os';

/** What the processors have done since the machine started, in milliseconds, added up over all of them. */
export interface ProcessorTime {
  busy: number;
  all: number;
}

/** As the system counts it, for every process of the machine; in steps of 10 ms on Linux. */
export function processorTime(read: () => readonly Pick<CpuInfo, 'times'>[] = cpus): ProcessorTime {
  let busy = 0;
  let idle = 0;
  for (const { times } of read()) {
    idle += times.idle;
    busy += times.user + times.nice + times.sys + times.irq;
  }
  return { busy, all: busy + idle };
}

/** The share of their time, 0 to 1, that they were busy from one moment to another; null where no time has passed. */
export function busyShare(from: ProcessorTime, to: ProcessorTime): number | null {
  const all = to.all - from.all;
  return all > 0 ? Math.min(1, Math.max(0, (to.busy - from.busy) / all)) : null;
}
