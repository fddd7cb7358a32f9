import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import { burstBytes, clear, type Conditions, type LinkCounts } from '../../fixtures/network/link.ts';
import type { Network } from '../../fixtures/network/network.ts';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { sent } from '../steps/bounds.ts';
import { expectNothingElse } from '../steps/channels.ts';
import { hold } from '../steps/hold.ts';
import { expectFrame } from '../steps/picture.ts';
import { sides } from '../steps/sides.ts';
import { withNetwork } from '../network.ts';
import { scenario } from '../scenario.ts';
import { needsOf } from './added.ts';
import { connect, proveData } from './steps.ts';

const both = (network: Network, conditions: Partial<Conditions>): void => {
  network.access.offerer.change(conditions);
  network.access.answerer.change(conditions);
};

/** What the links of both sides did, added up. */
const total = (network: Network, of: Exclude<keyof LinkCounts, 'came'>): number =>
  Object.values(network.report().links)
    .flatMap(({ up, down }) => [up[of], down[of]])
    .reduce((sum, count) => sum + count, 0);

/** The offerer sends numbered messages of 1000 bytes, which have to arrive whole, once and in order; tells how long that took. */
async function expectMessages(pair: PairContext<Agent>, messages: number): Promise<{ took: number }> {
  const began = performance.now();
  const sent = pair.offerer.run(async ({ connection }, count) => {
    const channel = await connection.channel('proof');
    for (let number = 0; number < count; number += 1) channel.send(`${String(number)} ${'x'.repeat(1000)}`);
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
  const took = performance.now() - began;
  const due = Array.from({ length: messages }, (_, number) => number);
  expect(received.numbers, 'the numbers of the messages').to.deep.equal(due);
  expect(received.isWhole, 'whether each is whole').to.equal(true);
  return { took };
}

/** Difficult links, and what each of them must have done for a pass to mean anything. Each direction of a path has one. */
const difficult = {
  // of few messages none may be lost
  'loss-1': { title: '1 % loss', conditions: { loss: 0.01 }, did: 'lost', messages: 600 },
  'loss-5': { title: '5 % loss', conditions: { loss: 0.05 }, did: 'lost' },
  // congestion control lets only few through
  'loss-20': { title: '20 % loss', conditions: { loss: 0.2 }, did: 'lost', messages: 20, timeoutMs: 45_000 },
  // in 2 to 13 s
  'delay-200': {
    title: '200 ms there and 200 ms back',
    conditions: { delayMs: 200 },
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
      version: 2,
      title: `Data over ${title}`,
      asks: `Do ${String(messages)} messages arrive whole, once and in order over a path with ${title}?`,
      level: 'must',
      specs: ['https://www.rfc-editor.org/rfc/rfc8831#section-6.1', 'https://www.rfc-editor.org/rfc/rfc9260'],
      // a path of long delays fills slowly
      load: 'delayMs' in conditions ? 'idle' : 'light',
      timeoutMs: 'timeoutMs' in link ? link.timeoutMs : 20_000,
    },
    (pair) =>
      withNetwork(pair, {}, async (network) => {
        await connect(pair);
        await proveData(pair);
        // one link of two: each packet goes through both
        network.access.offerer.change(conditions);
        const before = total(network, did);
        const { took } = await expectMessages(pair, messages);
        pair.measure('time to receive them', took, 'ms');
        expect(total(network, did) - before, `packets that the path has ${did}`).to.be.above(0);
        network.access.offerer.change(clear);
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
    load: 'idle',
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

const narrow = { bitsPerSecond: 300_000, queueBytes: 16_000 } as const;

scenario(
  {
    id: 'connection/network/narrow-300',
    title: 'Data over 300 kbit/s',
    asks: 'Do 100 messages of 1000 bytes arrive whole, once and in order over a path of 300 kbit/s with a queue of 16 kB, no faster than that, and within four times as long?',
    level: 'must',
    specs: [
      'https://www.rfc-editor.org/rfc/rfc8831#section-6.1',
      'https://www.rfc-editor.org/rfc/rfc9260#section-7',
    ],
    timeoutMs: 25_000,
  },
  (pair) =>
    withNetwork(pair, {}, async (network) => {
      await connect(pair);
      await proveData(pair);
      network.access.offerer.change(narrow);
      const messages = 100;
      const { took } = await expectMessages(pair, messages);
      const least = ((messages * 1000 - burstBytes) * 8000) / narrow.bitsPerSecond;
      hold(pair, 'time to receive them', took, 'ms', { least });
      hold(pair, 'time to receive them, of what the rate allows', took / least, '1', {
        most: 4,
        paced: true,
      });
      const { queued, overflowed } = network.access.offerer.up.counts;
      hold(pair, 'packets that had to wait for the rate', queued, 'packets', { least: 50 });
      // on a busy machine there may be none
      pair.measure('packets for which the queue had no room', overflowed, 'packets');
      network.access.offerer.change(clear);
      await proveData(pair, ' when the path is clear again');
      await expectNothingElse(pair);
    }),
);

interface Passing {
  title: string;
  conditions: Partial<Conditions>;
  did: keyof LinkCounts;
  /** How many packets the path has done that to before it is clear again; default 10. */
  least?: number;
  /** How long the picture has to stand still at least; default not at all. */
  gapMs?: number;
  /** Default 160×120. */
  size?: { width: number; height: number };
}

/** Impairments that end, and what each of them must have done for a pass to mean anything. */
const passing: Readonly<Record<string, Passing>> = {
  'loss-1': { ...difficult['loss-1'], least: 1 },
  'loss-5': difficult['loss-5'],
  'loss-20': difficult['loss-20'],
  'delay-200': difficult['delay-200'],
  'jitter-50': difficult['jitter-50'],
  reordered: difficult.reordered,
  silence: { title: 'silence', conditions: { up: false }, did: 'swallowed', gapMs: 2500 },
  'narrow-300': {
    title: 'a rate of 300 kbit/s',
    conditions: narrow,
    did: 'queued',
    size: { width: 320, height: 240 },
  },
};

/** Waits until a link delivers more than a rate over half a second; a sender begins with few bits. */
async function untilRate(pair: PairContext<Agent>, link: { counts: LinkCounts }, kbps: number) {
  let rate = 0;
  const until = performance.now() + 10_000;
  while (rate < kbps && performance.now() < until) {
    const [began, before] = [performance.now(), link.counts.bytesDelivered];
    await delay(500);
    rate = ((link.counts.bytesDelivered - before) * 8) / (performance.now() - began);
  }
  hold(pair, 'rate that is sent before', rate, 'kbit/s', { least: kbps, paced: true });
}

for (const [name, passes] of Object.entries(passing)) {
  const { title, conditions, did, least = 10, gapMs = 0, size = { width: 160, height: 120 } } = passes;
  scenario(
    {
      id: `connection/network/after-${name}`,
      title: `Picture and sound after ${title}`,
      asks: `When a path with ${title} for three seconds is clear again, do frames that are drawn and a tone that begins from then on come soon?`,
      level: 'must',
      specs: [
        'https://www.rfc-editor.org/rfc/rfc8834#section-7.1',
        'https://www.rfc-editor.org/rfc/rfc7675#section-5.1',
      ],
      needs: [...needsOf.video, ...needsOf.audio],
      timeoutMs: 30_000,
    },
    (pair) =>
      withNetwork(pair, {}, async (network) => {
        await pair.answerer.run((agent) => void agent.connect());
        await pair.offerer.run(async (agent, drawn) => {
          const { media } = agent;
          const connection = agent.connect();
          const video = media.video({ ...drawn, noise: true });
          connection.pc.addTrack(video.track, video.stream);
          const tone = await media.tone();
          connection.pc.addTrack(tone.track, tone.stream);
          await connection.negotiate();
        }, size);
        await pair.answerer.run(async ({ connection, media }) => {
          const watcher = media.watch((await connection.track('video')).track);
          await watcher.until('10 new frames', ({ risen }) => risen >= 10);
          const listener = await media.listen((await connection.track('audio')).track);
          await listener.untilTone(440);
        });
        const { down } = network.access.answerer;
        // or the narrow path would be wide enough
        if (did === 'queued') await untilRate(pair, down, (1.3 * narrow.bitsPerSecond) / 1000);
        const before = down.counts[did];
        network.access.answerer.change(conditions);
        await delay(3000);
        // at 1 % it may take longer
        for (let waited = 0; waited < 10_000 && down.counts[did] - before < least; waited += 50)
          await delay(50);
        hold(pair, `packets to the answerer that the path has ${did}`, down.counts[did] - before, 'packets', {
          least,
        });
        network.access.answerer.change(clear);
        const back = performance.now();
        const drawn = await pair.offerer.run(({ media }) => {
          media.toneSource.setFrequency(700);
          return media.videoSource.drawn;
        });
        const seen = pair.answerer.run(async ({ media: { watcher } }, least) => {
          const isNew = ({ code }: (typeof watcher.seen)[number]) => code !== null && code.number >= least;
          await watcher.until(
            '10 frames that are drawn since the path is clear',
            () => watcher.seen.filter(isNew).length >= 10,
          );
          return watcher.shown(0);
        }, drawn);
        const heard = pair.answerer.run(async ({ media }) => media.listener.untilTone(700));
        const soon = { most: 10_000, paced: true } as const;
        const [shown] = await Promise.all([
          seen.then((picture) => {
            hold(pair, 'time until the picture is back', performance.now() - back, 'ms', soon);
            return picture;
          }),
          heard.then(() => hold(pair, 'time until the sound is back', performance.now() - back, 'ms', soon)),
        ]);
        // what proves the silence at the receiver
        hold(pair, 'longest gap of the picture', shown.report.longestGapMs, 'ms', { least: gapMs });
        expect([shown.report.width, shown.report.height], 'the size of the picture').to.deep.equal([
          size.width,
          size.height,
        ]);
        expectFrame(pair, shown, { ...sent, detail: null });
      }),
  );
}

for (const side of sides) {
  for (const [name, moves, words] of [
    ['moves', ['the move'], 'changes mid-call'],
    ['moves-twice', ['the first move', 'the second move'], 'changes twice mid-call'],
  ] as const) {
    scenario(
      {
        id: `connection/path/${side}-${name}`,
        title: `The NAT of the ${side} gives it ${moves.length === 1 ? 'another address' : 'other addresses'}`,
        asks: `Does a call go on when the address of the ${side} ${words}, as behind a NAT that was restarted?`,
        level: 'should',
        version: moves.length === 1 ? 2 : 1,
        specs: [
          'https://www.rfc-editor.org/rfc/rfc8445#section-7.3.1.3',
          'https://www.rfc-editor.org/rfc/rfc7675',
        ],
        // Otherwise it is up to chance whether the other side first knows the address from a candidate or from a check, and
        // Firefox takes no candidate pair with the priority of the one in use.
        signaling: { trickle: false },
        // a call that goes on does so after 0.4 to 9 s
        load: 'idle',
        timeoutMs: moves.length === 1 ? 20_000 : 24_000,
      },
      (pair) =>
        withNetwork(
          pair,
          {
            nat: { [side]: { mapping: 'endpoint-independent', filtering: 'address-and-port-dependent' } },
            orderlyChecks: true,
          },
          async (network) => {
            const server = await network.iceServer(side, 'stun');
            await connect(pair, { [side]: { configuration: { iceServers: [server] } } });
            await proveData(pair);
            for (const move of moves) {
              const before = performance.now();
              network.access[side].changeAddress();
              await proveData(pair, ` after ${move}`);
              const took = performance.now() - before;
              pair.measure(`time until data goes both ways after ${move}`, took, 'ms');
            }
          },
        ),
    );
  }
}
