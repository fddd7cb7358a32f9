import { expect } from 'chai';
import type { Network } from '../../fixtures/network/network.ts';
import type { Paths } from '../../fixtures/network/paths.ts';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { withPaths } from '../network.ts';
import { scenario } from '../scenario.ts';
import { expectNothingElse } from '../steps/channels.ts';
import { hold } from '../steps/hold.ts';
import { sides } from '../steps/sides.ts';
import { connect, pairInUse, proveData } from './steps.ts';

const common = { signaling: { trickle: false } } as const;
const names = ['the better path', 'the other path'];

const bring = (network: Network | undefined, up: boolean): void => {
  for (const side of sides) network?.access[side].change({ up });
};

const bytes = 40_000;

/** The bytes that came out of the four links of each path. */
const carriedBy = ({ networks }: Paths): number[] =>
  networks.map((network) =>
    Object.values(network.report().links)
      .flatMap(({ up, down }) => [up.bytesDelivered, down.bytesDelivered])
      .reduce((sum, count) => sum + count, 0),
  );

/** Both sides use one of the paths, data goes both ways over it, and no more than checks over the others. */
async function expectTaken(pair: PairContext<Agent>, paths: Paths, due: number, when = ''): Promise<void> {
  for (const side of sides) {
    const network = paths.networks[due];
    await pair[side].run(
      async ({ connection, waitFor }, { ports, path }) => {
        let used = 0;
        await waitFor({
          name: `the pair in use to be that of ${path}`,
          phase: 'ice',
          probe: async () => {
            used = (await connection.selectedPair())?.remote.port ?? 0;
            return ports.includes(used);
          },
          // Chromium's statistics are 50 ms old
          triggers: [{ everyMs: 50 }],
          seen: () => `the remote port of the pair in use is ${String(used)} in place of ${ports.join()}`,
        });
      },
      { ports: network ? paths.portsOf(side, network) : [], path: names[due] ?? '' },
    );
  }
  const before = carriedBy(paths);
  for (const [from, to] of [
    ['offerer', 'answerer'],
    ['answerer', 'offerer'],
  ] as const) {
    await pair[from].run(
      async ({ connection }, length) => (await connection.channel('proof')).send('x'.repeat(length)),
      bytes,
    );
    const received = await pair[to].run(({ connection }) => connection.message('proof'));
    expect(String(received).length, `length of what the ${to} received${when}`).to.equal(bytes);
  }
  for (const [at, count] of carriedBy(paths).entries()) {
    const carried = count - (before[at] ?? 0);
    pair.measure(`bytes by ${names[at] ?? ''}${when}`, carried, 'bytes');
    // each packet is counted by the link of its sender and by that of its receiver
    if (at === due) expect(carried, `bytes by ${names[at] ?? ''}${when}`).to.be.at.least(4 * bytes);
    else expect(carried, `bytes by ${names[at] ?? ''}${when}`).to.be.below(bytes / 4);
  }
}

scenario(
  {
    ...common,
    id: 'connection/path/better',
    title: 'Two paths',
    asks: 'When two paths lead to the other side, is all data sent over the one whose candidates have the higher priority?',
    level: 'should',
    specs: [
      'https://www.rfc-editor.org/rfc/rfc8445#section-6.1.2.3',
      'https://www.rfc-editor.org/rfc/rfc8445#section-8.1.1',
    ],
  },
  (pair) =>
    withPaths(pair, {}, async (paths) => {
      await connect(pair);
      await proveData(pair);
      await expectTaken(pair, paths, 0);
      await expectNothingElse(pair);
    }),
);

scenario(
  {
    ...common,
    id: 'connection/path/better-dead',
    title: 'Two paths, the better of which leads nowhere',
    asks: 'When nothing gets through on the path of the candidates with the higher priority, is the other path used?',
    level: 'must',
    specs: ['https://www.rfc-editor.org/rfc/rfc8445#section-6.1.4.2'],
  },
  (pair) =>
    withPaths(pair, {}, async (paths) => {
      const [better] = paths.networks;
      bring(better, false);
      await connect(pair);
      await proveData(pair);
      await expectTaken(pair, paths, 1);
      const { links } = better?.report() ?? {};
      expect(
        (links?.offerer.up.swallowed ?? 0) + (links?.answerer.up.swallowed ?? 0),
        'packets that the better path has swallowed',
      ).to.be.above(0);
      await expectNothingElse(pair);
    }),
);

scenario(
  {
    ...common,
    id: 'connection/path/better-dies',
    title: 'The path in use dies, and there is another',
    asks: 'When the path in use dies mid-call, does the call go on over the other path, without an ICE restart?',
    level: 'info',
    specs: [
      'https://www.rfc-editor.org/rfc/rfc7675#section-5.1',
      'https://www.rfc-editor.org/rfc/rfc8445#section-8.1.1',
    ],
    // RFC 8445 lets the controlling side nominate one pair only; one that nominates another does so after 6 s
    load: 'idle',
    timeoutMs: 15_000,
  },
  (pair) =>
    withPaths(pair, {}, async (paths) => {
      await connect(pair);
      await proveData(pair);
      await expectTaken(pair, paths, 0);
      bring(paths.networks[0], false);
      const dead = performance.now();
      await proveData(pair, ' by the other path');
      hold(pair, 'time until data goes both ways again', performance.now() - dead, 'ms', {
        // worst seen 5,921
        most: 12_000,
        paced: true,
      });
      await expectTaken(pair, paths, 1, ' when the better path is dead');
      await expectNothingElse(pair);
    }),
);

scenario(
  {
    ...common,
    id: 'connection/path/better-dies-restart',
    title: 'The path in use dies, and ICE is restarted',
    asks: 'When the path in use dies mid-call, does an ICE restart bring the call to the other path?',
    level: 'must',
    version: 2,
    specs: ['https://www.rfc-editor.org/rfc/rfc8445#section-9'],
    load: 'idle',
    timeoutMs: 20_000,
  },
  (pair) =>
    withPaths(pair, { orderlyChecks: true }, async (paths) => {
      await connect(pair);
      await proveData(pair);
      await expectTaken(pair, paths, 0);
      const before = await pair.offerer.run(pairInUse);
      bring(paths.networks[0], false);
      const dead = performance.now();
      await pair.offerer.run(async ({ connection }, first) => {
        await connection.negotiate({ iceRestart: true });
        if (first) await connection.restarted(first);
      }, before);
      await proveData(pair, ' after the restart');
      hold(pair, 'time until data goes both ways again', performance.now() - dead, 'ms', {
        // worst seen 5,118
        most: 15_000,
        paced: true,
      });
      await expectTaken(pair, paths, 1, ' after the restart');
      await expectNothingElse(pair);
    }),
);
