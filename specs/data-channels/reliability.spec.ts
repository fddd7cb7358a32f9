import { expect } from 'chai';
import { overLossyPath } from './lossy-path.ts';
import { scenario } from '../scenario.ts';
import { expectNothingElse } from '../steps/channels.ts';
import { needs, webrtc } from './steps.ts';

const bytes = 1000;
const count = 300;
const loss = 0.1;

const kinds = [
  { name: 'ordered', title: 'Ordered', init: {}, reliable: true },
  { name: 'unordered', title: 'Unordered', init: { ordered: false }, reliable: true },
  {
    name: 'max-retransmits-0',
    title: 'maxRetransmits 0',
    init: { ordered: false, maxRetransmits: 0 },
    reliable: false,
  },
  {
    name: 'max-retransmits-0-ordered',
    title: 'maxRetransmits 0, in order',
    init: { maxRetransmits: 0 },
    reliable: false,
  },
  {
    name: 'max-packet-life-time',
    title: 'maxPacketLifeTime 1',
    init: { ordered: false, maxPacketLifeTime: 1 },
    reliable: false,
  },
] as const satisfies readonly {
  name: string;
  title: string;
  init: RTCDataChannelInit;
  reliable: boolean;
}[];

for (const { name, title, init, reliable } of kinds) {
  scenario(
    {
      id: `data-channels/reliability/${name}-under-loss`,
      version: 2,
      title: `${title}, one packet in ten lost`,
      asks: reliable
        ? 'With one packet in ten lost, does every message arrive once and undamaged, and in order where that was asked for?'
        : 'With one packet in ten lost, does the channel go on, and does what is not given up arrive once and undamaged?',
      level: 'must',
      specs: ['https://www.rfc-editor.org/rfc/rfc8831#section-6.6', 'https://www.rfc-editor.org/rfc/rfc3758'],
      needs,
      signaling: { trickle: false },
      timeoutMs: 60_000,
    },
    async (pair) =>
      overLossyPath(pair, 'lossy', init, async (path) => {
        await pair.answerer.run(async ({ connection, data }, bytes) => {
          data.numbered(await connection.channel('lossy'), bytes);
          data.log(await connection.channel('end'));
        }, bytes);
        path.lose(loss);
        await pair.offerer.run(
          async ({ connection, data }, plan) => data.sendNumbered(await connection.channel('lossy'), plan),
          { to: count, bytes },
        );
        await pair.offerer.run(async ({ connection, data }) => {
          const channel = await connection.channel('lossy');
          // Sent or given up: bufferedAmount does not tell which, and has no event for an empty buffer.
          channel.bufferedAmountLowThreshold = 0;
          await data.waitOn(
            channel,
            'the send buffer to empty',
            () => channel.bufferedAmount === 0,
            () => 'still sending',
          );
          (await connection.channel('end')).send('end');
        });
        await pair.answerer.run(async ({ connection, data }) => {
          await data.log(await connection.channel('end')).until('message');
        });
        if ('maxRetransmits' in init) {
          // Whatever is sent again all the same gets through now, and has the time to.
          path.lose(0);
          await pair.answerer.run(({ waitFor }) => {
            const began = performance.now();
            return waitFor({
              name: '1500 ms without losses',
              phase: 'sctp',
              probe: () => performance.now() - began > 1500,
              triggers: [{ everyMs: 50 }],
            });
          });
        }
        const report = await pair.answerer.run(
          async ({ connection, data }, { bytes, until }) => {
            const reader = data.numbered(await connection.channel('lossy'), bytes);
            // A channel that may lose messages has no last one: the marker, over another channel, bounds what is looked at.
            if (until !== null) await reader.until(until);
            return reader.report;
          },
          { bytes, until: reliable ? count : null },
        );
        expect(path.counts.lost, 'packets that were lost on the way').to.be.above(0);
        expect(report.twice, 'messages that arrived twice').to.equal(0);
        expect(report.damaged, 'messages that arrived damaged').to.equal(0);
        if (reliable) expect(report.arrived, 'messages that arrived').to.equal(count);
        else expect(report.arrived, 'messages that arrived').to.be.within(1, count);
        // Of 300 packets some are lost, and without retransmission their messages are lost too.
        if ('maxRetransmits' in init) expect(report.arrived, 'messages that arrived').to.be.below(count);
        if (!('ordered' in init)) expect(report.overtaken, 'messages that were overtaken').to.equal(0);
        pair.measure('messages that arrived', report.arrived, 'messages');
        pair.measure('packets lost', path.counts.lost, 'packets');
        path.lose(0);
        await expectNothingElse(pair);
      }),
  );
}

/** How long the path is silent, and how long a message may wait to be sent again; in milliseconds. */
const silentMs = 1500;
const lifeMs = 200;

