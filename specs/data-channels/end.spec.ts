import { expect } from 'chai';
import { expectedDigest } from '../../fixtures/peer-page/data/transfer.ts';
import { scenario } from '../scenario.ts';
import { timeToClose } from '../steps/bounds.ts';
import { hold } from '../steps/hold.ts';
import { type Pair } from '../steps/channels.ts';
import { connectInFrame, leave } from '../steps/page-in-frame.ts';
import { channelScenario, needs, open, openAnother, webrtc } from './steps.ts';

const closing = [webrtc('dom-rtcdatachannel-close'), webrtc('data-transport-closed')];
const label = 'ends';

const closers = [
  { name: 'closed-by-offerer', title: 'Closed by the offerer', by: ['offerer'] },
  { name: 'closed-by-answerer', title: 'Closed by the answerer', by: ['answerer'] },
  { name: 'closed-by-both', title: 'Closed by both at once', by: ['offerer', 'answerer'] },
] as const satisfies readonly { name: string; title: string; by: readonly (keyof Pair)[] }[];

for (const { name, title, by } of closers) {
  channelScenario(
    {
      id: `data-channels/end/${name}`,
      title,
      asks: 'Do both sides see the channel close, with `close` once, and `closing` only where the other side started it?',
      level: 'must',
      specs: closing,
      needs,
    },
    async (pair) => {
      await openLogged(pair);
      const began = performance.now();
      await Promise.all(
        by.map(async (role) =>
          // The kept channel, because the other side may have closed it by now.
          pair[role].run(({ kept }) => {
            const channel = kept.get('channel');
            if (channel instanceof RTCDataChannel) channel.close();
          }),
        ),
      );
      const [atOfferer, atAnswerer] = await Promise.all([closed(pair.offerer), closed(pair.answerer)]);
      hold(pair, 'time to close', Math.round(performance.now() - began), 'ms', timeToClose);
      for (const [role, events] of Object.entries({ offerer: atOfferer, answerer: atAnswerer })) {
        // A side that closes at the same time as the other may or may not hear first that the other is closing.
        const heard = events.filter((event) => event !== 'closing (closing)');
        expect(heard, `what the ${role} heard`).to.deep.equal(['close (closed)']);
        if (by.length === 2) continue;
        const due = by.some((closer) => closer === role) ? 0 : 1;
        expect(events.length - heard.length, `closing events at the ${role}`).to.equal(due);
      }
    },
  );
}

channelScenario(
  {
    id: 'data-channels/end/buffered-data-first',
    title: 'Buffered data is delivered first',
    asks: 'Does everything that was sent before close() arrive before the channel closes?',
    level: 'must',
    specs: closing,
    needs,
  },
  async (pair) => {
    const plan = { chunks: 64, chunkBytes: 16 * 1024 };
    const total = plan.chunks * plan.chunkBytes;
    await openLogged(pair, false);
    await pair.answerer.run(
      async ({ connection, data }) => void data.transfer(await connection.channel('ends')),
    );
    const buffered = await pair.offerer.run(async ({ connection, data }, { chunks, chunkBytes }) => {
      const channel = await connection.channel('ends');
      for (let index = 0; index < chunks; index += 1) channel.send(data.pattern(chunkBytes, index));
      const { bufferedAmount } = channel;
      channel.close();
      return bufferedAmount;
    }, plan);
    const report = await pair.answerer.run(async ({ data, kept }, total) => {
      const channel = kept.get('channel');
      if (!(channel instanceof RTCDataChannel)) throw new TypeError('no channel was kept');
      await data.log(channel).until('close');
      const reader = data.transfer(channel);
      return {
        bytes: reader.bytes,
        digest: reader.bytes === total ? (await reader.until(total)).digest : '',
      };
    }, total);
    expect(buffered, 'bytes that were buffered when it was closed').to.be.above(0);
    expect(report.bytes, 'bytes that arrived before the close').to.equal(total);
    expect(report.digest, 'the digest of what arrived').to.equal(await expectedDigest(plan));
  },
);

channelScenario(
  {
    id: 'data-channels/end/connection-closed',
    version: 2,
    title: 'The other connection is closed',
    asks: 'Does closing an RTCPeerConnection close the channel on the other side, with one `close`?',
    level: 'must',
    specs: [webrtc('dom-rtcpeerconnection-close'), webrtc('data-transport-closed')],
    needs,
  },
  async (pair) => {
    await openLogged(pair);
    const began = performance.now();
    await pair.offerer.run(({ connection }) => connection.pc.close());
    const events = await closed(pair.answerer);
    hold(pair, 'time to close', Math.round(performance.now() - began), 'ms', timeToClose);
    expect(events.at(-1), 'the last that the other side heard').to.equal('close (closed)');
    expect(events.filter((event) => event.startsWith('close (')).length, 'close events').to.equal(1);
  },
  /^an error on/,
);

