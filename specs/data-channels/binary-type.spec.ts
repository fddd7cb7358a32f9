import { expect } from 'chai';
import { pattern } from '../../fixtures/peer-page/data/pattern.ts';
import { received } from '../../fixtures/peer-page/data/received.ts';
import { single } from '../scenario.ts';
import { channelScenario, needs, open, webrtc } from './steps.ts';

const specs = [webrtc('dom-rtcdatachannel-binarytype')];

single(
  {
    id: 'data-channels/binary-type/default',
    title: 'binaryType is arraybuffer by default',
    asks: 'Is the `binaryType` of a new channel "arraybuffer"?',
    level: 'must',
    specs,
    needs: ['RTCPeerConnection', ...needs],
  },
  async ({ peer }) => {
    const type = await peer.run((agent) => agent.connect().createChannel('default').binaryType);
    expect(type, 'binaryType of a new channel').to.equal('arraybuffer');
  },
);

const types = [
  { binaryType: 'arraybuffer', title: 'Messages as ArrayBuffer' },
  { binaryType: 'blob', title: 'Messages as Blob' },
] as const satisfies readonly { binaryType: BinaryType; title: string }[];

for (const { binaryType, title } of types) {
  channelScenario(
    {
      id: `data-channels/binary-type/${binaryType}`,
      title,
      asks: `Does a message arrive as the type that \`binaryType\` "${binaryType}" asks for, with all its bytes?`,
      level: 'must',
      specs,
      needs,
    },
    async (pair) => {
      await open(pair, 'typed');
      await pair.answerer.run(async ({ connection }, binaryType) => {
        (await connection.channel('typed')).binaryType = binaryType;
      }, binaryType);
      await pair.offerer.run(async ({ connection, data }) =>
        (await connection.channel('typed')).send(data.pattern(5000)),
      );
      const got = await pair.answerer.run(async ({ connection, data }) =>
        data.received(await connection.message('typed')),
      );
      const { buffer } = pattern(5000);
      const due = await received(binaryType === 'blob' ? new Blob([buffer]) : buffer);
      expect(got.type, 'the type of what arrived').to.equal(due.type);
      expect(got, 'what arrived').to.deep.equal(due);
    },
  );
}

channelScenario(
  {
    id: 'data-channels/binary-type/changed-in-mid-stream',
    title: 'binaryType changed mid-stream',
    asks: 'Does each message arrive as the type that `binaryType` asked for when it was delivered?',
    level: 'must',
    specs,
    needs,
  },
  async (pair) => {
    await open(pair, 'typed');
    await pair.answerer.run(async ({ connection }) => {
      const channel = await connection.channel('typed');
      channel.binaryType = 'blob';
      channel.addEventListener('message', () => {
        channel.binaryType = channel.binaryType === 'blob' ? 'arraybuffer' : 'blob';
      });
    });
    await pair.offerer.run(async ({ connection, data }) => {
      const channel = await connection.channel('typed');
      for (const seed of [1, 2, 3, 4]) channel.send(data.pattern(1000, seed));
    });
    const got = await pair.answerer.run(async ({ connection, data }) => {
      const all: unknown[] = [];
      while (all.length < 4) all.push(await connection.message('typed'));
      return Promise.all(all.map(data.received));
    });
    const due = await Promise.all([1, 2, 3, 4].map((seed) => received(pattern(1000, seed).buffer)));
    expect(
      got.map(({ type }) => type),
      'the types of the messages',
    ).to.deep.equal(['Blob', 'ArrayBuffer', 'Blob', 'ArrayBuffer']);
    expect(
      got.map(({ sha256 }) => sha256),
      'the digests of the messages',
    ).to.deep.equal(due.map(({ sha256 }) => sha256));
  },
);