for (const { name, title, init, kept } of [
  { name: 'reliable', title: 'A reliable channel', init: {}, kept: true },
  {
    name: 'max-packet-life-time',
    title: `maxPacketLifeTime ${String(lifeMs)}`,
    init: { maxPacketLifeTime: lifeMs },
    kept: false,
  },
  {
    name: 'max-retransmits-0',
    title: 'maxRetransmits 0',
    init: { maxRetransmits: 0 },
    kept: false,
  },
] as const satisfies readonly { name: string; title: string; init: RTCDataChannelInit; kept: boolean }[]) {
  scenario(
    {
      id: `data-channels/reliability/${name}-over-silence`,
      title: `${title}, over ${String(silentMs)} ms of silence`,
      asks: kept
        ? 'Does a message that is sent while the path is silent arrive once the path is back?'
        : 'Is a message that is sent while the path is silent never delivered, and does the channel go on?',
      level: 'must',
      specs: [
        webrtc('dom-rtcdatachannelinit-maxpacketlifetime'),
        'https://www.rfc-editor.org/rfc/rfc8831#section-6.6',
        'https://www.rfc-editor.org/rfc/rfc3758',
      ],
      needs,
      signaling: { trickle: false },
      timeoutMs: 40_000,
    },
    async (pair) =>
      overLossyPath(pair, 'silent', init, async (path) => {
        await pair.answerer.run(
          async ({ connection, data }, bytes) =>
            void data.numbered(await connection.channel('silent'), bytes),
          bytes,
        );
        const past = async (number: number) =>
          pair.answerer.run(
            async ({ connection, data }, { number, bytes }) =>
              data.numbered(await connection.channel('silent'), bytes).past(number),
            { number, bytes },
          );
        await pair.offerer.run(
          async ({ connection, data }, bytes) =>
            data.sendNumbered(await connection.channel('silent'), { to: 10, bytes }),
          bytes,
        );
        await past(9);
        path.lose(1);
        await pair.offerer.run(
          async ({ connection, data, waitFor }, { bytes, silentMs }) => {
            const channel = await connection.channel('silent');
            await data.sendNumbered(channel, { from: 10, to: 12, bytes });
            const over = performance.now() + silentMs;
            await waitFor({
              name: `${String(silentMs)} ms of silence`,
              phase: 'sctp',
              probe: () => performance.now() >= over,
              triggers: [{ everyMs: 50 }],
            });
          },
          { bytes, silentMs },
        );
        path.lose(0);
        // One after the other until one gets through: how soon a sender tries again is its own affair.
        const goOn = pair.offerer.run(async ({ connection, data, waitFor }, bytes) => {
          const channel = await connection.channel('silent');
          let number = 12;
          await waitFor({
            name: 'the answerer to have heard enough',
            phase: 'sctp',
            probe: async () => {
              if (connection.announced.length > 0) return true;
              await data.sendNumbered(channel, { from: number, to: (number += 1), bytes });
              return false;
            },
            triggers: [{ everyMs: 100 }],
          });
        }, bytes);
        const numbers = await past(12);
        await pair.answerer.run(({ connection }) => void connection.createChannel('enough'));
        await goOn;
        expect(path.counts.lost, 'packets that were lost on the way').to.be.above(0);
        expect(
          numbers.filter((number) => number < 12),
          'messages from before the end of the silence that arrived',
        ).to.deep.equal(Array.from({ length: kept ? 12 : 10 }, (_, number) => number));
        await expectNothingElse(pair);
      }),
  );
}

scenario(
  {
    id: 'data-channels/reliability/unordered-overtakes',
    title: 'Unordered messages overtake a lost one',
    asks: 'Over an unordered channel, do later messages arrive ahead of one that was lost and is sent again?',
    level: 'must',
    specs: [
      webrtc('dom-rtcdatachannelinit-ordered'),
      'https://www.rfc-editor.org/rfc/rfc8831#section-6.6',
      'https://www.rfc-editor.org/rfc/rfc9260#section-6.6',
    ],
    needs,
    signaling: { trickle: false },
    timeoutMs: 30_000,
  },
  async (pair) =>
    overLossyPath(pair, 'unordered', { ordered: false }, async (path) => {
      const count = 20;
      await pair.answerer.run(
        async ({ connection, data }, bytes) =>
          void data.numbered(await connection.channel('unordered'), bytes),
        bytes,
      );
      path.lose(1);
      await pair.offerer.run(
        async ({ connection, data }, bytes) =>
          data.sendNumbered(await connection.channel('unordered'), { to: 1, bytes }),
        bytes,
      );
      await path.lost(bytes);
      path.lose(0);
      await pair.offerer.run(
        async ({ connection, data }, { count, bytes }) =>
          data.sendNumbered(await connection.channel('unordered'), { from: 1, to: count, bytes }),
        { count, bytes },
      );
      const report = await pair.answerer.run(
        async ({ connection, data }, { count, bytes }) =>
          data.numbered(await connection.channel('unordered'), bytes).until(count),
        { count, bytes },
      );
      // Only the first was lost, so only the first can be late.
      expect(report, 'what arrived').to.deep.equal({ arrived: count, twice: 0, overtaken: 1, damaged: 0 });
      await expectNothingElse(pair);
    }),
);