// Not `channelScenario`: the offerer's channels went with their page.
scenario(
  {
    id: 'data-channels/end/page-gone',
    title: 'The other page goes away',
    asks: 'When a page goes away without notice, does the channel on the other side close, with one `close`?',
    level: 'must',
    specs: [webrtc('dfn-close-the-connection'), webrtc('data-transport-closed')],
    // the page that goes is a frame
    needs: [...needs, 'HTMLIFrameElement'],
  },
  async ({ offerer, answerer }) => {
    await answerer.run((agent) => void agent.connect());
    await offerer.run(connectInFrame);
    await offerer.run(async ({ connection }) => {
      connection.createChannel('ends');
      await connection.negotiate();
      await connection.channel('ends');
    });
    await answerer.run(async ({ connection, data, kept }) => {
      const channel = await connection.channel('ends');
      data.log(channel);
      kept.set('channel', channel);
    });
    expect(await offerer.run(leave), 'whether the page of the offerer is gone').to.equal(true);
    const events = await closed(answerer);
    expect(events.at(-1), 'the last that the other side heard').to.equal('close (closed)');
    expect(events.filter((event) => event.startsWith('close (')).length, 'close events').to.equal(1);
  },
);

channelScenario(
  {
    id: 'data-channels/end/own-connection-closed',
    title: 'Its own connection is closed',
    asks: 'Is a channel `closed` as soon as close() of its own RTCPeerConnection has returned?',
    // the specification demands it, and https://github.com/w3c/webrtc-pc/issues/3085 questions that
    level: 'should',
    specs: [webrtc('dom-rtcpeerconnection-close')],
    needs,
  },
  async (pair) => {
    await openLogged(pair);
    const state = await pair.offerer.run(async ({ connection }) => {
      const channel = await connection.channel('ends');
      connection.pc.close();
      return channel.readyState;
    });
    expect(state, 'readyState when close() has returned').to.equal('closed');
  },
  /^an error on/,
);

channelScenario(
  {
    id: 'data-channels/end/abort-error',
    version: 3,
    title: 'An abort is reported as an error with its cause',
    asks: 'When the other side closes its connection, does the channel report an RTCErrorEvent with the cause of the abort?',
    level: 'info',
    specs: [
      webrtc('data-transport-closed'),
      webrtc('dom-rtcerror-sctpcausecode'),
      'https://www.rfc-editor.org/rfc/rfc9260#section-3.3.10.12',
    ],
    needs: { offerer: needs, answerer: [...needs, 'RTCErrorEvent', 'RTCError'] },
  },
  async (pair) => {
    await openLogged(pair);
    await pair.offerer.run(({ connection }) => connection.pc.close());
    const events = await closed(pair.answerer);
    const errors = await pair.answerer.run(({ data, kept }) => {
      const channel = kept.get('channel');
      return channel instanceof RTCDataChannel ? data.log(channel).errors : [];
    });
    const due = [{ name: 'OperationError', detail: 'sctp-failure', sctpCauseCode: 12 }];
    expect(
      errors.map(({ name, detail, sctpCauseCode }) => ({ name, detail, sctpCauseCode })),
      `the errors that the channel reported (it heard ${events.join(', ')})`,
    ).to.deep.equal(due);
  },
  /^an error on/,
);

channelScenario(
  {
    id: 'data-channels/end/id-free-again',
    title: 'The id of a closed channel is free again',
    asks: 'Can a negotiated id be used again, ten times over, once its channel is closed on both sides?',
    level: 'must',
    specs: [
      webrtc('dom-peerconnection-createdatachannel'),
      'https://www.rfc-editor.org/rfc/rfc8831#section-6.7',
    ],
    needs,
  },
  async (pair) => {
    await open(pair, 'first');
    const got: unknown[] = [];
    const due = Array.from({ length: 10 }, (_, round) => `round ${String(round)}`);
    for (const label of due) {
      await pair.answerer.run(({ connection, data, kept }, label) => {
        const channel = connection.createChannel(label, { negotiated: true, id: 42 });
        data.log(channel);
        kept.set('channel', channel);
      }, label);
      await pair.offerer.run(async ({ connection, data, kept }, label) => {
        const channel = connection.createChannel(label, { negotiated: true, id: 42 });
        data.log(channel);
        kept.set('channel', channel);
        (await connection.channel(label)).send(label);
      }, label);
      got.push(
        await pair.answerer.run(async ({ connection }, label) => {
          const message = await connection.message(label);
          (await connection.channel(label)).close();
          return message;
        }, label),
      );
      await Promise.all([closed(pair.offerer), closed(pair.answerer)]);
    }
    expect(got, 'what arrived over the same id').to.deep.equal(due);
  },
);

