import { expect } from 'chai';
import { settle } from '../steps/channels.ts';
import { channelScenario, needs, open } from './steps.ts';

const count = 10_000;
const bytes = 100;

const kinds = [
  { name: 'ordered', title: '10,000 messages in order', init: {} },
  { name: 'unordered', title: '10,000 messages in any order', init: { ordered: false } },
] as const satisfies readonly { name: string; title: string; init: RTCDataChannelInit }[];

for (const { name, title, init } of kinds) {
  channelScenario(
    {
      id: `data-channels/order/${name}-10000`,
      title,
      asks: `Do 10,000 numbered messages over an ${name} channel all arrive, once each and undamaged?`,
      level: 'must',
      specs: [
        'https://www.rfc-editor.org/rfc/rfc8831#section-6.1',
        'https://www.rfc-editor.org/rfc/rfc8831#section-6.6',
      ],
      needs,
      timeoutMs: 40_000,
    },
    async (pair) => {
      await open(pair, 'numbers', { init, keepMessages: false });
      await pair.answerer.run(
        async ({ connection, data }, bytes) => void data.numbered(await connection.channel('numbers'), bytes),
        bytes,
      );
      await pair.offerer.run(
        async ({ connection, data }, { count, bytes }) => {
          const channel = await connection.channel('numbers');
          await data.sendNumbered(channel, { to: count, bytes });
        },
        { count, bytes },
      );
      await pair.answerer.run(
        async ({ connection, data }, { count, bytes }) =>
          void (await data.numbered(await connection.channel('numbers'), bytes).until(count)),
        { count, bytes },
      );
      // Any duplicate comes ahead of the marker.
      await settle(pair);
      const report = await pair.answerer.run(
        async ({ connection, data }, bytes) =>
          data.numbered(await connection.channel('numbers'), bytes).report,
        bytes,
      );
      expect(report.arrived, 'different messages that arrived').to.equal(count);
      expect(report.twice, 'messages that arrived twice').to.equal(0);
      expect(report.damaged, 'messages that arrived damaged').to.equal(0);
      if (name === 'ordered') expect(report.overtaken, 'messages that were overtaken').to.equal(0);
      else pair.measure('messages that were overtaken', report.overtaken, 'messages');
    },
  );
}
