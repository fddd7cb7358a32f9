/** What is known of a browser that a page of was silent: only the first owner hears `hung`, as often as it asks. */
export type Found = 'lives' | 'hung' | 'was-ended';

/**
 * Whether one browser hangs: looked at once for all who ask meanwhile. The owner (the cell, say) that asks first
 * answers for the hang; the others were only there.
 */
export class HangCheck {
  readonly #hangs: () => Promise<boolean>;
  #look: Promise<boolean> | undefined;
  #owner: object | undefined;

  /** @param hangs looks; where the browser hangs, it is ended before this resolves */
  constructor(hangs: () => Promise<boolean>) {
    this.#hangs = hangs;
  }

  /** @param owner who asks; nobody where the hang has to be left for a cell to answer for */
  async ask(owner?: object): Promise<Found> {
    const look = (this.#look ??= this.#hangs());
    if (await look) {
      this.#owner ??= owner;
      return owner !== undefined && this.#owner === owner ? 'hung' : 'was-ended';
    }
    // it may hang later
    if (this.#look === look) this.#look = undefined;
    return 'lives';
  }
}
