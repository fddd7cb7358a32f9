import type { Exit } from './driver.ts';

/** What a signal means, for those whose names are not well known. */
const meanings: Readonly<Record<string, string>> = {
  SIGXFSZ: ': it wrote a file larger than `ulimit -f` allows',
};

/** How a process ended, as Node reports it. */
export const exitOf = (what: string, code: number | null, signal: string | null): Exit => ({
  code,
  signal,
  description:
    signal === null
      ? `${what} ended with exit code ${code}.`
      : `${what} was ended by ${signal}${meanings[signal] ?? ''}.`,
});

/** The end of a process that is not our child: the system tells only the parent how it ended. */
export const unseenExit = (what: string): Exit => ({
  code: null,
  signal: null,
  description: `${what} ended; its exit status is known to its parent only.`,
});

/** The end of a session by the browser or its server, though nobody here ended it. */
export const sessionLost = (id: string): Exit => ({
  code: null,
  signal: null,
  description: `The session of ${id} was lost: its WebDriver server knows it no more.`,
});

/** A promise of the browser's end; the first observer resolves it. */
export class ExitWatch {
  readonly exited: Promise<Exit>;
  readonly #resolve: (exit: Exit) => void;
  #seen = false;

  constructor() {
    const { promise, resolve } = withResolvers<Exit>();
    this.exited = promise;
    this.#resolve = resolve;
  }

  get seen(): boolean {
    return this.#seen;
  }

  report(exit: Exit): void {
    this.#seen = true;
    this.#resolve(exit);
  }
}

/** `Promise.withResolvers` comes with Node 22. */
function withResolvers<T>(): { promise: Promise<T>; resolve: (value: T) => void } {
  let resolve: (value: T) => void = () => {};
  const promise = new Promise<T>((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve };
}
