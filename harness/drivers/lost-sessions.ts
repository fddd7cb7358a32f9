import { nodeOf } from './endpoint-status.ts';

const endMs = 5000;

/**
 * The ids of sessions that their server did not end. A hub of a Selenium Grid that was restarted knows no earlier sessions,
 * and its node keeps each of them in a slot until it times out, after five minutes by default.
 */
const lost = new Set<string>();

export const rememberLost = (sessionId: string): void => void lost.add(sessionId);

/**
 * Ends those of the lost sessions that a Grid's status shows in a slot, at the node that has them. A node that cannot be
 * reached from here keeps its own until they time out.
 */
export async function endLost(status: unknown): Promise<void> {
  await Promise.all(
    [...lost].map(async (id) => {
      const node = nodeOf(status, id);
      if (node === undefined) return;
      lost.delete(id);
      // The credentials are for the Grid, not for an address that its status names.
      await fetch(new URL(`session/${id}`, node), {
        method: 'DELETE',
        signal: AbortSignal.timeout(endMs),
      }).catch(() => undefined);
    }),
  );
}
