import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import { scenario } from '../scenario.ts';
import { hold } from '../steps/hold.ts';
import { otherSide, sides } from '../steps/sides.ts';
import { connect, proveData } from './steps.ts';

const webrtc = (anchor: string) => `https://www.w3.org/TR/webrtc/#${anchor}`;

/** What a connection has told by events of some kinds, in order. */
const told = async ({ connection }: Agent, kinds: readonly string[]): Promise<string[]> => {
  const { events } = await connection.snapshot();
  return events.filter(({ event }) => kinds.includes(event)).map(({ detail }) => detail);
};

scenario(
  {
    id: 'connection/state/set-up',
    title: 'The states of a call that comes about',
    asks: 'Does each state of both sides go the way that it has to while a call comes about, each step told once?',
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
      // who controls may know that it is completed
      const ice = (await peer.run(told, ['iceconnectionstatechange'])).join();
      expect(ice, `iceConnectionState at the ${side}`).to.match(/^checking,connected(?:,completed)?$/);
      expect(await peer.run(told, ['connectionstatechange']), `connectionState at the ${side}`).to.deep.equal(
        ['connecting', 'connected'],
      );
    }
  },
);

for (const side of sides) {
  const other = otherSide[side];
  scenario(
    {
      id: `connection/state/${side}-closes`,
      title: `The ${side} closes`,
      asks: `When the ${side} closes its connection, is everything of it closed at once with no state told, and does no channel go through closing?`,
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
      await pair[other].run(async ({ connection, waitFor }) => {
        const channel = connection.channels[0]?.channel;
        await waitFor({
          name: 'the channel to be closed',
          phase: 'sctp',
          probe: () => channel?.readyState === 'closed',
          triggers: [{ everyMs: 20 }],
          seen: () => String(channel?.readyState),
        });
      });
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
