import { expect } from 'chai';
import { withNetwork } from '../network.ts';
import { scenario } from '../scenario.ts';
import { expectPicture, seeReceived } from '../steps/picture.ts';
import { settle, type Pair } from '../steps/channels.ts';
import { sides } from '../steps/sides.ts';
import { channelScenario, needs, open, webrtc } from './steps.ts';

const bytes = 1000;
const before = 500;
const total = 1500;

channelScenario(
  {
    id: 'data-channels/life/renegotiation',
    version: 3,
    title: 'Channels survive a renegotiation',
    asks: 'When a data-only connection gains video mid-transfer, do all messages and the video arrive, and does a negotiated channel work afterwards?',
    level: 'must',
    specs: [
      'https://www.rfc-editor.org/rfc/rfc8829#section-5.2.2',
      webrtc('dom-rtcpeerconnection-setlocaldescription'),
    ],
    needs: {
      offerer: [...needs, 'HTMLCanvasElement.prototype.captureStream'],
      answerer: [...needs, 'HTMLVideoElement.prototype.requestVideoFrameCallback'],
    },
    timeoutMs: 40_000,
  },
  async (pair) => {
    await beginTransfer(pair);
    for (const peer of [pair.answerer, pair.offerer])
      await peer.run(({ connection, data }, bytes) => {
        data.numbered(connection.createChannel('negotiated', { negotiated: true, id: 42 }), bytes);
      }, bytes);
    await pair.offerer.run(async ({ connection, media, kept }) => {
      const { track, stream } = media.video();
      connection.pc.addTrack(track, stream);
      await connection.negotiate();
      await kept.get('sending');
    });
    expectPicture(pair, await seeReceived(pair.answerer), { size: [320, 240] });
    for (const [from, to] of [
      [pair.offerer, pair.answerer],
      [pair.answerer, pair.offerer],
    ] as const) {
      await from.run(
        async ({ connection, data }, bytes) =>
          data.sendNumbered(await connection.channel('negotiated'), { to: 10, bytes }),
        bytes,
      );
      const report = await to.run(
        async ({ connection, data }, bytes) =>
          data.numbered(await connection.channel('negotiated'), bytes).until(10),
        bytes,
      );
      expect(report, 'what came over the negotiated channel afterwards').to.deep.equal({
        arrived: 10,
        twice: 0,
        overtaken: 0,
        damaged: 0,
      });
    }
    await endTransfer(pair);
  },
);

channelScenario(
  {
    id: 'data-channels/life/ice-restart',
    version: 4,
    title: 'A transfer survives an ICE restart',
    asks: 'Does ICE restart mid-transfer without losing a message, and is a candidate pair from the restart in use afterwards?',
    level: 'must',
    specs: [webrtc('dom-rtcpeerconnection-restartice'), 'https://www.rfc-editor.org/rfc/rfc8445#section-9'],
    needs,
  },
  (pair) =>
    // otherwise Chromium may stay with candidates from before the restart, which is not what is asked here
    withNetwork(pair, { orderlyChecks: true }, async () => {
      await beginTransfer(pair);
      const { before, own, other } = await pair.offerer.run(async ({ connection }) => {
        const inUse = await connection.selectedPair();
        await connection.negotiate({ iceRestart: true });
        const ufrags = (said: { sdp?: string | undefined }[]) =>
          new Set(said.map(({ sdp = '' }) => /^a=ice-ufrag:(.*)$/m.exec(sdp)?.[1])).size;
        return {
          before: inUse,
          own: ufrags(connection.said.descriptions),
          other: ufrags(connection.heard.descriptions),
        };
      });
      expect(own, "the offerer's credentials").to.equal(2);
      expect(other, "the answerer's credentials").to.equal(2);
      const after = await pair.offerer.run(async ({ connection, kept }, first) => {
        const inUse = first && (await connection.restarted(first));
        await kept.get('sending');
        return inUse;
      }, before);
      expect(after?.local.port, 'the port of the pair in use').to.not.equal(before?.local.port);
      await endTransfer(pair);
    }),
);

