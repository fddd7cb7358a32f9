import { setTimeout as delay } from 'node:timers/promises';
import { HarnessError, IncompleteError, LaunchError, messageOf } from '../errors.ts';

/** How often, and after which pauses, something that did not start is started again. */
export interface Retries {
  /** Milliseconds between launches; there is one more launch than there are pauses. */
  pausesMs: readonly number[];
  /** No launch begins when this many milliseconds have passed since the first. */
  mostMs: number;
  /** The same for a server that does not answer. */
  awayMs: number;
  /** Waits; rejects when the signal is aborted. */
  pause: (ms: number, signal: AbortSignal) => Promise<unknown>;
  /** Milliseconds on a clock that never goes back. */
  now: () => number;
}

/** Six launches over at least 15 s: enough for a machine that is busy, or short of memory, for a moment. */
export const usualRetries: Retries = {
  pausesMs: [500, 1000, 2000, 4000, 8000],
  mostMs: 150_000,
  awayMs: 20_000,
  pause: (ms, signal) => delay(ms, undefined, { signal }),
  now: () => performance.now(),
};

/** For a Safari that another session has: sessions get lost, and it takes a while to see that. */
const busyMs = 60_000;

/** How long to wait for something that ends by itself, by the code of the error; undefined for a launch that failed. */
const patienceMs = (error: unknown, { awayMs }: Retries): number | undefined => {
  if (!(error instanceof HarnessError)) return undefined;
  if (error.code === 'endpoint-unreachable' || error.code === 'endpoint-silent') return awayMs;
  return error.code === 'browser-busy' ? busyMs : undefined;
};

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
  retries: Retries = usualRetries,
): Promise<T> {
  const { pausesMs, mostMs, pause, now } = retries;
  const began = now();
  for (let launches = 1; ; launches += 1) {
    if (signal.aborted) throw hostClosed(id);
    const launched = now();
    try {
      return await launch();
    } catch (error) {
      if (signal.aborted) throw hostClosed(id);
      if (error instanceof HarnessError && lasting.has(error.code)) throw error;
      const patience = patienceMs(error, retries);
      const ms = pausesMs[launches - 1] ?? (patience === undefined ? undefined : pausesMs.at(-1));
      const spent = now() - began;
      // a server that keeps silent takes as long again
      const again = patience === undefined ? 0 : now() - launched;
      const most = Math.min(mostMs, patience ?? mostMs);
      if (ms === undefined || spent + ms + again > most) throw givenUp(id, launches, spent, error);
      await pause(ms, signal).catch(() => {
        throw hostClosed(id);
      });
    }
  }
}

export const hostClosed = (id: string): IncompleteError =>
  new IncompleteError('host-closed', `${id} was closed: the run is ending`);

/** Its cause is what the last launch failed with. */
export class GivenUpError extends LaunchError {}

const givenUp = (id: string, launches: number, spentMs: number, last: unknown): GivenUpError =>
  new GivenUpError(
    last instanceof LaunchError ? last.code : 'launch-failed',
    `${id} was given up after ${String(launches)} launches in ${(spentMs / 1000).toFixed(1)} s; the last said: ${messageOf(last)}`,
    { cause: last },
  );
