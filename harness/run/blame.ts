import type { AttemptOutcome } from './attempt.ts';

/**
 * Which attempt is blamed for a browser that died or hung. A lost browser takes down every cell in it: the first that
 * reports it keeps the outcome, the others were bystanders and are run again. For every cell that is run again, another
 * one keeps the loss: so no loss goes unrecorded, and the repetition ends.
 */
export class Blame {
  /** The blamed attempt, by the browser as started. */
  readonly #owners = new WeakMap<object, object>();

  /**
   * Takes the blame for a browser before checking whether it hangs: if it does, the check ends it, and others see that
   * before the check is over.
   * @returns what takes the blame back, to be called if the browser is alive
   */
  suspect(owner: object, browser: object): () => void {
    if (this.#owners.has(browser)) return () => undefined;
    this.#owners.set(browser, owner);
    return () => this.#owners.delete(browser);
  }

  /** Whether an attempt was a bystander to the loss of its browsers; otherwise it is blamed for them from now on. */
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
 * @param retries further attempts that the user allows a cell that is not a pass
 * @param strict takes the first outcome of a crash
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