channelScenario(
  {
    id: 'data-channels/end/others-live-on',
    title: 'Other channels live on',
    asks: 'Does closing one channel leave the others of the connection open and working?',
    level: 'must',
    specs: closing,
    needs,
  },
  async (pair) => {
    await openLogged(pair);
    await openAnother(pair, 'other');
    await pair.offerer.run(async ({ connection }) => (await connection.channel('ends')).close());
    await Promise.all([closed(pair.offerer), closed(pair.answerer)]);
    await pair.answerer.run(async ({ connection }) => (await connection.channel('other')).send('still here'));
    const got = await pair.offerer.run(({ connection }) => connection.message('other'));
    expect(got, 'what arrived over the other channel').to.equal('still here');
  },
);

channelScenario(
  {
    id: 'data-channels/end/send-in-every-state',
    title: 'send() in every ready state',
    asks: 'Does send() throw an InvalidStateError, and send nothing, while the channel is connecting, closing or closed?',
    level: 'must',
    specs: [webrtc('dom-rtcdatachannel-send')],
    needs,
  },
  async ({ offerer, answerer }) => {
    await answerer.run((agent) => void agent.connect());
    await offerer.run(async (agent) => {
      const connection = agent.connect();
      const channel = connection.createChannel('ends');
      const states: Record<string, string> = {};
      agent.data.log(channel);
      agent.kept.set('states', states);
      agent.kept.set('attempt', () => {
        const state = channel.readyState;
        try {
          channel.send(state);
          states[state] = 'sent';
        } catch (error) {
          states[state] = error instanceof DOMException ? error.name : String(error);
        }
      });
      const attempt = agent.kept.get('attempt');
      if (typeof attempt === 'function') attempt();
      connection.createChannel('end');
      await connection.negotiate();
      await connection.channel('ends');
    });
    // This scenario is not about a channel that is closed before the other side has received it.
    await answerer.run(async ({ connection }) => void (await connection.channel('ends')));
    const { states, events } = await offerer.run(async ({ connection, data, kept }) => {
      const channel = await connection.channel('ends');
      const attempt = kept.get('attempt');
      if (typeof attempt !== 'function') throw new TypeError('no attempt was kept');
      attempt();
      channel.close();
      attempt();
      await data.log(channel).until('close');
      attempt();
      (await connection.channel('end')).send('end');
      return { states: kept.get('states'), events: data.log(channel).errors };
    });
    const got = await answerer.run(async ({ connection }) => [
      await connection.message('ends'),
      // After anything that could still have come over the other channel, which is closed.
      await connection.message('end'),
    ]);
    const due = {
      connecting: 'InvalidStateError',
      open: 'sent',
      closing: 'InvalidStateError',
      closed: 'InvalidStateError',
    };
    const came = new Map(Object.entries(Object(states)));
    for (const [state, outcome] of Object.entries(due)) {
      expect(came.get(state), `what came of send while ${state}`).to.equal(outcome);
    }
    expect(events, 'error events').to.deep.equal([]);
    expect(got, 'what the answerer received').to.deep.equal(['open', 'end']);
  },
);

/** Opens the channel "ends" with a log of its events on both sides, which begins once it is open. */
async function openLogged(pair: Pair, keepMessages = true): Promise<void> {
  await open(pair, label, { keepMessages });
  for (const peer of [pair.offerer, pair.answerer]) {
    await peer.run(async ({ connection, data, kept }) => {
      const channel = await connection.channel('ends');
      // The open event itself may still be on its way on the side that was told of the channel.
      data.log(channel);
      kept.set('channel', channel);
    });
  }
}

/** What a side heard of its kept channel until it closed, without `open` and `message` events. */
const closed = (peer: Pair['offerer']) =>
  peer.run(async ({ data, kept }) => {
    const channel = kept.get('channel');
    if (!(channel instanceof RTCDataChannel)) throw new TypeError('no channel was kept');
    const events = await data.log(channel).until('close');
    return events.filter((event) => !event.startsWith('open') && !event.startsWith('message'));
  });
