import { expect } from 'chai';
import { pattern } from '../../fixtures/peer-page/data/pattern.ts';
import { received } from '../../fixtures/peer-page/data/received.ts';
import { channelScenario, needs, open } from './steps.ts';

/** Only 64 KiB may be relied on: RFC 8841 makes that the limit of a side that names none. */
const sizes = [
  { name: '1-byte', title: '1 byte', bytes: 1, level: 'must' },
  { name: '16-kib', title: '16 KiB', bytes: 16 * 1024, level: 'must' },
  { name: '64-kib', title: '64 KiB', bytes: 64 * 1024, level: 'must' },
  { name: '256-kib', title: '256 KiB', bytes: 256 * 1024, level: 'should' },
  { name: '1-mib', title: '1 MiB', bytes: 1024 * 1024, level: 'info' },
] as const;

for (const { name, title, bytes, level } of sizes) {
  // What a specification demands is not a capability: a browser that claims less fails.
  const claims = (way: 'send' | 'receive') => (level === 'must' ? [] : [`sctp:${way}:${String(bytes)}`]);
  channelScenario(
    {
      id: `data-channels/size/${name}`,
      version: level === 'must' ? 2 : 1,
      title: `A message of ${title}`,
      asks: `Does one message of ${title} arrive whole, with every byte as it was sent?`,
      level,
      specs: [
        'https://www.rfc-editor.org/rfc/rfc8841#section-6.1',
        'https://www.rfc-editor.org/rfc/rfc8831#section-6.6',
      ],
      needs: {
        offerer: [...needs, ...claims('send')],
        answerer: [...needs, ...claims('receive')],
      },
    },
    async (pair) => {
      await open(pair, 'size');
      await pair.answerer.run(async ({ connection }) => {
        (await connection.channel('size')).binaryType = 'arraybuffer';
      });
      await pair.offerer.run(
        async ({ connection, data }, bytes) => (await connection.channel('size')).send(data.pattern(bytes)),
        bytes,
      );
      const got = await pair.answerer.run(async ({ connection, data }) =>
        data.received(await connection.message('size')),
      );
      expect(got.length, 'bytes that arrived').to.equal(bytes);
      expect(got, 'what arrived').to.deep.equal(await received(pattern(bytes).buffer));
    },
  );
}
