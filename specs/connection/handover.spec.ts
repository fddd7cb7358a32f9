import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { withNetwork } from '../network.ts';
import { scenario } from '../scenario.ts';
import { add, expectAdded, expectHeard, needsOf } from './added.ts';
import { tryToTake } from './by-hand.ts';
import { proveData } from './steps.ts';

const rfc = (number: number, section: string) =>
  `https://www.rfc-editor.org/rfc/rfc${String(number)}#section-${section}`;

/**
 * Creates a connection at the answerer that answers with a tone, if one is given. An earlier one hears nothing any more, as
 * when a server hands a call over to another server that knows nothing of it.
 */
const answerWith = (agent: Agent, hertz: number | null): void => {
  agent.connect({
    beforeAnswer: async (pc) => {
      if (hertz === null) return;
      const { track, stream } = await agent.media.tone({ frequencies: [hertz] });
      pc.addTrack(track, stream);
    },
  });
};

/** What identifies the transport of an answer. */
const transports = ({ connection }: Agent) =>
  connection.heard.descriptions.map(({ sdp = '' }) => ({
    ufrag: /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1] ?? '',
    fingerprint: /^a=fingerprint:(.*)$/m.exec(sdp)?.[1]?.trim() ?? '',
  }));

/** The answers of both connections must not share anything that identifies a transport. */
async function expectAnother({ offerer }: PairContext<Agent>): Promise<void> {
  const heard = await offerer.run(transports);
  expect(heard.length, 'answers that the offerer heard').to.equal(2);
  for (const name of ['ufrag', 'fingerprint'] as const)
    expect(heard[1]?.[name], `the ${name} of the second answer`).to.not.be.oneOf(['', heard[0]?.[name]]);
}

scenario(
  {
    id: 'connection/handover/media',
    title: 'Sound and picture move to another endpoint',
    asks: 'When an ICE restart is answered by another connection, with ICE and DTLS credentials of its own, do sound and picture reach it, and does its sound come back?',
    level: 'must',
    version: 2,
    specs: [rfc(8829, '5.11'), rfc(8842, '5.5'), rfc(8839, '4.4.2.1')],
    needs: [...needsOf.audio, ...needsOf.video],
    timeoutMs: 15_000,
  },
  (pair) =>
    // otherwise Chromium may check the first end before the answer and stick to it, by chance
    withNetwork(pair, { orderlyChecks: true }, async () => {
      const { offerer, answerer } = pair;
      await answerer.run(answerWith, 660);
      await offerer.run((agent) => void agent.connect());
      for (const kind of ['audio', 'video'] as const) await offerer.run(add, kind);
      await offerer.run(({ connection }) => connection.negotiate());
      await Promise.all([
        expectHeard(pair, 440, 'offerer', ' at first'),
        expectHeard(pair, 660, 'answerer', ' at first'),
      ]);
      await answerer.run(answerWith, 880);
      await offerer.run(({ connection }) => connection.negotiate({ iceRestart: true }));
      await expectAnother(pair);
      await expectHeard(pair, 440, 'offerer', ' at the other end');
      await expectHeard(pair, 880, 'answerer', ' from the other end');
      await expectAdded(pair, 'video');
    }),
);

scenario(
  {
    id: 'connection/handover/data',
    title: 'Data moves to another endpoint',
    asks: 'When an ICE restart is answered by another connection, with ICE and DTLS credentials of its own, does a negotiated channel carry data to and from it?',
    // RFC 8829 calls for a new DTLS connection; no text says what becomes of channels on it
    level: 'info',
    version: 2,
    specs: [rfc(8829, '5.11'), rfc(8842, '5.5')],
    timeoutMs: 10_000,
  },
  (pair) =>
    // otherwise Chromium may check the first end before the answer and stick to it, by chance
    withNetwork(pair, { orderlyChecks: true }, async () => {
      const { offerer, answerer } = pair;
      const agreed = ({ connection }: Agent) =>
        void connection.createChannel('proof', { negotiated: true, id: 0 });
      await answerer.run(answerWith, null);
      await answerer.run(agreed);
      await offerer.run((agent) => void agent.connect());
      await offerer.run(agreed);
      await offerer.run(({ connection }) => connection.negotiate());
      await proveData(pair);
      await answerer.run(answerWith, null);
      await answerer.run(agreed);
      await offerer.run(({ connection }) => connection.negotiate({ iceRestart: true }));
      await expectAnother(pair);
      await proveData(pair, ' of the other end');
    }),
);

scenario(
  {
    id: 'connection/handover/unasked',
    title: 'Another endpoint answers an offer that does not restart ICE',
    asks: 'Is an answer with other ICE and DTLS credentials refused when the offer does not restart ICE, and does the call go on with its first endpoint?',
    level: 'must',
    specs: [rfc(8829, '5.11'), rfc(8839, '4.4.1.1.1')],
    signaling: { trickle: false },
  },
  async (pair) => {
    const { offerer, answerer } = pair;
    await answerer.run((agent) => void agent.connect());
    await offerer.run(async (agent) => {
      const connection = agent.connect({ byHand: true });
      connection.createChannel('proof');
      await connection.offer();
      await connection.take();
    });
    await proveData(pair);
    await answerer.run((agent) => {
      agent.kept.set('later', agent.connection.message('proof'));
      agent.connect();
    });
    await offerer.run(({ connection }) => connection.offer());
    const { thrown, state } = await offerer.run(tryToTake);
    expect(thrown, 'what setRemoteDescription throws').to.match(/setRemoteDescription\(answer\): \w+Error: /);
    expect(state, 'signalingState of the offerer').to.equal('have-local-offer');
    await offerer.run(async ({ connection }) => {
      await connection.rollback();
      (await connection.channel('proof')).send('all the same');
    });
    const received = await answerer.run(async ({ kept }) => await kept.get('later'));
    expect(received, 'what the first end received').to.equal('all the same');
  },
);
