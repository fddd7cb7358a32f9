import type { LayerSfu } from '../fixtures/sfu/sfu.ts';
import type { Agent } from '../fixtures/peer-page/agent.ts';
import type { PairContext } from '../harness/matrix/scenario.ts';
import { addressOf, reachedFrom } from './udp-path.ts';

/**
 * Puts a server between the two sides of a call, and keeps what it did as evidence: the offerer sends to it, and it sends
 * one layer of that to the answerer. Each side gets the server's descriptions, and no candidates but its own. It listens on
 * addresses that the browsers can reach: Firefox does not use loopback.
 */
export async function withSfu(
  pair: PairContext<Agent>,
  body: (sfu: LayerSfu) => Promise<void>,
): Promise<void> {
  const guests = [await addressOf(pair.offerer), await addressOf(pair.answerer)] as const;
  const addresses = { offerer: await reachedFrom(guests[0]), answerer: await reachedFrom(guests[1]) };
  // its library takes its time to load, and few scenarios need it
  const { LayerSfu } = await import('../fixtures/sfu/sfu.ts');
  const sfu = await LayerSfu.open({ addresses, guests });
  pair.after(() => {
    pair.trace('sfu', sfu.report());
    sfu.close();
  });
  pair.through((message, from) => sfu.pass(message, from));
  await body(sfu);
}