channelScenario(
  {
    id: 'data-channels/life/sctp-transport',
    title: 'RTCSctpTransport',
    asks: 'Does each side have a connected RTCSctpTransport, with its maxMessageSize, over a connected RTCDtlsTransport?',
    level: 'must',
    specs: [webrtc('rtcsctptransport-interface')],
    needs: [...needs, 'RTCSctpTransport'],
  },
  async (pair) => {
    await open(pair, 'sctp');
    for (const role of ['offerer', 'answerer'] as const) {
      const sctp = await connectedSctp(pair[role]);
      expect(sctp?.state, `state at the ${role}`).to.equal('connected');
      expect(sctp?.dtls, `state of the DTLS transport at the ${role}`).to.equal('connected');
      expect(sctp?.maxMessageSize, `maxMessageSize at the ${role}`).to.be.at.least(65_536);
      pair.measure(`maxMessageSize at the ${role}`, sctp?.maxMessageSize ?? 0, 'bytes');
    }
  },
);

channelScenario(
  {
    id: 'data-channels/life/max-channels',
    title: 'maxChannels of a connected transport',
    asks: 'Once connected, does the RTCSctpTransport of each side say how many channels it can have?',
    level: 'must',
    specs: [webrtc('dom-rtcsctptransport-maxchannels'), webrtc('rtcsctptransport-interface')],
    needs: [...needs, 'RTCSctpTransport.prototype.maxChannels'],
  },
  async (pair) => {
    await open(pair, 'sctp');
    for (const role of ['offerer', 'answerer'] as const) {
      const maxChannels = (await connectedSctp(pair[role]))?.maxChannels;
      expect(maxChannels, `maxChannels at the ${role}`).to.be.a('number');
      expect(maxChannels, `maxChannels at the ${role}`).to.be.within(1, 65_535);
      pair.measure(`maxChannels at the ${role}`, maxChannels ?? 0, 'channels');
    }
  },
);

channelScenario(
  {
    id: 'data-channels/life/stats',
    version: 3,
    title: 'Statistics agree with what was sent',
    asks: 'Do the data-channel statistics of both sides count exactly the messages and bytes that were sent, and do those of the candidate pairs count at least as many bytes?',
    level: 'must',
    specs: [
      'https://www.w3.org/TR/webrtc-stats/#dcstats-dict*',
      'https://www.w3.org/TR/webrtc-stats/#candidatepair-dict*',
    ],
    needs,
  },
  async (pair) => {
    await open(pair, 'counted', { init: { protocol: 'counted.v1' } });
    const counts = (peer: Pair['offerer'], messages: number) =>
      peer.run(
        ({ connection }, due) =>
          connection.stats<RTCStats & { messagesSent?: number; messagesReceived?: number }>(
            'data-channel',
            ({ messagesSent = 0, messagesReceived = 0 }) => messagesSent + messagesReceived >= due,
            `data-channel statistics that count ${String(due)} messages`,
            'sctp',
          ),
        messages,
      );
    for (const role of sides)
      expect(await counts(pair[role], 0), `the statistics of the ${role} ahead of any message`).to.include({
        messagesSent: 0,
        messagesReceived: 0,
      });
    const sent = await pair.offerer.run(async ({ connection, data }) => {
      const channel = await connection.channel('counted');
      for (const size of [1, 10, 100, 1000, 10_000]) channel.send(data.pattern(size));
      channel.send('é');
      return { id: channel.id };
    });
    await pair.answerer.run(async ({ connection }) => {
      for (let index = 0; index < 6; index += 1) await connection.message('counted');
      (await connection.channel('counted')).send('back');
    });
    await pair.offerer.run(({ connection }) => connection.message('counted'));
    const common = {
      label: 'counted',
      protocol: 'counted.v1',
      dataChannelIdentifier: sent.id,
      state: 'open',
    };
    expect(await counts(pair.offerer, 7), 'the statistics of the offerer').to.include({
      ...common,
      messagesSent: 6,
      bytesSent: 11_113,
      messagesReceived: 1,
      bytesReceived: 4,
    });
    expect(await counts(pair.answerer, 7), 'the statistics of the answerer').to.include({
      ...common,
      messagesSent: 1,
      bytesSent: 4,
      messagesReceived: 6,
      bytesReceived: 11_113,
    });
    for (const [role, count] of [
      ['offerer', 'bytesSent'],
      ['answerer', 'bytesReceived'],
    ] as const) {
      const bytes = await pair[role].run(async ({ connection }, name) => {
        const report = await connection.pc.getStats();
        const entries: RTCIceCandidatePairStats[] = [...report.values()];
        // summed over all pairs: Chromium goes over to another while it sends
        return entries.reduce(
          (sum, entry) => sum + (entry.type === 'candidate-pair' ? (entry[name] ?? 0) : 0),
          0,
        );
      }, count);
      expect(bytes, `${count} of the candidate pairs at the ${role}`).to.be.at.least(11_113);
    }
  },
);

