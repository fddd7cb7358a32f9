import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import { withNetwork } from '../network.ts';
import { scenario } from '../scenario.ts';
import { expectNothingElse } from '../steps/channels.ts';
import { hold } from '../steps/hold.ts';
import { connectInFrame, leave } from '../steps/page-in-frame.ts';
import { otherSide, sides } from '../steps/sides.ts';
import { connect, offerProof, proveData } from './steps.ts';

const webrtc = (anchor: string) => `https://www.w3.org/TR/webrtc/#${anchor}`;

/** What a connection has reported by events of the given kinds, in order. */
const told = async ({ connection }: Agent, kinds: readonly string[]): Promise<string[]> => {
  const { events } = await connection.snapshot();
  return events.filter(({ event }) => kinds.includes(event)).map(({ detail }) => detail);
};

/** Waits until both states of a connection that ICE decides are that one; `completed` is a kind of `connected`. */
const untilState = ({ connection: { pc }, waitFor }: Agent, wanted: RTCPeerConnectionState) =>
  waitFor({
    name: `the connection to be ${wanted}`,
    phase: 'ice',
    probe: () =>
      pc.connectionState === wanted && pc.iceConnectionState.replace('completed', 'connected') === wanted,
    triggers: [{ on: pc, events: ['connectionstatechange', 'iceconnectionstatechange'] }, { everyMs: 200 }],
    seen: () => `ICE ${pc.iceConnectionState}, connection ${pc.connectionState}`,
  });

scenario(
  {
    id: 'connection/state/set-up',
    title: 'The states of a call that connects',
    asks: 'While a call connects, does each state of both sides take the steps that it has to, each reported once?',
    level: 'must',
    specs: [webrtc('state-definitions'), webrtc('dom-rtcpeerconnectionstate-connecting')],
  },
  async (pair) => {
    await connect(pair);
    await proveData(pair);
    for (const side of sides) {
      const peer = pair[side];
      await peer.run(({ connection: { pc }, waitFor }) =>
        waitFor({
          name: 'gathering to be complete and the connection to be there',
          phase: 'ice',
          probe: () => pc.iceGatheringState === 'complete' && pc.connectionState === 'connected',
          triggers: [{ on: pc, events: ['icegatheringstatechange', 'connectionstatechange'] }],
        }),
      );
      const offer = side === 'offerer' ? 'have-local-offer' : 'have-remote-offer';
      expect(await peer.run(told, ['signalingstatechange']), `signalingState at the ${side}`).to.deep.equal([
        offer,
        'stable',
      ]);
      expect(
        await peer.run(told, ['icegatheringstatechange']),
        `iceGatheringState at the ${side}`,
      ).to.deep.equal(['gathering', 'complete']);
      // the controlling agent may already know that ICE is completed
      const ice = (await peer.run(told, ['iceconnectionstatechange'])).join();
      expect(ice, `iceConnectionState at the ${side}`).to.match(/^checking,connected(?:,completed)?$/);
      expect(await peer.run(told, ['connectionstatechange']), `connectionState at the ${side}`).to.deep.equal(
        ['connecting', 'connected'],
      );
    }
  },
);

const untilChannelClosed = ({ connection, waitFor }: Agent) => {
  const channel = connection.channels[0]?.channel;
  return waitFor({
    name: 'the channel to be closed',
    phase: 'sctp',
    probe: () => channel?.readyState === 'closed',
    triggers: [{ everyMs: 20 }],
    seen: () => String(channel?.readyState),
  });
};

for (const side of sides) {
  const other = otherSide[side];
  scenario(
    {
      id: `connection/state/${side}-closes`,
      title: `The ${side} closes`,
      asks: `When the ${side} closes its connection, is all of it closed at once with no state event, and does no channel go through closing?`,
      level: 'must',
      specs: [webrtc('dom-rtcpeerconnection-close'), webrtc('event-datachannel-closing')],
    },
    async (pair) => {
      await connect(pair);
      await proveData(pair);
      const at = performance.now();
      const states = await pair[side].run(({ connection: { pc } }) => {
        pc.close();
        return [pc.signalingState, pc.iceConnectionState, pc.connectionState];
      });
      expect(states, `states at the ${side} when close() has returned`).to.deep.equal([
        'closed',
        'closed',
        'closed',
      ]);
      await pair[other].run(untilChannelClosed);
      hold(pair, `time until the ${other} knows`, performance.now() - at, 'ms', { most: 2000, paced: true });
      const { events } = await pair[side].run(({ connection }) => connection.snapshot());
      const own = events
        .map(({ event, detail }) => `${event} ${detail}`)
        .filter((line) => / closed$|^channel closing /.test(line) && !line.startsWith('channel close '));
      expect(own, `what the ${side} told of its own close()`).to.deep.equal([]);
      const channel = await pair[other].run(told, ['channel open', 'channel close']);
      expect(
        channel.map((detail) => detail.replace(/.*, /, '')),
        `states of the channel at the ${other}`,
      ).to.deep.equal(['open', 'closed']);
    },
  );
}

