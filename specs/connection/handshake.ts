import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { sides, type Side } from '../steps/sides.ts';
import { openPath } from '../udp-path.ts';
import type { Rewrites } from './steps.ts';

/**
 * Whether a packet is the first message of a DTLS client: a handshake record (22) with a ClientHello (1).
 * https://www.rfc-editor.org/rfc/rfc6347#section-4.1
 */
const isClientHello = (packet: Buffer): boolean => packet[0] === 22 && packet[13] === 1;

/**
 * Creates the connections of both sides over a path that is observed, and runs a body, which has to negotiate.
 * @param outgoing text that is changed in what a side sends
 * @param body is given the sides that have begun a handshake, each once
 */
export async function overHandshake(
  pair: PairContext<Agent>,
  outgoing: Partial<Record<Side, Rewrites['outgoing']>>,
  body: (clients: ReadonlySet<Side>) => Promise<void>,
): Promise<void> {
  const clients = new Set<Side>();
  const path = await openPath(pair, (packet, from) => {
    if (isClientHello(packet)) clients.add(from);
    return true;
  });
  try {
    for (const side of sides) {
      await pair[side].run(
        (agent, { candidate, rewrite: [text, becomes] }) => {
          agent.connect({
            editsMayChangeNothing: true,
            incoming: ({ type, sdp = '' }) => ({ type, sdp: agent.sdp.withOnlyCandidate(sdp, candidate) }),
            outgoing: ({ type, sdp = '' }) => ({ type, sdp: sdp.replaceAll(text, becomes) }),
          });
        },
        { candidate: path.candidates[side], rewrite: outgoing[side] ?? ([/^(?!)/g, ''] as const) },
      );
    }
    await body(clients);
  } finally {
    path.close();
    pair.trace('clients of DTLS', [...clients]);
  }
}
