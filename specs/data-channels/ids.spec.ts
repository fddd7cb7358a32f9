import { expect } from 'chai';
import { scenario } from '../scenario.ts';
import { expectNothingElse } from '../steps/channels.ts';
import { channelScenario, needs, open, webrtc } from './steps.ts';

const specs = [
  webrtc('dom-peerconnection-createdatachannel'),
  'https://www.rfc-editor.org/rfc/rfc8832#section-6',
];

/** Ids that a negotiated channel may have; 1,023 is the last that browsers with 1,024 streams can use. */
const negotiated = [
  { id: 0, title: 'first id', level: 'must' },
  { id: 1, title: 'odd id', level: 'must' },
  { id: 1023, title: 'id 1023', level: 'should' },
] as const;

for (const { id, title, level } of negotiated) {
  channelScenario(
    {
      id: `data-channels/negotiated/id-${String(id)}`,
      title: `Negotiated, ${title}`,
      asks: `When both sides make a negotiated channel with id ${String(id)}, does it carry messages both ways without being announced?`,
      level,
      specs,
      needs,
    },
    async ({ offerer, answerer }) => {
      await answerer.run((agent, id) => {
        agent.connect().createChannel('of the answerer', { negotiated: true, id });
      }, id);
      const toOfferer = await offerer.run(async (agent, id) => {
        const connection = agent.connect();
        connection.createChannel('of the offerer', { negotiated: true, id });
        await connection.negotiate();
        (await connection.channel('of the offerer')).send('from the offerer');
        return connection.said.descriptions.length;
      }, id);
      const atAnswerer = await answerer.run(async ({ connection }) => {
        const channel = await connection.channel('of the answerer');
        channel.send('from the answerer');
        const message = await connection.message('of the answerer');
        return { message, id: channel.id, announced: connection.announced.length };
      });
      const atOfferer = await offerer.run(async ({ connection }) => {
        const message = await connection.message('of the offerer');
        const { id } = await connection.channel('of the offerer');
        return { message, id, announced: connection.announced.length };
      });
      expect(toOfferer, 'offers that were needed').to.equal(1);
      expect(atAnswerer, 'what the answerer has').to.deep.equal({
        message: 'from the offerer',
        id,
        announced: 0,
      });
      expect(atOfferer, 'what the offerer has').to.deep.equal({
        message: 'from the answerer',
        id,
        announced: 0,
      });
    },
  );
}

// Not `channelScenario`: a side with fewer streams has no channel that a marker could go over.
scenario(
  {
    id: 'data-channels/negotiated/id-65534',
    version: 2,
    title: 'Negotiated, last id',
    asks: 'Does a negotiated channel with id 65534 open and carry messages, or close with an error if its side has fewer streams?',
    level: 'must',
    specs: [...specs, webrtc('dom-rtcsctptransport-maxchannels'), webrtc('rtcsctptransport-interface')],
    needs,
    // Some channels stay as they are.
    timeoutMs: 10_000,
  },
  async (pair) => {
    const { offerer, answerer } = pair;
    await answerer.run((agent) => {
      agent.connect().createChannel('last', { negotiated: true, id: 65_534 });
    });
    await offerer.run(async (agent) => {
      const connection = agent.connect();
      connection.createChannel('last', { negotiated: true, id: 65_534 });
      await connection.negotiate();
    });
    const settled = (peer: typeof offerer) =>
      peer.run(async ({ connection, data, waitFor }) => {
        const [{ channel } = { channel: undefined }] = connection.channels;
        if (!channel) throw new TypeError('there is no channel');
        const state = await waitFor({
          name: 'the channel to open or to close',
          phase: 'sctp',
          probe: () => ['open', 'closed'].includes(channel.readyState) && channel.readyState,
          triggers: [{ on: channel, events: ['open', 'close', 'error'] }],
          seen: () => channel.readyState,
        });
        return { state, errors: data.log(channel).errors.length };
      });
    const states = await Promise.all([settled(offerer), settled(answerer)]);
    for (const [at, { state, errors }] of states.entries())
      expect(
        errors,
        `errors of the channel that is ${state}, at the ${at === 0 ? 'offerer' : 'answerer'}`,
      ).to.equal(state === 'open' ? 0 : 1);
    if (states.some(({ state }) => state !== 'open')) return;
    for (const [from, to] of [
      [offerer, answerer],
      [answerer, offerer],
    ] as const) {
      await from.run(async ({ connection }) => (await connection.channel('last')).send('over the last id'));
      const message = await to.run(({ connection }) => connection.message('last'));
      expect(message, 'what came over the last id').to.equal('over the last id');
    }
    await expectNothingElse(pair);
  },
);