scenario(
  {
    id: 'connection/state/lost-and-back',
    title: 'The states of a call whose path is silent for a while',
    asks: 'When nothing gets through until both sides are disconnected, and everything from then on, is each side connected again, and has each state taken just these steps?',
    // when a side says so is up to the implementation, but applications rely on it
    level: 'should',
    specs: [
      webrtc('dom-rtcicetransportstate-disconnected'),
      webrtc('dom-rtcpeerconnectionstate-disconnected'),
      'https://www.rfc-editor.org/rfc/rfc7675#section-5.1',
    ],
    load: 'idle',
    timeoutMs: 60_000,
  },
  (pair) =>
    withNetwork(pair, {}, async ({ access }) => {
      await connect(pair);
      await proveData(pair);
      access.offerer.change({ up: false });
      const silent = performance.now();
      await Promise.all(
        sides.map(async (side) => {
          await pair[side].run(untilState, 'disconnected');
          hold(pair, `time until the ${side} is disconnected`, performance.now() - silent, 'ms', {
            // consent expires after 30 s, and it may have failed then
            most: 30_000,
            paced: true,
          });
        }),
      );
      const { up, down } = access.offerer.counts;
      expect(up.swallowed, 'packets of the offerer that were lost').to.be.above(0);
      expect(down.swallowed, 'packets of the answerer that were lost').to.be.above(0);
      access.offerer.change({ up: true });
      const back = performance.now();
      for (const side of sides) {
        await pair[side].run(untilState, 'connected');
        hold(pair, `time until the ${side} is connected again`, performance.now() - back, 'ms', {
          most: 15_000,
          paced: true,
        });
      }
      await proveData(pair, ' when the path is back');
      for (const side of sides) {
        expect(
          await pair[side].run(told, ['connectionstatechange']),
          `connectionState at the ${side}`,
        ).to.deep.equal(['connecting', 'connected', 'disconnected', 'connected']);
        // the controlling agent may know that ICE is completed
        const ice = (await pair[side].run(told, ['iceconnectionstatechange'])).join();
        expect(ice, `iceConnectionState at the ${side}`).to.match(
          /^checking,connected(?:,completed)?,disconnected,(?:checking,)?(?:connected|completed|connected,completed)$/,
        );
      }
      await expectNothingElse(pair);
    }),
);

for (const side of sides) {
  const other = otherSide[side];
  scenario(
    {
      id: `connection/state/${side}-page-gone`,
      title: `The page of the ${side} goes away`,
      asks: `When the page of the ${side} goes away without close(), does the ${other} learn it, by a closed DTLS transport or the loss of ICE, before consent has long expired, and does it not say itself that it is closed?`,
      level: 'must',
      specs: [
        webrtc('dfn-close-the-connection'),
        webrtc('dom-rtcdtlstransportstate-closed'),
        'https://www.rfc-editor.org/rfc/rfc7675#section-5.1',
      ],
      // the page that goes is a frame
      needs: ['HTMLIFrameElement', 'RTCDtlsTransport', 'RTCSctpTransport'],
      timeoutMs: 50_000,
    },
    async (pair) => {
      await pair[side].run(connectInFrame);
      await pair[other].run((agent) => void agent.connect());
      await pair.offerer.run(offerProof);
      await proveData(pair);
      const gone = performance.now();
      expect(await pair[side].run(leave), `whether the page of the ${side} is gone`).to.equal(true);
      const { by, states } = await pair[other].run(async ({ connection: { pc }, waitFor }) => {
        const dtls = pc.sctp?.transport;
        const ice = ['disconnected', 'failed'];
        return waitFor({
          name: 'the loss of the other page to be known',
          phase: 'dtls',
          probe: () => {
            const by =
              dtls?.state === 'closed' ? 'DTLS' : ice.includes(pc.iceConnectionState) ? 'ICE' : undefined;
            return by && { by, states: [pc.signalingState, pc.connectionState] };
          },
          triggers: [{ everyMs: 20 }, { on: pc, events: ['iceconnectionstatechange'] }],
          seen: () =>
            `DTLS ${String(dtls?.state)}, ICE ${pc.iceConnectionState}, connection ${pc.connectionState}`,
        });
      });
      pair.measure(`whether the ${other} knows by DTLS`, Number(by === 'DTLS'), '1');
      hold(pair, `time until the ${other} knows`, performance.now() - gone, 'ms', {
        // as for a call that fails: consent expires after 30 s
        most: 40_000,
        paced: true,
      });
      expect(states, `signalingState and connectionState at the ${other}`).to.not.include('closed');
      await pair[other].run(untilChannelClosed);
      const channel = await pair[other].run(told, ['channel open', 'channel close']);
      expect(
        channel.map((detail) => detail.replace(/.*, /, '')),
        `states of the channel at the ${other}`,
      ).to.deep.equal(['open', 'closed']);
    },
  );
}

