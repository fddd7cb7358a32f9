import { expect } from 'chai';
import { expectedDigest } from '../../fixtures/peer-page/data/transfer.ts';
import { expectPace } from '../steps/hold.ts';
import { settle, type Pair } from '../steps/channels.ts';
import { channelScenario, needs, open, openAnother, webrtc } from './steps.ts';

/** Healthy transfers here: 3 to 18 MB/s, 0.9 with both cores otherwise busy. */
const leastThroughput = 0.2;
/** Healthy answers here: 8 to 22 ms, 100 with both cores otherwise busy. */
const longestAnswerMs = 1000;

const specs = [webrtc('dom-rtcdatachannel-send'), webrtc('dom-rtcdatachannel-bufferedamountlowthreshold')];

channelScenario(
  {
    id: 'data-channels/application/file-16-mib',
    title: 'A file of 16 MiB',
    asks: 'Does a file of 16 MiB, announced, sent in chunks with back-pressure and acknowledged, arrive byte for byte?',
    level: 'must',
    specs,
    needs,
    timeoutMs: 60_000,
    load: 'heavy',
  },
  async (pair) => {
    const plan = { chunks: 1024, chunkBytes: 16 * 1024 };
    const size = plan.chunks * plan.chunkBytes;
    await open(pair, 'file', { keepMessages: false });
    await pair.answerer.run(async ({ connection, data, kept }) => {
      const channel = await connection.channel('file');
      data.transfer(channel);
      channel.addEventListener('message', ({ data }) => {
        if (typeof data === 'string') kept.set('announced', data);
      });
    });
    const sending = pair.offerer.run(
      async ({ connection, data }, { plan, size }) => {
        const channel = await connection.channel('file');
        const answers: unknown[] = [];
        channel.addEventListener('message', (event) => answers.push(event.data));
        channel.send(JSON.stringify({ name: 'naïve 📄.bin', size }));
        await data.sendTransfer(channel, plan);
        return data.waitOn(
          channel,
          'the acknowledgement of the file',
          () => answers.at(-1),
          () => `${String(answers.length)} answers`,
        );
      },
      { plan, size },
    );
    const receiving = pair.answerer.run(async ({ connection, data, kept }, size) => {
      const channel = await connection.channel('file');
      const report = await data.transfer(channel).until(size);
      channel.send(report.digest);
      return { ...report, announced: kept.get('announced') };
    }, size);
    const [acknowledged, report] = await Promise.all([sending, receiving]);
    const digest = await expectedDigest(plan);
    expect(report.announced, 'what was announced').to.equal(JSON.stringify({ name: 'naïve 📄.bin', size }));
    expect(report.bytes, 'bytes that arrived').to.equal(size);
    expect(report.digest, 'the digest of what arrived').to.equal(digest);
    expect(report.messages, 'chunks that arrived').to.equal(plan.chunks);
    expect(acknowledged, 'the digest that the sender was told').to.equal(digest);
    const throughput = size / 1000 / report.ms;
    pair.measure('throughput', throughput, 'MB/s');
    expectPace(throughput, 'throughput, in MB/s').to.be.at.least(leastThroughput);
  },
);

channelScenario(
  {
    id: 'data-channels/application/game-state',
    title: 'Game state, 60 times a second',
    asks: 'During 10 s of unreliable state updates at 60 Hz, is the newest state at the other side never more than 200 ms old?',
    level: 'should',
    specs: ['https://www.rfc-editor.org/rfc/rfc8831#section-3.1'],
    needs,
    timeoutMs: 40_000,
  },
  async (pair) => {
    const states = 600;
    await open(pair, 'game', { init: { ordered: false, maxRetransmits: 0 }, keepMessages: false });
    await pair.answerer.run(async ({ connection, kept }) => {
      const channel = await connection.channel('game');
      const seen = { newest: -1, sentAt: 0, arrived: 0, oldestMs: 0, stallMs: 0, arrivals: [] as number[] };
      kept.set('seen', seen);
      const now = () => performance.timeOrigin + performance.now();
      let looked = now();
      const look = () => {
        const at = now();
        if (seen.newest < 0) return;
        seen.stallMs = Math.max(seen.stallMs, at - looked);
        seen.oldestMs = Math.max(seen.oldestMs, at - seen.sentAt);
        looked = at;
      };
      channel.addEventListener('message', ({ data }) => {
        const { number, sentAt }: { number: number; sentAt: number } = JSON.parse(String(data));
        if (seen.newest >= 0) look();
        else looked = now();
        seen.arrived += 1;
        seen.arrivals.push(now() - sentAt);
        if (number > seen.newest) Object.assign(seen, { newest: number, sentAt });
      });
      const timer = setInterval(look, 1000 / 60);
      // Looking on after the last state would count the end of the game as an old state.
      connection.pc.addEventListener('datachannel', () => clearInterval(timer));
    });
    const stallMs = await pair.offerer.run(async ({ connection, waitFor }, states) => {
      const channel = await connection.channel('game');
      let number = 0;
      let stall = 0;
      let before = performance.now();
      const ticks = new EventTarget();
      const timer = setInterval(() => {
        const at = performance.now();
        stall = Math.max(stall, at - before);
        before = at;
        channel.send(JSON.stringify({ number, sentAt: performance.timeOrigin + at, x: Math.sin(number) }));
        if ((number += 1) === states) clearInterval(timer);
        ticks.dispatchEvent(new Event('tick'));
      }, 1000 / 60);
      await waitFor({
        name: `${String(states)} states to be sent`,
        phase: 'sctp',
        probe: () => number >= states,
        triggers: [{ on: ticks, events: ['tick'] }],
        seen: () => `${String(number)} sent`,
      });
      // Announced at once, this channel ends the watch on the other side.
      connection.createChannel('end');
      await connection.channel('end');
      return stall;
    }, states);
    const seen = await pair.answerer.run(async ({ connection, kept }) => {
      await connection.channel('end');
      return kept.get('seen');
    });
    const { oldestMs, arrived, arrivals, receiverStallMs } = summaryOf(seen);
    // The time that the two pages themselves stood still is no fault of the channel between them.
    const channelMs = oldestMs - stallMs - receiverStallMs;
    pair.measure('age of the newest state, largest', oldestMs, 'ms');
    pair.measure('longest time the sending page stood still', stallMs, 'ms');
    pair.measure('longest time the receiving page stood still', receiverStallMs, 'ms');
    pair.measure('delay, median', arrivals[Math.floor(arrivals.length / 2)] ?? 0, 'ms');
    expect(arrived, 'states that arrived').to.be.within(states * 0.9, states);
    expectPace(stallMs, 'longest time the sending page stood still, in ms').to.be.at.most(5000);
    expectPace(channelMs, 'age of the newest state, less what the pages stood still, in ms').to.be.at.most(
      200,
    );
  },
);

