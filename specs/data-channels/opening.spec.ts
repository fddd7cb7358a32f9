import { expect } from 'chai';
import { scenario } from '../scenario.ts';
import { channelScenario, needs, open, openAnother, webrtc } from './steps.ts';

const specs = [
  webrtc('dom-peerconnection-createdatachannel'),
  'https://www.rfc-editor.org/rfc/rfc8832#section-6',
];

channelScenario(
  {
    id: 'data-channels/opening/after-connecting',
    title: 'A channel made later',
    asks: 'Does a channel made on a connected pair open without another negotiation?',
    level: 'must',
    specs,
    needs,
  },
  async (pair) => {
    await open(pair, 'first');
    await openAnother(pair, 'later');
    await openAnother({ offerer: pair.answerer, answerer: pair.offerer }, 'later, by the answerer');
    await pair.offerer.run(async ({ connection }) => (await connection.channel('later')).send('later'));
    await pair.answerer.run(async ({ connection }) =>
      (await connection.channel('later, by the answerer')).send('by the answerer'),
    );
    const toAnswerer = await pair.answerer.run(({ connection }) => connection.message('later'));
    const toOfferer = await pair.offerer.run(async ({ connection }) => ({
      message: await connection.message('later, by the answerer'),
      offers: connection.said.descriptions.length,
    }));
    expect(toAnswerer, 'what the answerer received').to.equal('later');
    expect(toOfferer.message, 'what the offerer received').to.equal('by the answerer');
    expect(toOfferer.offers, 'offers that were needed').to.equal(1);
  },
);

channelScenario(
  {
    id: 'data-channels/opening/made-by-the-answerer-first',
    title: 'Made by the answerer before the offer',
    asks: 'When the answerer makes a channel before the offer arrives, does it open with the first negotiation?',
    level: 'must',
    specs,
    needs,
  },
  async ({ offerer, answerer }) => {
    await answerer.run((agent) => void agent.connect().createChannel('of the answerer'));
    const offererGot = await offerer.run(async (agent) => {
      const connection = agent.connect();
      connection.createChannel('of the offerer');
      await connection.negotiate();
      (await connection.channel('of the offerer')).send('from the offerer');
      return connection.channel('of the answerer').then((channel) => {
        channel.send('from the offerer too');
        return { label: channel.label, offers: connection.said.descriptions.length };
      });
    });
    const answererGot = await answerer.run(async ({ connection }) => [
      await connection.message('of the offerer'),
      await connection.message('of the answerer'),
    ]);
    expect(offererGot, 'what the offerer was told of').to.deep.equal({ label: 'of the answerer', offers: 1 });
    expect(answererGot, 'what the answerer received').to.deep.equal([
      'from the offerer',
      'from the offerer too',
    ]);
  },
);

channelScenario(
  {
    id: 'data-channels/opening/data-section-added-later',
    title: 'Data added to a media connection',
    asks: 'Does a channel open when the data m-line is added after video, in a second negotiation?',
    level: 'must',
    specs: [...specs, 'https://www.rfc-editor.org/rfc/rfc8829#section-5.2.2'],
    needs,
  },
  async ({ offerer, answerer }) => {
    await answerer.run((agent) => void agent.connect());
    const got = await offerer.run(async (agent) => {
      const connection = agent.connect();
      connection.pc.addTransceiver('video', { direction: 'recvonly' });
      await connection.negotiate();
      await connection.connected();
      connection.createChannel('added');
      await connection.negotiate();
      (await connection.channel('added')).send('over the added section');
      return connection.said.descriptions.length;
    });
    const message = await answerer.run(({ connection }) => connection.message('added'));
    expect(got, 'offers that were made').to.equal(2);
    expect(message, 'what the answerer received').to.equal('over the added section');
  },
);