channelScenario(
  {
    id: 'data-channels/ids/by-dtls-role',
    title: 'Ids follow the DTLS role',
    asks: 'Does the DTLS client take even ids and the server odd ones, so that channels made by both never collide?',
    level: 'must',
    specs,
    needs,
  },
  async (pair) => {
    await open(pair, 'offerer 0');
    const make = async (peer: typeof pair.offerer, name: string, count: number) =>
      peer.run(
        async ({ connection }, { name, count }) => {
          for (let index = 1; index <= count; index += 1)
            connection.createChannel(`${name} ${String(index)}`);
          for (let index = 1; index <= count; index += 1)
            await connection.channel(`${name} ${String(index)}`);
        },
        { name, count },
      );
    // At the same time, so that each assigns ids without knowing the other's.
    await Promise.all([make(pair.offerer, 'offerer', 10), make(pair.answerer, 'answerer', 11)]);
    const answererIsClient = await pair.offerer.run(({ connection }) =>
      /^a=setup:active/m.test(connection.heard.descriptions[0]?.sdp ?? ''),
    );
    const seenBy = async (peer: typeof pair.offerer, other: string, count: number) =>
      peer.run(
        async ({ connection }, { other, count }) => {
          for (let index = 1; index <= count; index += 1)
            await connection.channel(`${other} ${String(index)}`);
          return Object.fromEntries(connection.announced.map(({ label, id }) => [label, id]));
        },
        { other, count },
      );
    const ofOfferer = await seenBy(pair.answerer, 'offerer', 10);
    const ofAnswerer = await seenBy(pair.offerer, 'answerer', 11);
    const own = await pair.offerer.run(async ({ connection }) => {
      const ids: Record<string, number | null> = {};
      for (let index = 0; index <= 10; index += 1) {
        ids[`offerer ${String(index)}`] = (await connection.channel(`offerer ${String(index)}`)).id;
      }
      return ids;
    });
    const parities = (ids: Record<string, number | null>) => [
      ...new Set(Object.values(ids).map((id) => (id === null ? 'none' : id % 2 === 0 ? 'even' : 'odd'))),
    ];
    expect(ofOfferer, "the offerer's channels, on both sides").to.deep.equal(own);
    expect(Object.keys(ofAnswerer).length, "the answerer's channels at the offerer").to.equal(11);
    expect(parities(ofOfferer), "ids of the offerer's channels").to.deep.equal([
      answererIsClient ? 'odd' : 'even',
    ]);
    expect(parities(ofAnswerer), "ids of the answerer's channels").to.deep.equal([
      answererIsClient ? 'even' : 'odd',
    ]);
    expect(new Set(Object.values({ ...ofOfferer, ...ofAnswerer })).size, 'different ids').to.equal(22);
  },
);

channelScenario(
  {
    id: 'data-channels/ids/skip-negotiated',
    title: 'Ids skip negotiated ones',
    asks: 'Does an announced channel get an id that no negotiated channel holds?',
    level: 'must',
    specs,
    needs,
  },
  async ({ offerer, answerer }) => {
    const taken = [0, 1, 2, 3];
    await answerer.run((agent, taken) => {
      const connection = agent.connect();
      for (const id of taken) connection.createChannel(`fixed ${String(id)}`, { negotiated: true, id });
    }, taken);
    const id = await offerer.run(async (agent, taken) => {
      const connection = agent.connect();
      for (const id of taken) connection.createChannel(`fixed ${String(id)}`, { negotiated: true, id });
      connection.createChannel('free');
      await connection.negotiate();
      for (const id of taken) (await connection.channel(`fixed ${String(id)}`)).send(`over ${String(id)}`);
      const channel = await connection.channel('free');
      channel.send('over the free one');
      return channel.id;
    }, taken);
    const got = await answerer.run(async ({ connection }, taken) => {
      const messages: unknown[] = [];
      for (const id of taken) messages.push(await connection.message(`fixed ${String(id)}`));
      return { messages, free: await connection.message('free') };
    }, taken);
    expect(id, 'the id of the announced channel').to.be.oneOf([4, 5]);
    expect(got.messages, 'what came over the negotiated channels').to.deep.equal(
      taken.map((id) => `over ${String(id)}`),
    );
    expect(got.free, 'what came over the announced one').to.equal('over the free one');
  },
);