// Not `channelScenario`: the page cannot keep a log of a channel in a worker.
scenario(
  {
    id: 'data-channels/life/in-a-worker',
    title: 'A channel in a worker',
    asks: 'Does a channel that was transferred to a worker before it opened send and receive there?',
    level: 'info',
    specs: ['https://www.w3.org/TR/webrtc-extensions/#rtcdatachannel-extensions'],
    needs: { offerer: [...needs, 'transferable:RTCDataChannel'], answerer: needs },
  },
  async (pair) => {
    await pair.answerer.run((agent) => {
      agent
        .connect()
        .pc.addEventListener('datachannel', ({ channel }) =>
          channel.addEventListener('message', ({ data }) => channel.send(`${String(data)}, and back`)),
        );
    });
    const got = await pair.offerer.run(async (agent) => {
      const source = `onmessage = ({ data: channel }) => {
        channel.onopen = () => channel.send('from a worker');
        channel.onmessage = ({ data }) => postMessage(data);
      };`;
      const worker = new Worker(URL.createObjectURL(new Blob([source], { type: 'text/javascript' })));
      const heard: unknown[] = [];
      worker.addEventListener('message', ({ data }) => heard.push(data));
      const connection = agent.connect();
      // Not `connection.createChannel`: a listener on the channel here would keep it from being handed on.
      const channel = connection.pc.createDataChannel('worker');
      worker.postMessage(channel, [channel]);
      await connection.negotiate();
      return agent.waitFor({
        name: 'the worker to hear its echo',
        phase: 'sctp',
        probe: () => heard[0],
        triggers: [{ on: worker, events: ['message', 'error'] }],
      });
    });
    const received = await pair.answerer.run(({ connection }) => connection.message('worker'));
    expect(received, 'what the answerer received').to.equal('from a worker');
    expect(got, 'what the worker received').to.equal('from a worker, and back');
  },
);

/** A side's RTCSctpTransport once it is connected; null where there is none. */
const connectedSctp = (peer: Pair['offerer']) =>
  peer.run(async ({ connection, waitFor }) => {
    const { sctp } = connection.pc;
    if (!sctp) return null;
    await waitFor({
      name: 'the RTCSctpTransport to be connected',
      phase: 'sctp',
      probe: () => sctp.state === 'connected',
      triggers: [{ on: sctp, events: ['statechange'] }],
      seen: () => sctp.state,
    });
    const { state, maxChannels, maxMessageSize, transport } = sctp;
    return { state, maxChannels, maxMessageSize, dtls: transport.state };
  });

/** Starts sending numbered messages while something else happens; the promise `sending` is kept at the offerer. */
async function beginTransfer(pair: Pair): Promise<void> {
  await open(pair, 'numbers', { keepMessages: false });
  await pair.answerer.run(
    async ({ connection, data }, bytes) => void data.numbered(await connection.channel('numbers'), bytes),
    bytes,
  );
  await pair.offerer.run(
    async ({ connection, data, kept }, { before, total, bytes }) => {
      const channel = await connection.channel('numbers');
      await data.sendNumbered(channel, { to: before, bytes });
      const sending = new Promise<void>((resolve, reject) => {
        let number = before;
        // One after the other: a full buffer holds a batch back, and the next must not overtake it.
        let sent = Promise.resolve();
        const timer = setInterval(() => {
          const from = number;
          number += 10;
          sent = sent.then(() => data.sendNumbered(channel, { from, to: from + 10, bytes }));
          sent.catch(reject);
          if (number < total) return;
          clearInterval(timer);
          resolve(sent);
        }, 5);
      });
      kept.set('sending', sending);
    },
    { before, total, bytes },
  );
}

/** Expects everything to have come, in order, and nothing twice. */
async function endTransfer(pair: Pair): Promise<void> {
  await pair.answerer.run(
    async ({ connection, data }, { total, bytes }) =>
      void (await data.numbered(await connection.channel('numbers'), bytes).until(total)),
    { total, bytes },
  );
  await settle(pair);
  const report = await pair.answerer.run(
    async ({ connection, data }, bytes) => data.numbered(await connection.channel('numbers'), bytes).report,
    bytes,
  );
  expect(report, 'what arrived of the transfer').to.deep.equal({
    arrived: total,
    twice: 0,
    overtaken: 0,
    damaged: 0,
  });
}
