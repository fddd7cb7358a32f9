import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import { scenario } from '../scenario.ts';
import { connect, proveData } from './steps.ts';

/** Creates connections with one channel each; returns their offers, with all candidates. */
const offerMany = async (agent: Agent, count: number): Promise<string[]> => {
  const all = agent.unobserved(() => Array.from({ length: count }, () => new RTCPeerConnection()));
  const channels = all.map((pc) => pc.createDataChannel('many'));
  agent.kept.set('many', all).set('channels', channels);
  await Promise.all(all.map((pc) => pc.setLocalDescription()));
  await agent.waitFor({
    name: `${String(count)} offers to have gathered`,
    phase: 'ice',
    probe: () => all.every(({ iceGatheringState }) => iceGatheringState === 'complete'),
    triggers: [{ everyMs: 50 }],
  });
  return all.map(({ localDescription }) => localDescription?.sdp ?? '');
};

/** Creates a connection for each offer, which echoes a text with its own number; returns their answers, with all candidates. */
const answerMany = async (agent: Agent, offers: readonly string[]): Promise<string[]> => {
  const all = agent.unobserved(() => offers.map(() => new RTCPeerConnection()));
  agent.kept.set('many', all);
  await Promise.all(
    all.map(async (pc, at) => {
      pc.addEventListener('datachannel', ({ channel }) => {
        channel.addEventListener('message', ({ data }) =>
          channel.send(`${String(data)}, heard by ${String(at)}`),
        );
      });
      await pc.setRemoteDescription({ type: 'offer', sdp: offers[at] ?? '' });
      await pc.setLocalDescription();
    }),
  );
  await agent.waitFor({
    name: `${String(all.length)} answers to have gathered`,
    phase: 'ice',
    probe: () => all.every(({ iceGatheringState }) => iceGatheringState === 'complete'),
    triggers: [{ everyMs: 50 }],
  });
  return all.map(({ localDescription }) => localDescription?.sdp ?? '');
};

/** Takes the answers, sends a text over each channel once it is open, and returns what came back over each. */
const proveMany = async (agent: Agent, answers: readonly string[]): Promise<string[]> => {
  const all = [agent.kept.get('many')].flat().filter((pc) => pc instanceof RTCPeerConnection);
  const channels = [agent.kept.get('channels')].flat().filter((channel) => channel instanceof RTCDataChannel);
  const heard = channels.map((channel, at) => {
    const texts: string[] = [];
    channel.addEventListener('open', () => channel.send(`text ${String(at)}`));
    channel.addEventListener('message', ({ data }) => texts.push(String(data)));
    return texts;
  });
  await Promise.all(all.map((pc, at) => pc.setRemoteDescription({ type: 'answer', sdp: answers[at] ?? '' })));
  await agent.waitFor({
    name: `a text by each of ${String(all.length)} channels`,
    phase: 'sctp',
    probe: () => heard.every(({ length }) => length > 0),
    triggers: [{ everyMs: 50 }],
    seen: () => {
      const states = all.map(({ connectionState }) => connectionState);
      return `${String(heard.filter(({ length }) => length > 0).length)} came, ${[...new Set(states)].join()}`;
    },
  });
  return heard.map((texts) => texts.join());
};

const closeMany = ({ kept }: Agent): void => {
  for (const pc of [kept.get('many')].flat()) if (pc instanceof RTCPeerConnection) pc.close();
};

for (const count of [1, 10, 50]) {
  scenario(
    {
      id: `connection/many/${String(count)}`,
      title:
        count === 1
          ? 'A second connection between two pages'
          : `${String(count)} connections between two pages`,
      asks: `Beside a call, ${count === 1 ? 'does one more connection' : `do ${String(count)} more connections`} between the same pages connect at once, does each carry its own text there and back, and does the call go on once they are closed?`,
      level: 'should',
      specs: ['https://www.w3.org/TR/webrtc/#dom-peerconnection'],
      load: count > 10 ? 'heavy' : 'light',
      timeoutMs: count > 10 ? 40_000 : 20_000,
    },
    async (pair) => {
      const { offerer, answerer, measure } = pair;
      await connect(pair);
      await proveData(pair);
      const began = performance.now();
      const offers = await offerer.run(offerMany, count);
      const answers = await answerer.run(answerMany, offers);
      const heard = await offerer.run(proveMany, answers);
      measure('time until all have carried a text', performance.now() - began, 'ms');
      expect(heard, 'what came back by each').to.deep.equal(
        Array.from({ length: count }, (_, at) => `text ${String(at)}, heard by ${String(at)}`),
      );
      await proveData(pair, ' beside them');
      await offerer.run(closeMany);
      await answerer.run(closeMany);
      await proveData(pair, ' when they are closed');
    },
  );
}
