import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import type { Conditions } from '../../fixtures/network/link.ts';
import type { Network } from '../../fixtures/network/network.ts';
import { hold } from '../steps/hold.ts';
import { sides } from '../steps/sides.ts';
import { withNetwork } from '../network.ts';
import { scenario } from '../scenario.ts';
import { connect, proveData } from './steps.ts';

const both = (network: Network, conditions: Partial<Conditions>): void => {
  network.access.offerer.change(conditions);
  network.access.answerer.change(conditions);
};

/** What the links of both sides did, added up. */
const total = (
  network: Network,
  of: 'lost' | 'duplicated' | 'reordered' | 'swallowed' | 'delivered',
): number =>
  Object.values(network.report().links)
    .flatMap(({ up, down }) => [up[of], down[of]])
    .reduce((sum, count) => sum + count, 0);

/** Difficult links, and what each of them must have done for a pass to mean anything. */
const difficult = {
  'loss-1': { title: '1 % loss', conditions: { loss: 0.01 }, did: 'lost' },
  'loss-5': { title: '5 % loss', conditions: { loss: 0.05 }, did: 'lost' },
  // congestion control lets only few through, in 0.02 to 10 s
  'loss-20': { title: '20 % loss', conditions: { loss: 0.2 }, did: 'lost', messages: 20, timeoutMs: 45_000 },
  // in 2 to 13 s
  'delay-200': {
    title: '200 ms there and 200 ms back',
    conditions: { delayMs: 100 },
    did: 'delivered',
    timeoutMs: 45_000,
  },
  'jitter-50': { title: '50 ms of jitter', conditions: { jitterMs: 50 }, did: 'delivered' },
  reordered: { title: 'reordered packets', conditions: { reorder: 0.1 }, did: 'reordered' },
  duplicated: { title: 'duplicated packets', conditions: { duplicate: 0.2 }, did: 'duplicated' },
} as const satisfies Record<
  string,
  {
    title: string;
    conditions: Partial<Conditions>;
    did: Parameters<typeof total>[1];
    messages?: number;
    timeoutMs?: number;
  }
>;

for (const [name, link] of Object.entries(difficult)) {
  const { title, conditions, did } = link;
  const messages = 'messages' in link ? link.messages : 200;
  scenario(
    {
      id: `connection/network/${name}`,
      title: `Data over ${title}`,
      asks: `Do ${String(messages)} messages arrive whole, once and in order over a path with ${title}?`,
      level: 'must',
      specs: ['https://www.rfc-editor.org/rfc/rfc8831#section-6.1', 'https://www.rfc-editor.org/rfc/rfc9260'],
      timeoutMs: 'timeoutMs' in link ? link.timeoutMs : 20_000,
    },
    (pair) =>
      withNetwork(pair, {}, async (network) => {
        await connect(pair);
        await proveData(pair);
        both(network, conditions);
        const before = total(network, did);
        const began = performance.now();
        const sent = pair.offerer.run(async ({ connection }, count) => {
          const channel = await connection.channel('proof');
          for (let number = 0; number < count; number += 1)
            channel.send(`${String(number)} ${'x'.repeat(1000)}`);
        }, messages);
        const received = await pair.answerer.run(async ({ connection }, count) => {
          const numbers: number[] = [];
          let isWhole = true;
          while (numbers.length < count) {
            const message = String(await connection.message('proof'));
            numbers.push(Number.parseInt(message, 10));
            isWhole &&= message.endsWith(` ${'x'.repeat(1000)}`);
          }
          return { numbers, isWhole };
        }, messages);
        await sent;
        pair.measure('time to receive them', performance.now() - began, 'ms');
        const due = Array.from({ length: messages }, (_, number) => number);
        expect(received.numbers, 'the numbers of the messages').to.deep.equal(due);
        expect(received.isWhole, 'whether each is whole').to.equal(true);
        expect(total(network, did) - before, `packets that the path has ${did}`).to.be.above(0);
        both(network, { loss: 0, delayMs: 0, jitterMs: 0, reorder: 0, duplicate: 0 });
        await proveData(pair, ' when the path is clear again');
      }),
  );
}

scenario(
  {
    id: 'connection/path/silent-3s',
    title: 'Nothing gets through for three seconds',
    asks: 'Does a call survive three seconds of silence, and does what was sent during them arrive?',
    level: 'must',
    specs: ['https://www.rfc-editor.org/rfc/rfc7675#section-5.1'],
    timeoutMs: 25_000,
  },
  (pair) =>
    withNetwork(pair, {}, async (network) => {
      await connect(pair);
      await proveData(pair);
      both(network, { up: false });
      const began = performance.now();
      await pair.offerer.run(async ({ connection }) =>
        (await connection.channel('proof')).send('into the silence'),
      );
      await delay(3000);
      both(network, { up: true });
      const back = performance.now();
      const received = await pair.answerer.run(({ connection }) => connection.message('proof'));
      pair.measure('silence', back - began, 'ms');
      hold(pair, 'time until it arrives', performance.now() - back, 'ms', { most: 10_000, paced: true });
      expect(received, 'what the answerer received').to.equal('into the silence');
      expect(total(network, 'swallowed'), 'packets that were lost in the silence').to.be.above(0);
      await proveData(pair, ' after the silence');
      for (const side of sides) {
        const state = await pair[side].run(({ connection }) => connection.pc.connectionState);
        expect(state, `connectionState of the ${side} after the silence`).to.equal('connected');
      }
    }),
);

for (const side of sides) {
  scenario(
    {
      id: `connection/path/${side}-moves`,
      title: `The NAT of the ${side} gives it another address`,
      asks: `Does a call go on when the address of the ${side} changes mid-call, as behind a NAT that was restarted?`,
      level: 'should',
      specs: [
        'https://www.rfc-editor.org/rfc/rfc8445#section-7.3.1.3',
        'https://www.rfc-editor.org/rfc/rfc7675',
      ],
      // a call that goes on does so after 0.4 to 9 s
      timeoutMs: 20_000,
    },
    (pair) =>
      withNetwork(
        pair,
        { nat: { [side]: { mapping: 'endpoint-independent', filtering: 'address-and-port-dependent' } } },
        async (network) => {
          const server = await network.iceServer(side, 'stun');
          await connect(pair, { [side]: { configuration: { iceServers: [server] } } });
          await proveData(pair);
          const before = performance.now();
          network.access[side].changeAddress();
          await proveData(pair, ' after the move');
          pair.measure('time until data goes both ways again', performance.now() - before, 'ms');
        },
      ),
  );
}