channelScenario(
  {
    id: 'data-channels/opening/in-order-with-data',
    title: 'Data right after the announcement',
    asks: 'Does a message sent as soon as the channel opens arrive, and only after `datachannel` and `open`?',
    level: 'must',
    specs: [...specs, webrtc('dfn-announce-the-rtcdatachannel-as-open')],
    needs,
  },
  async ({ offerer, answerer }) => {
    await answerer.run((agent) => {
      const { pc } = agent.connect({ keepMessages: false });
      const order: string[] = [];
      agent.kept.set('order', order);
      pc.addEventListener('datachannel', ({ channel }) => {
        order.push('datachannel');
        channel.addEventListener('open', () => order.push('open'));
        channel.addEventListener('message', ({ data }) => order.push(`message ${String(data)}`));
      });
    });
    await offerer.run(async (agent) => {
      const connection = agent.connect();
      const channel = connection.createChannel('at once');
      channel.addEventListener('open', () => channel.send('at once'));
      await connection.negotiate();
    });
    const order = await answerer.run(async ({ kept, waitFor }) => {
      const order = kept.get('order');
      return waitFor({
        name: 'the message at once',
        phase: 'sctp',
        probe: () =>
          Array.isArray(order) && order.some((line) => String(line).startsWith('message')) && order,
        triggers: [{ everyMs: 10 }],
        seen: () => JSON.stringify(order),
      });
    });
    expect(order, 'the order of events').to.deep.equal(['datachannel', 'open', 'message at once']);
  },
);

const many = [
  { count: 100, level: 'should' },
  { count: 1000, level: 'info' },
] as const;

for (const { count, level } of many) {
  // Not `channelScenario`: the thousand channels keep their own record.
  scenario(
    {
      id: `data-channels/opening/${String(count)}-channels`,
      title: `${count.toLocaleString('en')} channels`,
      asks: `Do ${count.toLocaleString('en')} channels open on one connection, and does each carry its own message?`,
      level,
      specs: [...specs, 'https://www.rfc-editor.org/rfc/rfc8831#section-6.2'],
      needs,
      timeoutMs: 60_000,
    },
    async (pair) => {
      await open(pair, 'first', { keepMessages: false });
      const labels = Array.from({ length: count }, (_, index) => `channel ${String(index)}`);
      await pair.answerer.run(({ connection, kept }) => {
        const got: string[] = [];
        kept.set('got', got);
        connection.pc.addEventListener('datachannel', ({ channel }) =>
          channel.addEventListener('message', ({ data }) => {
            got.push(`${channel.label}: ${String(data)}`);
            channel.send(data);
          }),
        );
      });
      const { back, ms } = await pair.offerer.run(async ({ connection, waitFor }, labels) => {
        const began = performance.now();
        const changed = new EventTarget();
        const back: string[] = [];
        const silent = new Set(labels);
        const channels = labels.map((label) => {
          const channel = connection.pc.createDataChannel(label);
          channel.addEventListener('open', () => channel.send(`over ${String(channel.id)}`));
          channel.addEventListener('message', ({ data }) => {
            back.push(`${label}: ${String(data)}`);
            silent.delete(label);
            changed.dispatchEvent(new Event('change'));
          });
          for (const type of ['close', 'error']) {
            channel.addEventListener(type, () => changed.dispatchEvent(new Event('change')));
          }
          return channel;
        });
        await waitFor({
          name: `a message back over each of ${String(labels.length)} channels`,
          phase: 'sctp',
          probe: () => back.length >= labels.length,
          triggers: [{ on: changed, events: ['change'] }],
          seen: () => {
            const states = channels.map(({ readyState }) => readyState);
            const closed = states.filter((state) => state === 'closed').length;
            const opened = states.filter((state) => state === 'open').length;
            const none = [...silent].slice(0, 5).join(', ');
            return `${String(back.length)} messages, none over ${String(silent.size)} (${none}); ${String(opened)} channels open, ${String(closed)} closed`;
          },
        });
        return { back, ms: performance.now() - began };
      }, labels);
      const got = await pair.answerer.run(({ kept }) => kept.get('got'));
      const wellFormed = back.filter((line) => /^channel \d+: over \d+$/.test(line));
      expect(new Set(wellFormed.map((line) => line.split(': ')[0])).size, 'channels heard from').to.equal(
        count,
      );
      expect(new Set(wellFormed.map((line) => line.split('over ')[1])).size, 'different ids').to.equal(count);
      expect(got, 'what the answerer received').to.have.members(back);
      pair.measure('time to open and echo all', ms, 'ms');
    },
  );
}
