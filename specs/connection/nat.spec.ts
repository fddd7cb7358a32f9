import { expect } from 'chai';
import { meet } from '../../fixtures/network/meeting.ts';
import { nats, type NatName } from '../../fixtures/network/nat.ts';
import type { Network } from '../../fixtures/network/network.ts';
import { withNetwork } from '../network.ts';
import { scenario } from '../scenario.ts';
import { connect, pairInUse, proveData } from './steps.ts';

const names = [
  'open',
  'full-cone',
  'restricted-cone',
  'port-restricted',
  'symmetric',
] as const satisfies NatName[];
const words: Readonly<Record<NatName, string>> = {
  open: 'no NAT',
  'full-cone': 'a full-cone NAT',
  'restricted-cone': 'a restricted-cone NAT',
  'port-restricted': 'a port-restricted NAT',
  symmetric: 'a symmetric NAT',
};

/** Packets that came out at the far end of each link; no path bypasses the links. */
const delivered = (network: Network): number[] =>
  Object.values(network.report().links).flatMap(({ up, down }) => [up.delivered, down.delivered]);

for (const offers of names) {
  for (const answers of names) {
    const direct = meet(nats[offers], nats[answers]);
    scenario(
      {
        id: `connection/nat/${offers}-with-${answers}`,
        title: `Offerer behind ${words[offers]}, answerer behind ${words[answers]}`,
        asks: `With ${words[offers]} at the offerer and ${words[answers]} at the answerer, does a call connect ${direct ? 'without a relay' : 'through a relay'}?`,
        level: 'must',
        specs: [
          'https://www.rfc-editor.org/rfc/rfc8445#section-7.3',
          'https://www.rfc-editor.org/rfc/rfc4787#section-4.1',
          ...(direct ? [] : ['https://www.rfc-editor.org/rfc/rfc8656']),
        ],
      },
      (pair) => {
        const offerer = nats[offers];
        const answerer = nats[answers];
        const nat = { ...(offerer ? { offerer } : {}), ...(answerer ? { answerer } : {}) };
        return withNetwork(pair, { nat }, async (network) => {
          const of = direct ? 'stun' : 'turn';
          const [forOfferer, forAnswerer] = [
            await network.iceServer('offerer', of),
            await network.iceServer('answerer', of),
          ];
          await connect(pair, {
            offerer: { configuration: { iceServers: [forOfferer] } },
            answerer: { configuration: { iceServers: [forAnswerer] } },
          });
          await proveData(pair);
          const [here, there] = [await pair.offerer.run(pairInUse), await pair.answerer.run(pairInUse)];
          pair.trace('pairs in use', { offerer: here, answerer: there });
          const [{ relayedBytes }] = network.servers;
          if (direct) expect(relayedBytes, 'bytes that went by a relay').to.equal(0);
          else expect(relayedBytes, 'bytes that went by a relay').to.be.above(0);
          expect(Math.min(...delivered(network)), 'packets on each link').to.be.above(0);
        });
      },
    );
  }
}
