import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { scenario } from '../scenario.ts';
import { expectTone, hearReceived } from '../steps/sound.ts';
import { add, expectAdded, needsOf } from './added.ts';
import { proveData } from './steps.ts';

const rfc = (number: number, section: string) =>
  `https://www.rfc-editor.org/rfc/rfc${String(number)}#section-${section}`;

/** A connection of the answerer, which answers with a tone where one is given. */
const answerWith = (agent: Agent, hertz: number | null): void => {
  agent.connect({
    beforeAnswer: async (pc) => {
      if (hertz === null) return;
      const { track, stream } = await agent.media.tone({ frequencies: [hertz] });
      pc.addTrack(track, stream);
    },
  });
};

/**
 * Another connection of the answerer, which knows nothing of the one before, answers from now on, as when a server hands a
 * call over to another. The one before hears nothing any more.
 */
async function handOver(
  { offerer, answerer }: PairContext<Agent>,
  hertz: number | null,
  options: RTCOfferOptions,
): Promise<void> {
  await answerer.run((agent) => void agent.kept.set('before', agent.connection));
  await answerer.run(answerWith, hertz);
  await offerer.run(({ connection }, given) => connection.negotiate(given), options);
}

/** What identifies the transport of an answer. */
const transports = ({ connection }: Agent) =>
  connection.heard.descriptions.map(({ sdp = '' }) => ({
    ufrag: /^a=ice-ufrag:(\S+)/m.exec(sdp)?.[1] ?? '',
    fingerprint: /^a=fingerprint:(.*)$/m.exec(sdp)?.[1]?.trim() ?? '',
  }));

/** The answers of both connections have to have nothing in common that a transport is known by. */
async function expectAnother({ offerer }: PairContext<Agent>): Promise<void> {
  const heard = await offerer.run(transports);
  expect(heard.length, 'answers that the offerer heard').to.equal(2);
  for (const name of ['ufrag', 'fingerprint'] as const)
    expect(heard[1]?.[name], `the ${name} of the second answer`).to.not.be.oneOf(['', heard[0]?.[name]]);
}

scenario(
  {
    id: 'connection/handover/media',
    title: 'Sound and picture go on with another end',
    asks: 'Where an ICE restart is answered by another connection, with ICE and DTLS credentials of its own, do sound and picture reach it, and does its sound come back?',
    level: 'must',
    specs: [rfc(8842, '5.5'), rfc(8829, '5.8.3'), rfc(8839, '4.4.2.1')],
    needs: [...needsOf.audio, ...needsOf.video],
    timeoutMs: 20_000,
  },
  async (pair) => {
    const { offerer, answerer } = pair;
    await answerer.run(answerWith, 660);
    await offerer.run((agent) => void agent.connect({ candidatesAfterAnswer: true }));
    for (const kind of ['audio', 'video'] as const) await offerer.run(add, kind);
    await offerer.run(({ connection }) => connection.negotiate());
    await expectAdded(pair, 'audio');
    const [first] = await hearReceived(offerer, 660);
    expectTone(pair, first, { hertz: 660 }, ' at the offerer');
    await handOver(pair, 880, { iceRestart: true });
    await expectAnother(pair);
    for (const kind of ['audio', 'video'] as const) await expectAdded(pair, kind);
    const [second] = await hearReceived(offerer, 880);
    expectTone(pair, second, { hertz: 880 }, ' at the offerer, of the other end');
  },
);

scenario(
  {
    id: 'connection/handover/data',
    title: 'Data goes on with another end',
    asks: 'Where an ICE restart is answered by another connection, with ICE and DTLS credentials of its own, does a channel that both ends have agreed on carry data to and from it?',
    // RFC 8841 has a new association for a new transport; what becomes of the channels, no text says
    level: 'info',
    specs: [rfc(8842, '5.5'), rfc(8829, '5.8.3'), rfc(8841, '9.3')],
  },
  async (pair) => {
    const { offerer, answerer } = pair;
    const agreed = ({ connection }: Agent) =>
      void connection.createChannel('proof', { negotiated: true, id: 0 });
    await answerer.run(answerWith, null);
    await answerer.run(agreed);
    await offerer.run((agent) => void agent.connect({ candidatesAfterAnswer: true }));
    await offerer.run(agreed);
    await offerer.run(({ connection }) => connection.negotiate());
    await proveData(pair);
    await answerer.run((agent) => void agent.kept.set('before', agent.connection));
    await answerer.run(answerWith, null);
    await answerer.run(agreed);
    await offerer.run(({ connection }) => connection.negotiate({ iceRestart: true }));
    await expectAnother(pair);
    await proveData(pair, ' of the other end');
  },
);
