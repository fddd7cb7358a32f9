import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import { scenario, single } from '../scenario.ts';
import { otherSide, sides } from '../steps/sides.ts';
import { add, expectAdded, expectMedia, needsOf } from './added.ts';
import { connect, connectRewritten, offerProof, proveData } from './steps.ts';

const specs = [
  'https://www.rfc-editor.org/rfc/rfc9143',
  'https://www.rfc-editor.org/rfc/rfc8829#section-4.1.1',
];

/** What each policy makes of two pictures, sound and a channel, before there is an answer. */
const offeredBy = {
  balanced: { lines: ['video', 'video bundle-only', 'audio', 'application'], transports: 2 },
  'max-compat': { lines: ['video', 'video', 'audio', 'application'], transports: 3 },
  'max-bundle': {
    lines: ['video', 'video bundle-only', 'audio bundle-only', 'application bundle-only'],
    transports: 1,
  },
} as const satisfies Record<RTCBundlePolicy, { lines: readonly string[]; transports: number }>;

const policies = ['balanced', 'max-compat', 'max-bundle'] as const satisfies RTCBundlePolicy[];

/**
 * The m-lines that a connection with a given configuration offers, and how many transports it sets up for its pictures and
 * sound before there is an answer. An m-line that is bundle-only has port 0, and says so.
 */
const offerOfTwoPictures = async (_: Agent, configuration: RTCConfiguration) => {
  const pc = new RTCPeerConnection(configuration);
  try {
    for (const kind of ['video', 'video', 'audio']) pc.addTransceiver(kind);
    pc.createDataChannel('offered');
    const offer = await pc.createOffer();
    await pc.setLocalDescription(offer);
    const transports = new Set(pc.getSenders().map(({ transport }) => transport));
    const lines = (offer.sdp ?? '')
      .split(/^(?=m=)/m)
      .slice(1)
      .map((section) => {
        const kind = /^m=(\w+)/.exec(section)?.[1] ?? '';
        const hasNoPort = /^m=\w+ 0 /.test(section);
        if (hasNoPort !== /^a=bundle-only\r$/m.test(section))
          return `${kind}: ${hasNoPort ? 'port 0, and not bundle-only' : 'bundle-only, and a port'}`;
        return hasNoPort ? `${kind} bundle-only` : kind;
      });
    return { lines, transports: transports.has(null) ? null : transports.size };
  } finally {
    pc.close();
  }
};

for (const policy of policies) {
  single(
    {
      id: `connection/bundle/${policy}-offered`,
      title: `What bundlePolicy ${policy} offers`,
      asks: `Does an offer of two pictures, sound and a channel with bundlePolicy ${policy} mark exactly the right m-lines as bundle-only?`,
      level: 'must',
      specs: [...specs, 'https://www.rfc-editor.org/rfc/rfc8829#section-5.2.1'],
      needs: ['RTCPeerConnection'],
    },
    async ({ peer }) => {
      const { lines } = await peer.run(offerOfTwoPictures, { bundlePolicy: policy });
      expect(lines, 'm-lines of the offer').to.deep.equal(offeredBy[policy].lines);
    },
  );
}

for (const side of sides) {
  scenario(
    {
      id: `connection/bundle/added-by-${side}`,
      title: `The ${side} adds a picture to a call with data`,
      asks: `When the ${side} adds an m-line to the bundle, is one DTLS role answered for all of it, does the picture arrive, and does data go on?`,
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

  for (const policy of policies) {
    scenario(
      {
        id: `connection/bundle/${policy}-at-${side}`,
        title: `bundlePolicy ${policy} at the ${side}`,
        asks: `With bundlePolicy ${policy} at the ${side}, does it set up as many transports before an answer as the policy asks for, and do picture, sound and data arrive over one transport?`,
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
        const { transports: before } = await pair[side].run(offerOfTwoPictures, { bundlePolicy: policy });
        expect(before, `transports at the ${side} before an answer`).to.equal(offeredBy[policy].transports);
        for (const kind of ['video', 'audio'] as const) await pair.offerer.run(add, kind);
        await pair.offerer.run(offerProof);
        await proveData(pair);
        await expectMedia(pair, ['offerer']);
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
    asks: 'When the offer has no BUNDLE group, do picture and data arrive over transports of their own?',
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
