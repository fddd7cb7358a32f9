import { expect } from 'chai';
import { expectPace } from '../steps/hold.ts';
import { channelScenario } from './steps.ts';

const text = 'Grüße, 世界 🌍';
/** On loopback a healthy echo takes 1 to 20 ms, 150 on a busy machine; anything that waits for a timer takes longer. */
const longestRoundTripMs = 1000;

channelScenario(
  {
    id: 'data-channels/message/text-echo',
    version: 2,
    title: 'Text goes there and back',
    asks: 'Does text sent over a data channel arrive unchanged, and does the answer?',
    level: 'must',
    specs: [
      'https://www.w3.org/TR/webrtc/#dom-rtcdatachannel-send',
      'https://www.rfc-editor.org/rfc/rfc8831',
    ],
    needs: ['RTCPeerConnection.prototype.createDataChannel'],
  },
  async ({ offerer, answerer, measure }) => {
    await answerer.run((agent) => {
      const { pc } = agent.connect();
      pc.addEventListener('datachannel', ({ channel }) => {
        channel.addEventListener('message', ({ data }) => channel.send(data));
      });
    });
    const { echoed, roundTripMs } = await offerer.run(async (agent, message) => {
      const connection = agent.connect();
      connection.createChannel('echo');
      await connection.negotiate();
      const channel = await connection.channel('echo');
      const sent = performance.now();
      channel.send(message);
      return { echoed: await connection.message('echo'), roundTripMs: performance.now() - sent };
    }, text);
    const received = await answerer.run((agent) => agent.connection.message('echo'));
    expect(received, 'the text that the answerer received').to.equal(text);
    expect(echoed, 'the text that came back').to.equal(text);
    measure('round trip', roundTripMs, 'ms');
    expectPace(roundTripMs, 'the round trip, in ms').to.be.at.most(longestRoundTripMs);
  },
);
