import { expect } from 'chai';
import { scenario } from '../scenario.ts';
import { otherSide, sides } from '../steps/sides.ts';
import { add, expectAdded, needsOf } from './added.ts';
import { connect, connectRewritten, offerProof, proveData } from './steps.ts';

const specs = [
  'https://www.rfc-editor.org/rfc/rfc9143',
  'https://www.rfc-editor.org/rfc/rfc8829#section-4.1.1',
];

for (const side of sides) {
  scenario(
    {
      id: `connection/bundle/added-by-${side}`,
      title: `The ${side} adds a picture to a call with data`,
      asks: `Where the ${side} adds an m-line to the bundle, is one DTLS role told for all of it, does the picture arrive, and does data go on?`,
      level: 'must',
      specs: [...specs, 'https://www.rfc-editor.org/rfc/rfc8842#section-5.5'],
      needs: needsOf.video,
    },
    async (pair) => {
      await connect(pair);
      await proveData(pair);
      await pair[side].run(add, 'video');
      await pair[side].run(({ connection }) => connection.negotiate());
      await expectAdded(pair, 'video', side);
      await proveData(pair, ' with the picture');
      const { said } = await pair[otherSide[side]].run(({ connection }) => ({
        said: connection.said.descriptions,
      }));
      const roles = [...(said.at(-1)?.sdp ?? '').matchAll(/^a=setup:.*$/gm)].map(([line]) => line);
      expect(new Set(roles).size, `DTLS roles that the ${otherSide[side]} answers: ${roles.join()}`).to.equal(
        1,
      );
    },
  );

  for (const policy of ['balanced', 'max-compat', 'max-bundle'] as const) {
    scenario(
      {
        id: `connection/bundle/${policy}-at-${side}`,
        title: `bundlePolicy ${policy} at the ${side}`,
        asks: `With bundlePolicy ${policy} at the ${side}, do picture, sound and data arrive by one transport?`,
        level: 'must',
        specs: [...specs, 'https://www.w3.org/TR/webrtc/#rtcbundlepolicy-enum'],
        needs: [...needsOf.video, ...needsOf.audio, 'RTCDtlsTransport'],
      },
      async (pair) => {
        for (const role of sides)
          await pair[role].run(
            (agent, bundlePolicy) => void agent.connect({ configuration: { bundlePolicy } }),
            role === side ? policy : 'balanced',
          );
        for (const kind of ['video', 'audio'] as const) await pair.offerer.run(add, kind);
        await pair.offerer.run(offerProof);
        await proveData(pair);
        for (const kind of ['video', 'audio'] as const) await expectAdded(pair, kind);
        for (const role of sides) {
          const transports = await pair[role].run(({ connection: { pc } }) => {
            const of = [pc.sctp?.transport, ...pc.getReceivers().map(({ transport }) => transport)];
            return { all: of.length, different: new Set(of).size };
          });
          expect(transports, `transports at the ${role}`).to.deep.equal({ all: 3, different: 1 });
        }
      },
    );
  }
}

scenario(
  {
    id: 'connection/bundle/stripped',
    title: 'No BUNDLE in the offer',
    asks: 'Where the offer has no bundle, do picture and data arrive by transports of their own?',
    level: 'must',
    specs: [...specs, 'https://www.rfc-editor.org/rfc/rfc8829#section-5.3.1'],
    needs: [...needsOf.video, 'RTCDtlsTransport'],
  },
  async (pair) => {
    await pair.answerer.run((agent) => void agent.connect());
    await pair.offerer.run(connectRewritten, { outgoing: [/^a=group:BUNDLE.*\r\n/gm, ''] });
    await pair.offerer.run(add, 'video');
    await pair.offerer.run(offerProof);
    await proveData(pair);
    await expectAdded(pair, 'video');
    for (const role of sides) {
      const transports = await pair[role].run(({ connection: { pc } }) => {
        const of = [pc.sctp?.transport, ...pc.getReceivers().map(({ transport }) => transport)];
        return new Set(of).size;
      });
      expect(transports, `transports at the ${role}`).to.equal(2);
    }
  },
);
