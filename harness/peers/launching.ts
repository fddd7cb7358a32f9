import { setTimeout as delay } from 'node:timers/promises';
import { HarnessError, IncompleteError, LaunchError, messageOf } from '../errors.ts';

/** How often, and after which pauses, something that did not start is started again. */
export interface Retries {
  /** Milliseconds between launches; there is one more launch than there are pauses. */
  pausesMs: readonly number[];
  /** No launch begins when this many milliseconds have passed since the first. */
  mostMs: number;
  /** Waits; rejects when the signal is aborted. */
  pause: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** Milliseconds on a clock that never goes back. */
  now: () => number;
}

/** Six launches over at least 15 s: enough for a machine that is busy, or short of memory, for a moment. */
export const usualRetries: Retries = {
  pausesMs: [500, 1000, 2000, 4000, 8000],
  mostMs: 150_000,
  pause: (ms, signal) => delay(ms, undefined, { signal }),
  now: () => performance.now(),
};

/** A server may be away for a moment; an address without one must be reported within 30 s. */
const unreachableMs = 20_000;

/** Failures of a launch that the next one would meet as well. */
const lasting: ReadonlySet<string> = new Set([
  'browser-not-found',
  'driver-not-found',
  'unsupported-driver',
  'no-display',
  'browser-changed',
  'endpoint-refused',
  'endpoint-untrusted',
  'endpoint-lacks-slot',
  'fixture-unreachable',
  'device-did-not-come',
]);

/**
 * Launches until it works.
 * @param id the browser's, for errors
 * @throws {IncompleteError} `host-closed` if the signal is aborted
 * @throws {LaunchError} if it was given up, with the error of the last launch
 */
export async function launchUntilItWorks<T>(
  id: string,
  launch: () => Promise<T>,
  signal: AbortSignal,
  { pausesMs, mostMs, pause, now }: Retries = usualRetries,
): Promise<T> {
  const began = now();
  for (let launches = 1; ; launches += 1) {
    if (signal.aborted) throw hostClosed(id);
    try {
      return await launch();
    } catch (error) {
      if (signal.aborted) throw hostClosed(id);
      if (error instanceof HarnessError && lasting.has(error.code)) throw error;
      const ms = pausesMs[launches - 1];
      const spent = now() - began;
      const isAway = error instanceof HarnessError && error.code === 'endpoint-unreachable';
      const most = isAway ? Math.min(mostMs, unreachableMs) : mostMs;
      if (ms === undefined || spent + ms > most) throw givenUp(id, launches, spent, error);
      await pause(ms, signal).catch(() => {
        throw hostClosed(id);
      });
    }
  }
}

export const hostClosed = (id: string): IncompleteError =>
  new IncompleteError('host-closed', `${id} was closed: the run is ending`);

const givenUp = (id: string, launches: number, spentMs: number, last: unknown): LaunchError =>
  new LaunchError(
    last instanceof LaunchError ? last.code : 'launch-failed',
    `${id} was given up after ${String(launches)} launches in ${(spentMs / 1000).toFixed(1)} s; the last said: ${messageOf(last)}`,
    { cause: last },
  );
