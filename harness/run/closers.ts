import { HarnessError, messageOf } from '../errors.ts';
import { within } from '../within.ts';

/** What the body of a cell has opened on this machine, closed when the cell is over: also where the body never gets there. */
export class Closers {
  readonly #left: (() => unknown)[] = [];
  #isOver = false;

  /** Adds what closes something; it is called at once if the cell is over already. */
  add(close: () => unknown): void {
    if (this.#isOver) void Closers.#call(close);
    else this.#left.push(close);
  }

  /**
   * Closes everything, the last opened first.
   * @param ms how long each may take
   * @returns a {@link HarnessError} `not-closed` for the first that failed; all others are closed nevertheless
   */
  async close(ms: number): Promise<HarnessError | undefined> {
    this.#isOver = true;
    let failure: HarnessError | undefined;
    for (const close of this.#left.splice(0).toReversed()) {
      try {
        await within(ms, 'it', Closers.#call(close));
      } catch (error) {
        failure ??= new HarnessError(
          'not-closed',
          `what the scenario gave to after() did not end well: ${messageOf(error)}`,
          { cause: error },
        );
      }
    }
    return failure;
  }

  static async #call(close: () => unknown): Promise<void> {
    await close();
  }
}
