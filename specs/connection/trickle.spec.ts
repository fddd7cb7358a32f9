import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { ConnectOptions } from '../../fixtures/peer-page/connection.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { scenario } from '../scenario.ts';
import { expectNothingElse } from '../steps/channels.ts';
import type { Side } from '../steps/sides.ts';
import { connect, pairInUse, proveData } from './steps.ts';

const common = {
  level: 'must',
  specs: ['https://www.rfc-editor.org/rfc/rfc8829#section-3.5.1', 'https://www.rfc-editor.org/rfc/rfc8838'],
  needs: ['RTCPeerConnection.prototype.addIceCandidate'],
} as const;

scenario(
  {
    ...common,
    id: 'connection/trickle/on',
    title: 'Candidates one by one',
    asks: 'Do the sides connect when each candidate is sent as it is found?',
    signaling: { trickle: true },
  },
  async (pair) => {
    const { offererHeard, answererHeard } = await connectWithData(pair);
    expect(answererHeard.candidates.length, 'candidates that the offerer sent one by one').to.be.at.least(1);
    expect(offererHeard.candidates.length, 'candidates that the answerer sent one by one').to.be.at.least(1);
  },
);

for (const [side, other] of [
  ['offerer', 'answerer'],
  ['answerer', 'offerer'],
] as const) {
  scenario(
    {
      ...common,
      id: `connection/trickle/${side}-alone`,
      title: `Candidates of the ${side} alone`,
      asks: `When only the ${side} sends its candidates, does the ${other} use them, and does the call connect?`,
    },
    async (pair) => {
      const heard = await connectWithData(pair, { [other]: { sendsCandidates: false } });
      expect(heard[`${side}Heard`].candidates, `candidates that the ${other} told`).to.deep.equal([]);
      expect(heard[`${other}Heard`].candidates.length, `candidates that the ${side} told`).to.be.at.least(1);
    },
  );
}

for (const [side, other, description] of [
  ['offerer', 'answerer', 'offer'],
  ['answerer', 'offerer', 'answer'],
] as const) {
  scenario(
    {
      ...common,
      id: `connection/trickle/off-${side}-alone`,
      title: `Candidates in the ${description} alone`,
      asks: `When no description but the ${description} carries candidates, does the ${other} use them, and does the call connect?`,
      signaling: { trickle: false },
    },
    async (pair) => {
      const heard = await connectWithData(pair, { [other]: { sendsCandidates: false } });
      expect(candidatesIn(heard[`${side}Heard`]), `candidates that the ${other} told`).to.equal(0);
      expect(candidatesIn(heard[`${other}Heard`]), `candidates in the ${description}`).to.be.at.least(1);
    },
  );
}

scenario(
  {
    ...common,
    id: 'connection/trickle/ahead',
    title: 'Candidates ahead of their description',
    asks: 'Do the sides connect when candidates arrive before the description that they belong to?',
    signaling: { candidatesBeforeDescription: true },
  },
  async (pair) => {
    const { offererHeard, answererHeard } = await connectWithData(pair);
    expect(answererHeard.candidates.length, 'candidates that the offerer sent').to.be.at.least(1);
    expect(offererHeard.candidates.length, 'candidates that the answerer sent').to.be.at.least(1);
  },
);

scenario(
  {
    ...common,
    id: 'connection/trickle/off',
    version: 2,
    title: 'Candidates in the description',
    asks: 'When the descriptions carry all candidates and none is sent later, do the sides connect by the candidates they were given?',
    signaling: { trickle: false },
  },
  async (pair) => {
    const { offererHeard, answererHeard } = await connectWithData(pair);
    expect(candidatesIn(answererHeard), 'candidates in the offer').to.be.at.least(1);
    expect(candidatesIn(offererHeard), 'candidates in the answer').to.be.at.least(1);
    expect([...answererHeard.candidates, ...offererHeard.candidates], 'candidates sent later').to.deep.equal(
      [],
    );
    for (const [side, { descriptions }] of [
      ['offerer', offererHeard],
      ['answerer', answererHeard],
    ] as const) {
      const used = await pair[side].run(pairInUse);
      const told = descriptions.flatMap(({ sdp = '' }) =>
        [...sdp.matchAll(/^a=candidate:\S+ \d udp \d+ \S+ (\d+) typ/gim)].map(([, port]) => Number(port)),
      );
      expect(told, `the ports that the ${side} was told, with that of the pair in use`).to.include(
        used?.remote.port,
      );
      // A candidate that was never sent is still found through the other side's checks, which would hide that it is missing.
      expect(used?.remote.type, `the type of the candidate that the ${side} uses`).to.equal('host');
    }
  },
);

const candidatesIn = ({ descriptions: [first] }: { descriptions: { sdp?: string | undefined }[] }): number =>
  first?.sdp?.match(/^a=candidate:/gm)?.length ?? 0;

/** Connects a pair, proves by a message each way that the connection carries data, and returns what each side heard. */
async function connectWithData(
  pair: PairContext<Agent>,
  options: Partial<Record<Side, ConnectOptions>> = {},
) {
  await connect(pair, options);
  await proveData(pair);
  await expectNothingElse(pair);
  const heard = ({ connection }: Agent) => connection.heard;
  return { offererHeard: await pair.offerer.run(heard), answererHeard: await pair.answerer.run(heard) };
}
