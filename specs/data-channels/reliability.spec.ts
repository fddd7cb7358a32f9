import { expect } from 'chai';
import { scenario } from '../scenario.ts';
import { overLossyPath } from './lossy-path.ts';
import { needs } from './steps.ts';

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
      title: `${title}, one packet in ten lost`,
      asks: reliable
        ? 'Does every message arrive, once and undamaged, though one packet in ten is lost?'
        : 'Does nothing arrive twice or damaged, and some of it at all, though one packet in ten is lost?',
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
          // Sent, or given up; bufferedAmount tells no difference, and has no event for empty.
          channel.bufferedAmountLowThreshold = 0;
          await data.waitOn(
            channel,
            'the send buffer to empty',
            () => channel.bufferedAmount === 0,
            () => 'still sending',
          );
          (await connection.channel('end')).send('end');
        });
        const report = await pair.answerer.run(
          async ({ connection, data }, { bytes, until }) => {
            await data.log(await connection.channel('end')).until('message');
            const reader = data.numbered(await connection.channel('lossy'), bytes);
            // A channel that may lose has no last message: the marker, over another channel, bounds what is looked at.
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
        if (name === 'ordered') expect(report.overtaken, 'messages that were overtaken').to.equal(0);
        pair.measure('messages that arrived', report.arrived, 'messages');
        pair.measure('packets lost', path.counts.lost, 'packets');
      }),
  );
}
