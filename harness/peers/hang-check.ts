/** What is known about a browser: only the first owner is told `hung`, each time it asks. */
export type Found =
  | { as: 'lives' }
  /** How it was seen, in words that follow the browser's name. */
  | { as: 'hung' | 'was-ended'; how: string };

/**
 * Looks at a browser; where it hangs, it is ended before this resolves.
 * @returns how it hangs, in words that follow its name; undefined if it lives
 */
export type HangLook = () => Promise<string | undefined>;

/**
 * Finds out whether one browser hangs, once for all who ask meanwhile. The owner that asks first, e.g. a cell, is blamed
 * for the hang; the others were bystanders.
 */
export class HangCheck {
  readonly #quick: HangLook;
  readonly #thorough: HangLook;
  #how: string | undefined;
  #owner: object | undefined;

  /**
   * @param quick costs little; enough if all pages answered
   * @param thorough used if a page did not answer and the quick look found nothing
   */
  constructor(quick: HangLook, thorough: HangLook) {
    this.#quick = shared(quick);
    this.#thorough = shared(thorough);
  }

  /**
   * @param answers whether the owner's page answered
   * @param owner who asks; undefined if the blame has to be left to a cell
   */
  async ask(answers: boolean, owner?: object): Promise<Found> {
    const how = this.#how ?? (await this.#quick()) ?? (answers ? undefined : await this.#thorough());
    this.#how ??= how;
    if (this.#how === undefined) return { as: 'lives' };
    this.#owner ??= owner;
    return { as: owner !== undefined && this.#owner === owner ? 'hung' : 'was-ended', how: this.#how };
  }
}

/** One look, shared by all who ask while it goes on. */
function shared(look: HangLook): HangLook {
  let current: ReturnType<HangLook> | undefined;
  return () => (current ??= look().finally(() => (current = undefined)));
}