/** Creates a connection by hand that sends back what it hears, and keeps no reference to it once it is up. */
const connectUnheld = async (agent: Agent, { offers, holds }: { offers: boolean; holds: boolean }) => {
  const { signaling, kept, unobserved, waitFor } = agent;
  // in separate functions, so that a listener does not keep alive what happens to be in scope where it is made
  const listen = (channel: RTCDataChannel, keep: boolean): void => {
    channel.addEventListener('message', ({ data, target }) => {
      if (target instanceof RTCDataChannel) target.send(`${String(data)}, heard`);
    });
    if (keep) kept.set('channel', channel);
  };
  const make = async (): Promise<void> => {
    const pc = unobserved(() => new RTCPeerConnection());
    kept.set('gone', new WeakRef(pc));
    const gather = async (type: 'offer' | 'answer') => {
      await pc.setLocalDescription();
      await waitFor({
        name: 'the connection to have gathered',
        phase: 'ice',
        probe: () => pc.iceGatheringState === 'complete',
        triggers: [{ on: pc, events: ['icegatheringstatechange'] }],
      });
      const sdp = pc.localDescription?.sdp ?? '';
      signaling.send({ type: 'description', description: { type, sdp } });
    };
    const hear = async (type: 'offer' | 'answer') => {
      const { description } = await signaling.next('description');
      await pc.setRemoteDescription({ type, sdp: description.sdp ?? '' });
    };
    if (offers) {
      const channel = pc.createDataChannel('proof');
      listen(channel, holds);
      await gather('offer');
      await hear('answer');
    } else {
      pc.addEventListener('datachannel', ({ channel }) => listen(channel, holds), { once: true });
      await hear('offer');
      await gather('answer');
    }
    await waitFor({
      name: 'the connection that nobody holds',
      phase: 'ice',
      probe: () => pc.connectionState === 'connected',
      triggers: [{ on: pc, events: ['connectionstatechange'] }],
    });
  };
  await make();
};

/** Has garbage collected until three closed connections that nobody holds are gone. */
const collect = async ({ unobserved, waitFor }: Agent): Promise<void> => {
  // https://testutils.spec.whatwg.org/#dom-testutils-gc in Firefox, V8's own in Chromium
  const page: { TestUtils?: { gc(): Promise<void> }; gc?: (() => void) | undefined } = globalThis;
  let gone = 0;
  const registry = new FinalizationRegistry(() => {
    gone += 1;
  });
  const make = (): void => {
    for (let count = 0; count < 3; count += 1) {
      const pc = unobserved(() => new RTCPeerConnection());
      registry.register(pc, undefined);
      pc.close();
    }
  };
  make();
  await waitFor({
    name: 'closed connections that nobody holds to be collected',
    phase: 'assert',
    probe: async () => {
      if (page.TestUtils) await page.TestUtils.gc();
      else page.gc?.();
      return gone === 3;
    },
    triggers: [{ everyMs: 50 }],
    seen: () => `${String(gone)} of 3 were`,
  });
};

for (const side of sides) {
  for (const [name, holds] of [
    ['unheld', false],
    ['held-by-channel', true],
  ] as const) {
    const other = otherSide[side];
    scenario(
      {
        id: `connection/state/${name}-at-${side}`,
        title: `The ${side} keeps ${holds ? 'a reference to the channel of its connection alone' : 'no reference to its connection'}`,
        asks: `Where the page of the ${side} ${holds ? 'refers to the channel of a connection but not to the connection' : 'refers to neither a connection nor its channel, which has a message listener'}, does the channel still answer after each of three garbage collections?`,
        level: 'must',
        specs: [webrtc('garbage-collection'), webrtc('garbage-collection-0')],
        needs: { [side]: ['WeakRef', 'TestUtils.gc|gc'] },
        signaling: { trickle: false },
        timeoutMs: 30_000,
      },
      async (pair) => {
        const making = pair[side].run(connectUnheld, { offers: side === 'offerer', holds });
        await pair[other].run((agent) => void agent.connect());
        await (other === 'offerer'
          ? pair.offerer.run(async ({ connection }) => {
              connection.createChannel('proof');
              await connection.negotiate();
              await connection.channel('proof');
            })
          : pair.answerer.run(async ({ connection }) => {
              await connection.channel('proof');
            }));
        await making;
        for (const round of [1, 2, 3]) {
          await pair[side].run(collect);
          const answer = await pair[other].run(
            ({ connection }, text) => {
              const channel = connection.channels[0]?.channel;
              if (channel?.readyState === 'open') channel.send(text);
              return connection.message('proof');
            },
            `text ${String(round)}`,
          );
          expect(answer, `what the ${other} received after collection ${String(round)}`).to.equal(
            `text ${String(round)}, heard`,
          );
        }
        const isGone = await pair[side].run(({ kept }) => {
          const held = kept.get('gone');
          return held instanceof WeakRef && held.deref() === undefined;
        });
        pair.measure('whether the object of the connection was collected', Number(isGone), '1');
      },
    );
  }
}
