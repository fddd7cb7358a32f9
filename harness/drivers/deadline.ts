import { within } from '../within.ts';

/** Whether `work` settled, either way, before `ms` milliseconds had passed. */
export async function settlesWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  const settled = work.then(
    () => true,
    () => true,
  );
  return within(ms, 'it to settle', settled).catch(() => false);
}

/** Asks `condition` every `everyMs` until it holds or `ms` have passed; resolves to whether it held. */
export async function until(
  condition: () => boolean | Promise<boolean>,
  { ms, everyMs = 50 }: { ms: number; everyMs?: number },
): Promise<boolean> {
  const end = performance.now() + ms;
  while (!(await condition())) {
    if (performance.now() >= end) return false;
    await new Promise((resolve) => setTimeout(resolve, everyMs));
  }
  return true;
}

/** A span of time that several steps share. */
export class Deadline {
  readonly totalMs: number;
  readonly #begun = performance.now();

  constructor(totalMs: number) {
    this.totalMs = totalMs;
  }

  /** Milliseconds since it began. */
  get spentMs(): number {
    return performance.now() - this.#begun;
  }

  /** Milliseconds left, at least 1, as many libraries take 0 for "no limit". */
  get leftMs(): number {
    return Math.max(1, Math.round(this.totalMs - this.spentMs));
  }
}
