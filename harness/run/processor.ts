import { readFileSync } from 'node:fs';
import { cpus, type CpuInfo } from 'node:os';

/** What the processors have done since the machine started, in milliseconds, added up over all of them. */
export interface ProcessorTime {
  busy: number;
  all: number;
}

/**
 * The first line of Linux's /proc/stat, in hundredths of a second: user nice system idle iowait irq softirq steal.
 * https://man7.org/linux/man-pages/man5/proc_stat.5.html
 */
export function parseStat(text: string): ProcessorTime {
  const [user = 0, nice = 0, system = 0, idle = 0, iowait = 0, irq = 0, softirq = 0, steal = 0] = text
    .slice(0, text.indexOf('\n'))
    .split(/\s+/)
    .slice(1)
    .map(Number);
  const busy = (user + nice + system + irq + softirq + steal) * 10;
  return { busy, all: busy + (idle + iowait) * 10 };
}

/** As the system counts it, for every process of the machine. On Linux without `cpus`, which takes 2 ms. */
export const processorTime = (): ProcessorTime =>
  process.platform === 'linux' ? parseStat(readFileSync('/proc/stat', 'latin1')) : addedUp(cpus());

export function addedUp(processors: readonly Pick<CpuInfo, 'times'>[]): ProcessorTime {
  let busy = 0;
  let idle = 0;
  for (const { times } of processors) {
    idle += times.idle;
    busy += times.user + times.nice + times.sys + times.irq;
  }
  return { busy, all: busy + idle };
}

/** The share of their time, 0 to 1, that they were busy from one moment to another; null if no time has passed. */
export function busyShare(from: ProcessorTime, to: ProcessorTime): number | null {
  const all = to.all - from.all;
  return all > 0 ? Math.min(1, Math.max(0, (to.busy - from.busy) / all)) : null;
}
