import { expect } from 'chai';
import { expectedDigest } from '../../fixtures/peer-page/data/transfer.ts';
import { channelScenario, needs, open, openAnother, webrtc } from './steps.ts';

const buffered = webrtc('dom-rtcdatachannel-bufferedamount');
const low = webrtc('dom-rtcdatachannel-bufferedamountlowthreshold');

channelScenario(
  {
    id: 'data-channels/flow/buffered-amount',
    title: 'bufferedAmount counts what is waiting',
    asks: 'Does bufferedAmount rise by exactly what is sent, within the task that sends it, and fall back to 0?',
    level: 'must',
    specs: [buffered],
    needs,
  },
  async (pair) => {
    await open(pair, 'flow');
    const { steps, waited } = await pair.offerer.run(async ({ connection, data }) => {
      const channel = await connection.channel('flow');
      const steps = [channel.bufferedAmount];
      const grüße = 'Grüße'; // 7 bytes of UTF-8
      for (const payload of [data.pattern(1000), grüße, new Blob([data.pattern(30)]), data.pattern(60_000)]) {
        if (payload instanceof Blob) channel.send(payload);
        else if (typeof payload === 'string') channel.send(payload);
        else channel.send(payload);
        steps.push(channel.bufferedAmount);
      }
      await data.waitOn(
        channel,
        'bufferedAmount to fall to 0',
        () => channel.bufferedAmount === 0,
        () => `bufferedAmount ${String(channel.bufferedAmount)}`,
      );
      return { steps, waited: channel.bufferedAmount };
    });
    const arrived = await pair.answerer.run(async ({ connection, data }) => {
      const all = [];
      while (all.length < 4) all.push(await data.received(await connection.message('flow')));
      return all.map(({ length }) => length);
    });
    expect(steps, 'bufferedAmount after each send').to.deep.equal([0, 1000, 1007, 1037, 61_037]);
    expect(waited, 'bufferedAmount in the end').to.equal(0);
    expect(arrived, 'the lengths of what arrived').to.deep.equal([1000, 5, 30, 60_000]);
  },
);

channelScenario(
  {
    id: 'data-channels/flow/low-threshold',
    version: 2,
    title: 'bufferedamountlow, once per crossing',
    asks: 'Does `bufferedamountlow` fire exactly once each time the buffer falls to the threshold?',
    level: 'must',
    specs: [low, webrtc('event-datachannel-bufferedamountlow')],
    needs,
  },
  async (pair) => {
    await open(pair, 'flow', { keepMessages: false });
    await pair.offerer.run(async ({ connection, data, kept, waitFor }) => {
      const channel = await connection.channel('flow');
      channel.bufferedAmountLowThreshold = 100_000;
      const amounts: number[] = [];
      kept.set('amounts', amounts);
      channel.addEventListener('bufferedamountlow', () => amounts.push(channel.bufferedAmount));
      for (const crossing of [1, 2, 3]) {
        for (let chunk = 0; chunk < 20; chunk += 1) channel.send(data.pattern(20_000, chunk));
        await data.waitOn(
          channel,
          `bufferedamountlow, time ${String(crossing)}`,
          () => amounts.length >= crossing,
          () => `${String(amounts.length)} so far`,
        );
        // There is no event for an empty buffer, and the next crossing must not begin before it is empty.
        await waitFor({
          name: 'the buffer to empty',
          phase: 'sctp',
          probe: () => channel.bufferedAmount === 0,
          triggers: [{ everyMs: 10 }],
        });
      }
      // This message never reaches the threshold, so it may cause no event; an event of the third crossing has come before it.
      channel.send(data.pattern(1000));
    });
    await openAnother(pair, 'end');
    // Whatever came by now is all there is: the other channel opened after what was sent.
    const amounts = await pair.offerer.run(({ kept }) => {
      const all: unknown = kept.get('amounts');
      return Array.isArray(all) ? all.map(Number) : [];
    });
    expect(amounts.length, 'bufferedamountlow events in three crossings').to.equal(3);
    expect(Math.max(...amounts), 'the most that was buffered at such an event').to.be.at.most(100_000);
  },
);

channelScenario(
  {
    id: 'data-channels/flow/back-pressure-64-mib',
    title: '64 MiB with back-pressure',
    asks: 'Does a transfer of 64 MiB that waits for bufferedamountlow arrive whole, with at most 1 MiB in the buffer?',
    level: 'must',
    specs: [low, 'https://www.rfc-editor.org/rfc/rfc8831#section-6.6'],
    needs,
    timeoutMs: 120_000,
    load: 'heavy',
  },
  async (pair) => {
    const plan = { chunks: 1024, chunkBytes: 64 * 1024 };
    const total = plan.chunks * plan.chunkBytes;
    await open(pair, 'bulk', { keepMessages: false });
    await pair.answerer.run(
      async ({ connection, data }) => void data.transfer(await connection.channel('bulk')),
    );
    const { peakBuffered } = await pair.offerer.run(
      async ({ connection, data }, plan) => data.sendTransfer(await connection.channel('bulk'), plan),
      plan,
    );
    const report = await pair.answerer.run(
      async ({ connection, data }, total) => data.transfer(await connection.channel('bulk')).until(total),
      total,
    );
    expect(report.messages, 'messages that arrived').to.equal(plan.chunks);
    expect(report.bytes, 'bytes that arrived').to.equal(total);
    expect(report.digest, 'the digest of what arrived').to.equal(await expectedDigest(plan));
    expect(peakBuffered, 'the most that was buffered').to.be.within(1, 1024 * 1024);
    pair.measure('throughput', total / 1000 / report.ms, 'MB/s');
  },
);