channelScenario(
  {
    id: 'data-channels/application/chat-during-file',
    title: 'Chat while a file goes through',
    asks: 'Do 40 lines of chat go back and forth, complete and in order, while a file of 8 MiB goes through?',
    level: 'must',
    specs,
    needs,
    timeoutMs: 60_000,
    load: 'heavy',
  },
  async (pair) => {
    const plan = { chunks: 512, chunkBytes: 16 * 1024 };
    const size = plan.chunks * plan.chunkBytes;
    await open(pair, 'chat');
    await openAnother(pair, 'file');
    await pair.answerer.run(
      async ({ connection, data }) => void data.transfer(await connection.channel('file')),
    );
    const [, lines, times, report] = await Promise.all([
      pair.offerer.run(
        async ({ connection, data }, plan) => data.sendTransfer(await connection.channel('file'), plan),
        plan,
      ),
      chat(pair.answerer, 'answerer', false),
      chat(pair.offerer, 'offerer', true),
      pair.answerer.run(
        async ({ connection, data }, size) => data.transfer(await connection.channel('file')).until(size),
        size,
      ),
    ]);
    const due = (who: string) => Array.from({ length: 20 }, (_, index) => `${who}: line ${String(index)} 💬`);
    expect(lines.heard, 'what the answerer read').to.deep.equal(due('offerer'));
    expect(times.heard, 'what the offerer read').to.deep.equal(due('answerer'));
    await settle(pair);
    const messages = await pair.answerer.run(
      async ({ connection, data }) => data.transfer(await connection.channel('file')).messages,
    );
    expect(messages, 'messages of the file').to.equal(plan.chunks);
    expect(report.digest, 'the digest of the file').to.equal(await expectedDigest(plan));
    expectPace(times.medianMs, 'answer to a line of chat, median, in ms').to.be.at.most(longestAnswerMs);
    pair.measure('answer to a line of chat, median', times.medianMs, 'ms');
  },
);

/** Says twenty lines, each once the one before was answered. */
const chat = (peer: Pair['offerer'], who: string, begins: boolean) =>
  peer.run(
    async ({ connection }, { who, begins }) => {
      const channel = await connection.channel('chat');
      const heard: unknown[] = [];
      const times: number[] = [];
      for (let line = 0; line < 20; line += 1) {
        const began = performance.now();
        if (begins) channel.send(`${who}: line ${String(line)} 💬`);
        heard.push(await connection.message('chat'));
        times.push(performance.now() - began);
        if (!begins) channel.send(`${who}: line ${String(line)} 💬`);
      }
      return { heard, medianMs: times.toSorted((a, b) => a - b)[10] ?? 0 };
    },
    { who, begins },
  );

function summaryOf(seen: unknown) {
  const number = (key: string) =>
    Number(typeof seen === 'object' && seen !== null ? Reflect.get(seen, key) : NaN);
  const arrivals: unknown = typeof seen === 'object' && seen !== null ? Reflect.get(seen, 'arrivals') : [];
  return {
    oldestMs: number('oldestMs'),
    arrived: number('arrived'),
    receiverStallMs: number('stallMs'),
    arrivals: Array.isArray(arrivals) ? arrivals.map(Number).toSorted((a, b) => a - b) : [],
  };
}
