import { Network, type NetworkOptions } from '../fixtures/network/network.ts';
import { Paths } from '../fixtures/network/paths.ts';
import type { Agent } from '../fixtures/peer-page/agent.ts';
import type { PairContext } from '../harness/matrix/scenario.ts';
import { addressOf, reachedFrom } from './udp-path.ts';

type Places = 'addresses' | 'reachedAt';

/** Where a network finds the two sides, and they find it. */
async function placesOf({
  offerer,
  answerer,
}: Pick<PairContext<Agent>, 'offerer' | 'answerer'>): Promise<Pick<NetworkOptions, Places>> {
  const addresses = { offerer: await addressOf(offerer), answerer: await addressOf(answerer) };
  const reachedAt = {
    offerer: await reachedFrom(addresses.offerer),
    answerer: await reachedFrom(addresses.answerer),
  };
  return { addresses, reachedAt };
}

/** Lets a call through a network, or several, and keeps what it did as evidence. */
async function behind<Way extends Network | Paths>(
  { through, trace, after }: PairContext<Agent>,
  name: string,
  way: Way,
  body: (way: Way) => Promise<void>,
): Promise<void> {
  after(async () => {
    trace(name, way.report());
    await way.close();
  });
  through((message, from) => way.pass(message, from));
  await body(way);
}

/** Puts a network between the two sides of a call. */
export const withNetwork = async (
  pair: PairContext<Agent>,
  options: Omit<NetworkOptions, Places>,
  body: (network: Network) => Promise<void>,
): Promise<void> => behind(pair, 'network', new Network({ ...options, ...(await placesOf(pair)) }), body);

/** Puts two networks side by side between the two sides of a call, the better one first; the call needs `trickle: false`. */
export const withPaths = async (
  pair: PairContext<Agent>,
  options: Omit<NetworkOptions, Places>,
  body: (paths: Paths) => Promise<void>,
): Promise<void> => behind(pair, 'networks', new Paths(2, { ...options, ...(await placesOf(pair)) }), body);
