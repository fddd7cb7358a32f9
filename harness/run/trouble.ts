import type { PeerHandle } from '../matrix/scenario.ts';
import { PageFailure, type Peer } from '../peers/peer.ts';
import type { PageError } from '../protocol/agent.ts';
import type { Role } from '../protocol/signaling.ts';

/** Tells calls into the pages of a cell when a connection has failed and no call there has noticed it. */
export class Trouble {
  readonly #waiting = new Set<(failure: PageFailure) => void>();

  /** Listens to one side. */
  watch(peer: Pick<Peer, 'onConnectionFailed'>, role: Role, browser: string): void {
    peer.onConnectionFailed = (error: PageError) => {
      const failure = new PageFailure(error, role, browser);
      for (const reject of this.#waiting) reject(failure);
    };
  }

  /** The same peer, but its calls end as soon as there is trouble on either side: what they wait for would not come. */
  heardBy(handle: PeerHandle<never>): PeerHandle<never> {
    return {
      ...handle,
      run: (page: (agent: never, arg: never) => unknown, arg?: unknown) =>
        // The two overloads of `run` are one function; what it returns is what the page's function returns.
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        this.#orTrouble(handle.run(page, arg as never)) as never,
      within: (share) => this.heardBy(handle.within(share)),
    };
  }

  async #orTrouble<T>(call: Promise<T>): Promise<T> {
    let listener: ((failure: PageFailure) => void) | undefined;
    const trouble = new Promise<never>((_, reject) => {
      listener = reject;
      this.#waiting.add(reject);
    });
    try {
      return await Promise.race([call, trouble]);
    } finally {
      if (listener) this.#waiting.delete(listener);
    }
  }
}
