import { TurnService, type Transport, type TurnServiceOptions } from '../fixtures/network/turn-service.ts';
import type { Agent } from '../fixtures/peer-page/agent.ts';
import type { PeerHandle, Tools } from '../harness/matrix/scenario.ts';
import { reachedBy } from './udp-path.ts';

/**
 * Starts a TURN server for a scenario, and keeps what it did as evidence. It listens where a browser finds it: Firefox
 * does not go to loopback.
 * @param peer the browser that is to use it
 */
export async function withTurn(
  { trace }: Pick<Tools, 'trace'>,
  {
    peer,
    name = 'turn',
    ...options
  }: { peer: PeerHandle<Agent>; name?: string } & Omit<TurnServiceOptions, 'address'>,
  body: (service: TurnService) => Promise<void>,
): Promise<void> {
  const service = await TurnService.start({ address: await reachedBy(peer), ...options });
  try {
    await body(service);
  } finally {
    trace(name, service.report());
    await service.close();
  }
}

/** A configuration that leaves a browser no way but a relay. */
export const relayOnly = (
  service: TurnService,
  transport: Transport,
  credential?: string,
): RTCConfiguration => ({
  iceServers: [service.iceServer(transport, credential)],
  iceTransportPolicy: 'relay',
});
