import { Network, type NetworkOptions } from '../fixtures/network/network.ts';
import type { Agent } from '../fixtures/peer-page/agent.ts';
import type { PairContext } from '../harness/matrix/scenario.ts';
import { addressOf, reachedFrom } from './udp-path.ts';

/** Puts a network between the two sides of a call, and keeps what it did as evidence. */
export async function withNetwork(
  { offerer, answerer, through, trace }: PairContext<Agent>,
  options: Omit<NetworkOptions, 'addresses' | 'reachedAt'>,
  body: (network: Network) => Promise<void>,
): Promise<void> {
  const addresses = { offerer: await addressOf(offerer), answerer: await addressOf(answerer) };
  const reachedAt = {
    offerer: await reachedFrom(addresses.offerer),
    answerer: await reachedFrom(addresses.answerer),
  };
  const network = new Network({ ...options, addresses, reachedAt });
  through((message, from) => network.pass(message, from));
  try {
    await body(network);
  } finally {
    trace('network', network.report());
    await network.close();
  }
}