channelScenario(
  {
    id: 'data-channels/flow/round-trip-time',
    title: 'Round-trip time',
    asks: 'Do 100 messages, each sent after the echo of the one before, all come back, and how long does a round trip take?',
    level: 'should',
    specs: [webrtc('dom-rtcdatachannel-send')],
    needs,
  },
  async (pair) => {
    await open(pair, 'echo', { keepMessages: false });
    await pair.answerer.run(async ({ connection }) => {
      const channel = await connection.channel('echo');
      channel.addEventListener('message', ({ data }) => channel.send(data));
    });
    const { echoes, times } = await pair.offerer.run(async ({ connection, data }) => {
      const channel = await connection.channel('echo');
      const echoes: unknown[] = [];
      const times: number[] = [];
      channel.addEventListener('message', (event) => echoes.push(event.data));
      for (let index = 0; index < 100; index += 1) {
        const began = performance.now();
        channel.send(String(index));
        await data.waitOn(
          channel,
          `echo ${String(index)}`,
          () => echoes.length > index,
          () => `${String(echoes.length)} echoes`,
        );
        times.push(performance.now() - began);
      }
      return { echoes, times: times.toSorted((a, b) => a - b) };
    });
    expect(echoes, 'the echoes').to.deep.equal(Array.from({ length: 100 }, (_, index) => String(index)));
    pair.measure('round trip, median', times[50] ?? 0, 'ms');
    pair.measure('round trip, 95th percentile', times[95] ?? 0, 'ms');
  },
);

channelScenario(
  {
    id: 'data-channels/flow/fair-share',
    title: 'Eight channels share the connection',
    asks: 'When eight channels each have 2 MiB to send, has every one made progress by the time half of the total has arrived?',
    level: 'should',
    specs: ['https://www.rfc-editor.org/rfc/rfc8831#section-6.4', 'https://www.rfc-editor.org/rfc/rfc8260'],
    needs,
    timeoutMs: 40_000,
  },
  async (pair) => {
    const channels = 8;
    const plan = { chunks: 128, chunkBytes: 16 * 1024 };
    const labels = Array.from({ length: channels }, (_, index) => `share ${String(index)}`);
    await open(pair, 'first', { keepMessages: false });
    for (const label of labels) await openAnother(pair, label);
    await pair.answerer.run(
      async ({ connection, data, kept }, { labels, half }) => {
        const readers = await Promise.all(
          labels.map(async (label) => data.transfer(await connection.channel(label))),
        );
        const atHalf: number[] = [];
        kept.set('at half', atHalf);
        for (const label of labels) {
          (await connection.channel(label)).addEventListener('message', () => {
            const bytes = readers.map((reader) => reader.bytes);
            if (atHalf.length === 0 && bytes.reduce((a, b) => a + b) >= half) atHalf.push(...bytes);
          });
        }
      },
      { labels, half: (channels * plan.chunks * plan.chunkBytes) / 2 },
    );
    await pair.offerer.run(
      async ({ connection, data }, { labels, chunks, chunkBytes }) => {
        const open = await Promise.all(labels.map((label) => connection.channel(label)));
        // All of one channel before the next: only the browser can make that fair.
        for (const channel of open) {
          for (let index = 0; index < chunks; index += 1) channel.send(data.pattern(chunkBytes, index));
        }
      },
      { labels, ...plan },
    );
    const { digests, atHalf } = await pair.answerer.run(
      async ({ connection, data, kept }, { labels, total }) => {
        const reports = labels.map(async (label) =>
          data.transfer(await connection.channel(label)).until(total),
        );
        const digests = (await Promise.all(reports)).map(({ digest }) => digest);
        return { digests, atHalf: kept.get('at half') };
      },
      { labels, total: plan.chunks * plan.chunkBytes },
    );
    const due = await expectedDigest(plan);
    expect(digests, 'the digests of the eight transfers').to.deep.equal(labels.map(() => due));
    const shares = Array.isArray(atHalf) ? atHalf.map(Number) : [];
    const sum = shares.reduce((a, b) => a + b, 0);
    // 1 where all have the same, 1/8 where one has all: https://en.wikipedia.org/wiki/Fairness_measure
    const index = sum ** 2 / (channels * shares.reduce((all, share) => all + share ** 2, 0));
    pair.measure("Jain's fairness index at half time", index, '');
    expect(Math.min(...shares), 'bytes of the slowest channel at half time').to.be.above(0);
  },
);
