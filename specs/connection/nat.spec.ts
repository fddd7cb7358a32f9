import { expect } from 'chai';
import type { NatBehaviour } from '../../fixtures/network/nat.ts';
import type { Network } from '../../fixtures/network/network.ts';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { withNetwork } from '../network.ts';
import { scenario } from '../scenario.ts';

/** NATs by what they do, from the mildest on. https://www.rfc-editor.org/rfc/rfc4787#section-4 */
const nats = {
  open: undefined,
  'full-cone': { mapping: 'endpoint-independent', filtering: 'endpoint-independent' },
  'restricted-cone': { mapping: 'endpoint-independent', filtering: 'address-dependent' },
  'port-restricted': { mapping: 'endpoint-independent', filtering: 'address-and-port-dependent' },
  symmetric: { mapping: 'address-and-port-dependent', filtering: 'address-and-port-dependent' },
} as const satisfies Record<string, NatBehaviour | undefined>;
type NatName = keyof typeof nats;

const behaviours = (
  offerer: NatName,
  answerer: NatName,
): Partial<Record<'offerer' | 'answerer', NatBehaviour>> => ({
  ...(nats[offerer] ? { offerer: nats[offerer] } : {}),
  ...(nats[answerer] ? { answerer: nats[answerer] } : {}),
});

/** A call with data between the two, by the server that each of them is told of. */
async function call(pair: PairContext<Agent>, network: Network, of: 'stun' | 'turn'): Promise<void> {
  const [here, there] = await Promise.all([
    network.iceServer('offerer', of),
    network.iceServer('answerer', of),
  ]);
  await pair.answerer.run(
    (agent, server) => void agent.connect({ configuration: { iceServers: [server] } }),
    there,
  );
  await pair.offerer.run(async (agent, server) => {
    const connection = agent.connect({ configuration: { iceServers: [server] } });
    connection.createChannel('proof');
    await connection.negotiate();
    await connection.connected();
    (await connection.channel('proof')).send('from the offerer');
  }, here);
  const received = await pair.answerer.run(async ({ connection }) => {
    const message = await connection.message('proof');
    return { message, selected: await connection.selectedPair() };
  });
  expect(received.message, 'what the answerer received').to.equal('from the offerer');
  pair.trace('pair', {
    offerer: await pair.offerer.run(({ connection }) => connection.selectedPair()),
    answerer: received.selected,
  });
}

for (const [offerer, answerer] of [
  ['open', 'open'],
  ['open', 'symmetric'],
  ['full-cone', 'symmetric'],
  ['port-restricted', 'port-restricted'],
  ['restricted-cone', 'symmetric'],
] as const) {
  scenario(
    {
      id: `connection/nat/${offerer}-${answerer}`,
      title: `${offerer} and ${answerer}`,
      asks: `Do a side behind a NAT that is ${offerer} and one behind one that is ${answerer} connect with STUN?`,
      level: 'must',
      specs: ['https://www.rfc-editor.org/rfc/rfc4787', 'https://www.rfc-editor.org/rfc/rfc8445'],
    },
    (pair) =>
      withNetwork(pair, { nat: behaviours(offerer, answerer) }, (network) => call(pair, network, 'stun')),
  );
}

scenario(
  {
    id: 'connection/nat/symmetric-symmetric-turn',
    title: 'symmetric and symmetric, with TURN',
    asks: 'Do two sides behind symmetric NATs connect with TURN?',
    level: 'must',
    specs: ['https://www.rfc-editor.org/rfc/rfc8656'],
  },
  (pair) =>
    withNetwork(pair, { nat: behaviours('symmetric', 'symmetric') }, (network) =>
      call(pair, network, 'turn'),
    ),
);
