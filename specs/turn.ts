import { TurnService, type Transport, type TurnServiceOptions } from '../fixtures/network/turn-service.ts';
import type { Agent } from '../fixtures/peer-page/agent.ts';
import type { PairContext, PeerHandle, SingleContext } from '../harness/matrix/scenario.ts';
import { addressOf, reachedBy, reachedFrom } from './udp-path.ts';

/**
 * Starts a TURN server for a scenario, and keeps what it did as evidence. It listens on an address that a browser can
 * reach: Firefox does not use loopback. The scenario's browsers may also use it from other machines.
 * @param peer the browser that is to use it
 * @param from its address that the server is to be reached from, while it relays by IPv4; default its IPv4 one
 */
export async function withTurn(
  context: PairContext<Agent> | SingleContext<Agent>,
  {
    peer,
    from,
    name = 'turn',
    ...options
  }: { peer: PeerHandle<Agent>; from?: string; name?: string } & Omit<
    TurnServiceOptions,
    'address' | 'relayAddress' | 'guests'
  >,
  body: (service: TurnService) => Promise<void>,
): Promise<void> {
  const peers = 'peer' in context ? [context.peer] : [context.offerer, context.answerer];
  const relayAddress = await reachedBy(peer);
  const guests = await Promise.all(peers.map(addressOf));
  const service = await TurnService.start({
    address: from === undefined ? relayAddress : await reachedFrom(from),
    relayAddress,
    guests: from === undefined ? guests : [...guests, from],
    ...options,
  });
  context.after(async () => {
    context.trace(name, service.report());
    await service.close();
  });
  await body(service);
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
