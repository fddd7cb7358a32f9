import type { AttemptOutcome } from './attempt.ts';

/**
 * Which attempt answers for a browser that died or hung. A browser that is lost takes down every cell in it: the first
 * that says so keeps the outcome, the others were only there and are run again. For every one that is run again so
 * another keeps the loss: nothing is green that nobody answers for, and it comes to an end.
 */
export class Blame {
  /** Who answers for a browser, by the browser as it was started. */
  readonly #owners = new WeakMap<object, object>();

  /**
   * Answers for a browser ahead of a look at it: it is ended by that look if it hangs, which others see before the
   * look is over.
   * @returns what takes that back, where the browser lives
   */
  suspect(owner: object, browser: object): () => void {
    if (this.#owners.has(browser)) return () => undefined;
    this.#owners.set(browser, owner);
    return () => this.#owners.delete(browser);
  }

  /** Whether an attempt was only there when its browsers were lost; otherwise it answers for them from now on. */
  isBystander({
    status,
    lost,
    watch: owner,
  }: Pick<AttemptOutcome, 'status' | 'lost'> & { watch: object }): boolean {
    if (status !== 'crash' && status !== 'timeout') return false;
    for (const browser of lost) if (!this.#owners.has(browser)) this.#owners.set(browser, owner);
    return lost.length > 0 && lost.every((browser) => this.#owners.get(browser) !== owner);
  }
}

/** How often a crash is run again at once. */
const crashesAgain = 2;

/**
 * Whether a cell is run again after these attempts.
 * @param retries further attempts that the user gives to a cell that is not a pass
 * @param strict the first outcome of a crash is taken
 */
export function isRunAgain(
  attempts: readonly Pick<AttemptOutcome, 'status'>[],
  { retries, strict }: { retries: number; strict: boolean },
): boolean {
  const last = attempts.at(-1);
  if (last === undefined) return true;
  if (last.status === 'pass') return false;
  const crashes = attempts.filter(({ status }) => status === 'crash').length;
  if (last.status === 'crash' && !strict && crashes <= crashesAgain) return true;
  const free = strict ? 0 : Math.min(crashes, crashesAgain);
  return attempts.length - free <= retries;
}
