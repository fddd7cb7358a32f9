import type { DrivenSpec } from '../config/browser-spec.ts';
import type { Endpoint } from '../config/endpoint.ts';
import { until } from './deadline.ts';
import { noSlot } from './endpoint-errors.ts';
import { askStatus, hasNoSlotFor } from './endpoint-status.ts';
import { endLost } from './lost-sessions.ts';

/** How long there may be no fitting slot before that is an error: a Grid may start nodes on demand. */
const noSlotMs = 15_000;

/**
 * Returns what a request for a session resolves to, or rejects when the server has had no slot for it for 15 s: Selenium
 * Grid keeps such a request in its queue, for five minutes by default. Meanwhile, lost sessions are ended: they may have the
 * slot.
 * @throws {LaunchError} `endpoint-lacks-slot`
 */
export async function unlessNoSlotFits<T>(
  spec: DrivenSpec,
  server: Endpoint,
  capabilities: Readonly<Record<string, unknown>>,
  session: Promise<T>,
  { ms = noSlotMs, everyMs = 1000 }: { ms?: number; everyMs?: number } = {},
): Promise<T> {
  let waiting = true;
  let fittedAt = performance.now();
  let status: unknown;
  const none = until(
    async () => {
      // A failed query proves nothing: the request for the session will tell.
      status = (await askStatus(server).catch(() => undefined))?.body;
      await endLost(status);
      if (!hasNoSlotFor(status, capabilities)) fittedAt = performance.now();
      return !waiting || performance.now() - fittedAt >= ms;
    },
    { ms: Number.POSITIVE_INFINITY, everyMs },
  ).then((): never => {
    throw noSlot(spec, server, capabilities, status);
  });
  try {
    return await Promise.race([session, none]);
  } finally {
    waiting = false;
    none.catch(() => undefined); // This mattered only while the session was awaited.
  }
}
