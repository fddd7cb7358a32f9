import { TurnService, type Transport, type TurnServiceOptions } from '../fixtures/network/turn-service.ts';
import type { Agent } from '../fixtures/peer-page/agent.ts';
import type { PairContext, PeerHandle, SingleContext } from '../harness/matrix/scenario.ts';
import { addressOf, reachedBy } from './udp-path.ts';

/**
 * Starts a TURN server for a scenario, and keeps what it did as evidence. It listens on an address that a browser can
 * reach: Firefox does not use loopback. The scenario's browsers may also use it from other machines.
 * @param peer the browser that is to use it
 */
export async function withTurn(
  context: PairContext<Agent> | SingleContext<Agent>,
  {
    peer,
    name = 'turn',
    ...options
  }: { peer: PeerHandle<Agent>; name?: string } & Omit<TurnServiceOptions, 'address' | 'guests'>,
  body: (service: TurnService) => Promise<void>,
): Promise<void> {
  const peers = 'peer' in context ? [context.peer] : [context.offerer, context.answerer];
  const service = await TurnService.start({
    address: await reachedBy(peer),
    guests: await Promise.all(peers.map(addressOf)),
    ...options,
  });
  try {
    await body(service);
  } finally {
    context.trace(name, service.report());
    await service.close();
  }
}

/** A configuration that leaves a browser no path but a relay. */
export const relayOnly = (
  service: TurnService,
  transport: Transport,
  credential?: string,
): RTCConfiguration => ({
  iceServers: [service.iceServer(transport, credential)],
  iceTransportPolicy: 'relay',
});
