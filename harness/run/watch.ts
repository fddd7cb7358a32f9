import { AsyncLocalStorage, createHook, type AsyncHook } from 'node:async_hooks';
import { HarnessError, messageOf } from '../errors.ts';

/** What a body did outside its awaits. */
export interface Strays {
  /** Exceptions that nothing caught and rejections that nothing handled, in the order in which they came. */
  errors: readonly unknown[];
  /** Calls to the cell's pages that had not been answered when the body ended. */
  pendingCalls: number;
  /** Timers that were left running. */
  timers: number;
}

/** Receives errors that come too late to judge a cell. */
export interface ErrorListener {
  /** An error of a cell that is already stored. */
  late(watch: Watch, error: unknown): void;
  /** An error that belongs to no cell. */
  orphan(error: unknown): void;
}

const present = new AsyncLocalStorage<Watch>();
const listeners = new Set<ErrorListener>();

/** Node has no public name for a timer that has fired; if Node renames it, timers count as running, and cells say so. */
const isRunning = (timer: NodeJS.Timeout): boolean =>
  timer.hasRef() && Reflect.get(timer, '_destroyed') !== true;

/** Watches one body, and everything that it starts, for what it does outside its awaits. */
export class Watch {
  /** Resolves with the first uncaught exception: the body may wait forever for what it should have done. */
  readonly uncaught: Promise<unknown>;
  #errors: { error: unknown; promise?: Promise<unknown> }[] = [];
  #pendingCalls = 0;
  readonly #timers = new Set<NodeJS.Timeout>();
  #sealed = false;
  #resolveUncaught: (error: unknown) => void = () => undefined;

  constructor() {
    this.uncaught = new Promise((resolve) => (this.#resolveUncaught = resolve));
  }

  /** Runs the body; everything that it starts belongs to this watch. */
  run<T>(body: () => T): T {
    return present.run(this, body);
  }

  /** Counts a call to a page until it is answered. */
  async calling<T>(call: Promise<T>): Promise<T> {
    this.#pendingCalls += 1;
    try {
      return await call;
    } finally {
      this.#pendingCalls -= 1;
    }
  }

  /** The strays so far. */
  get strays(): Strays {
    return {
      errors: this.#errors.map(({ error }) => error),
      pendingCalls: this.#pendingCalls,
      timers: [...this.#timers].filter(isRunning).length,
    };
  }

  /** Ends the watch: remaining timers are stopped, and what comes from now on is too late for the cell. */
  seal(): void {
    this.#sealed = true;
    for (const timer of this.#timers) if (isRunning(timer)) clearTimeout(timer);
    this.#timers.clear();
  }

  /** A timer that this watch's body has started. */
  started(timer: NodeJS.Timeout): void {
    if (!this.#sealed) this.#timers.add(timer);
  }

  /** @param promise the rejected one, for an unhandled rejection */
  stray(error: unknown, promise?: Promise<unknown>): void {
    if (this.#sealed) {
      for (const listener of listeners) listener.late(this, error);
      return;
    }
    this.#errors.push(promise ? { error, promise } : { error });
    if (!promise) this.#resolveUncaught(error);
  }

  /** The rejection was handled after all. */
  handled(promise: Promise<unknown>): void {
    this.#errors = this.#errors.filter((stray) => stray.promise !== promise);
  }
}

function heard(error: unknown, promise?: Promise<unknown>): void {
  const watch = present.getStore();
  if (watch) watch.stray(error, promise);
  else for (const listener of listeners) listener.orphan(error);
}

const rejections = new WeakMap<Promise<unknown>, Watch>();
const onException = (error: unknown): void => heard(error);
const onRejection = (error: unknown, promise: Promise<unknown>): void => {
  const watch = present.getStore();
  // `rejectionHandled` runs in the context of the code that handles the rejection.
  if (watch) rejections.set(promise, watch);
  heard(error, promise);
};
const onHandled = (promise: Promise<unknown>): void => rejections.get(promise)?.handled(promise);

let timers: AsyncHook | undefined;

/**
 * Listens for errors outside an `await`, once for the whole process, however many runs it has: a watch gets its own, whether
 * it is in flight or ended; every listener gets those that are too late or belong to no watch.
 * @returns what stops it
 */
export function listenForErrors(listener: ErrorListener): () => void {
  if (listeners.size === 0) {
    process.on('uncaughtException', onException);
    process.on('unhandledRejection', onRejection);
    process.on('rejectionHandled', onHandled);
    timers = createHook({
      init(_, type, __, resource) {
        // Node announces its timers under this name.
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        if (type === 'Timeout') present.getStore()?.started(resource as NodeJS.Timeout);
      },
    }).enable();
  }
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    process.off('uncaughtException', onException);
    process.off('unhandledRejection', onRejection);
    process.off('rejectionHandled', onHandled);
    timers?.disable();
  };
}

const count = (number: number, what: string): string => `${String(number)} ${what}${number === 1 ? '' : 's'}`;

/** The error for what a body left behind; undefined if it left nothing. */
export function strayError({ errors, pendingCalls, timers: left }: Strays): unknown {
  if (errors.length > 0) {
    const [error] = errors;
    // An error from a page is the page's, awaited or not.
    if (error instanceof HarnessError) return error;
    return new HarnessError(
      'uncaught-error',
      `the scenario did not await what failed: ${error instanceof Error ? `${error.name}: ` : ''}${messageOf(error)}`,
      { cause: error },
    );
  }
  if (pendingCalls > 0) {
    return new HarnessError(
      'not-awaited',
      `the scenario ended before ${count(pendingCalls, 'call')} to its pages had been answered; await them`,
    );
  }
  if (left > 0) {
    return new HarnessError(
      'timer-left',
      `the scenario ended and left ${count(left, 'timer')} running; wait for what it does, or clear it`,
    );
  }
  return undefined;
}
