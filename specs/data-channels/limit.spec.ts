import { expect } from 'chai';
import { pattern } from '../../fixtures/peer-page/data/pattern.ts';
import { received } from '../../fixtures/peer-page/data/received.ts';
import { type Pair } from '../steps/channels.ts';
import { channelScenario, needs, webrtc } from './steps.ts';

const specs = [
  webrtc('dfn-update-the-data-max-message-size'),
  webrtc('dom-rtcdatachannel-send'),
  'https://www.rfc-editor.org/rfc/rfc8841#section-6',
];

/** What the answer says about the largest message its side takes, and what must come of it on the offering side. */
const declared = [
  {
    name: 'declared',
    says: 'a=max-message-size:100000\r\n',
    limit: 100_000,
    title: '100,000 bytes declared',
  },
  { name: 'absent', says: '', limit: 65_536, title: 'Nothing declared: 64 KiB' },
  {
    name: 'declared-256-kib',
    says: 'a=max-message-size:262144\r\n',
    limit: 262_144,
    title: '256 KiB declared',
  },
] as const;

for (const { name, says, limit, title } of declared) {
  channelScenario(
    {
      id: `data-channels/limit/${name}`,
      title: `Message limit: ${title}`,
      asks: 'Does a message of exactly the limit arrive, and does `send` throw a TypeError for one byte more?',
      level: 'must',
      specs,
      needs,
    },
    async (pair) => {
      await openToALimit(pair, says);
      const { maxMessageSize, tooLong, stateAfter } = await pair.offerer.run(
        async ({ connection, data }, limit) => {
          const channel = await connection.channel('limit');
          channel.send(data.pattern(limit));
          let tooLong = 'nothing was thrown';
          try {
            channel.send(data.pattern(limit + 1, 2));
          } catch (error) {
            tooLong = error instanceof Error || error instanceof DOMException ? error.name : typeof error;
          }
          const stateAfter = channel.readyState;
          // Sent in order after the message that was too long: once this one is there, what came of that one is known.
          if (stateAfter === 'open') channel.send('after');
          return { maxMessageSize: connection.pc.sctp?.maxMessageSize, tooLong, stateAfter };
        },
        limit,
      );
      expect(maxMessageSize, 'maxMessageSize on the sending side').to.equal(limit);
      expect(tooLong, 'what send threw for one byte more').to.equal('TypeError');
      expect(stateAfter, 'the channel after that').to.equal('open');
      const [exact, after] = await pair.answerer.run(async ({ connection, data }) => [
        await data.received(await connection.message('limit')),
        await connection.message('limit'),
      ]);
      expect(exact, 'the message of exactly the limit').to.deep.equal(await received(pattern(limit).buffer));
      expect(after, 'the message after the one that was too long').to.equal('after');
    },
  );
}

/** Limits above what any sender can do: the sender's own remains. Firefox says 1 GiB; the others are merely valid grammar. */
const boundless = [
  { name: 'zero', says: 0, title: '0, which means any size', level: 'must' },
  { name: '1-gib', says: 1_073_741_823, title: '1 GiB less 1 byte', level: 'must' },
  { name: '4-gib', says: 4_294_967_295, title: '2^32 - 1 bytes', level: 'should' },
  { name: 'huge', says: 9_007_199_254_740_991, title: '2^53 - 1 bytes', level: 'should' },
] as const;

for (const { name, says, title, level } of boundless) {
  channelScenario(
    {
      id: `data-channels/limit/${name}`,
      title: `Message limit: ${title}`,
      asks: 'Is the sender bound only by its own limit, and does a message of 256 KiB still arrive?',
      level,
      specs,
      needs: { offerer: [...needs, 'sctp:send:262144'], answerer: [...needs, 'sctp:receive:262144'] },
    },
    async (pair) => {
      await openToALimit(pair, `a=max-message-size:${String(says)}\r\n`);
      const maxMessageSize = await pair.offerer.run(({ connection }) => connection.pc.sctp?.maxMessageSize);
      expect(maxMessageSize, 'maxMessageSize on the sending side').to.be.at.least(262_144);
      await pair.offerer.run(async ({ connection, data }) =>
        (await connection.channel('limit')).send(data.pattern(262_144)),
      );
      const got = await pair.answerer.run(async ({ connection, data }) =>
        data.received(await connection.message('limit')),
      );
      expect(got, 'what arrived').to.deep.equal(await received(pattern(262_144).buffer));
    },
  );
}

/** Opens the channel "limit" with an answer in which `says` states the largest message that its side takes. */
async function openToALimit({ offerer, answerer }: Pair, says: string): Promise<void> {
  await answerer.run((agent) => void agent.connect());
  await offerer.run(async (agent, says) => {
    const connection = agent.connect({
      // a browser may already say what it is made to say
      editsMayChangeNothing: true,
      incoming: ({ type, sdp = '' }) => ({
        type,
        sdp: sdp
          .replaceAll(/^a=max-message-size:.*\r\n/gm, '')
          .replace(/^a=sctp-port:.*\r\n/m, (line) => `${line}${says}`),
      }),
    });
    connection.createChannel('limit');
    await connection.negotiate();
    await connection.channel('limit');
  }, says);
  await answerer.run(async ({ connection }) => {
    (await connection.channel('limit')).binaryType = 'arraybuffer';
  });
}
