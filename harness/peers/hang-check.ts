/** What is known of a browser: only the first owner hears `hung`, as often as it asks. */
export type Found =
  | { as: 'lives' }
  /** How it was seen, in words that go behind the browser's name. */
  | { as: 'hung' | 'was-ended'; how: string };

/**
 * Looks at a browser; where it hangs, it is ended before this resolves.
 * @returns how it hangs, in words that go behind its name; undefined if it lives
 */
export type HangLook = () => Promise<string | undefined>;

/**
 * Whether one browser hangs: looked at once for all who ask meanwhile. The owner (the cell, say) that asks first
 * answers for the hang; the others were only there.
 */
export class HangCheck {
  readonly #quick: HangLook;
  readonly #thorough: HangLook;
  #how: string | undefined;
  #owner: object | undefined;

  /**
   * @param quick costs little: for whoever had an answer of each page
   * @param thorough for whoever had none, where the quick look found nothing
   */
  constructor(quick: HangLook, thorough: HangLook) {
    this.#quick = shared(quick);
    this.#thorough = shared(thorough);
  }

  /**
   * @param answers whether the owner's page answered
   * @param owner who asks; nobody where the hang has to be left for a cell to answer for
   */
  async ask(answers: boolean, owner?: object): Promise<Found> {
    const how = this.#how ?? (await this.#quick()) ?? (answers ? undefined : await this.#thorough());
    this.#how ??= how;
    if (this.#how === undefined) return { as: 'lives' };
    this.#owner ??= owner;
    return { as: owner !== undefined && this.#owner === owner ? 'hung' : 'was-ended', how: this.#how };
  }
}

/** One look for all who ask while it goes on. */
function shared(look: HangLook): HangLook {
  let current: ReturnType<HangLook> | undefined;
  return () => (current ??= look().finally(() => (current = undefined)));
}
