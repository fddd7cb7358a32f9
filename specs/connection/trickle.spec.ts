import { expect } from 'chai';
import { setTimeout as delay } from 'node:timers/promises';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { ConnectOptions } from '../../fixtures/peer-page/connection.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import type { CandidateInit } from '../../harness/protocol/signaling.ts';
import { scenario, single } from '../scenario.ts';
import { expectNothingElse } from '../steps/channels.ts';
import { expectPace } from '../steps/hold.ts';
import { otherSide, sides, type Side } from '../steps/sides.ts';
import { openPath } from '../udp-path.ts';
import { changeOnTheWay, heardToEnd, linesOf } from './candidates.ts';
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

/** How much later candidates come, in milliseconds. */
const lateMs = 3000;
/** How long it may take from then until the call is there, in milliseconds. Worst seen of 28: 811. */
const mostAfterLate = 3000;

/** The line of an IPv4 host candidate over UDP. */
const directIPv4 = /^candidate:\S+ 1 udp \d+ (?:\d+\.){3}\d+ \d+ typ host/i;

scenario(
  {
    ...common,
    id: 'connection/trickle/late',
    title: 'Candidates that come late',
    asks: 'When the candidates of both sides come three seconds late, does the call connect then, and not before?',
    signaling: { delayCandidatesMs: lateMs },
    load: 'idle',
  },
  async (pair) => {
    changeOnTheWay(pair, {});
    const connectMs = await connect(pair);
    expect(connectMs, 'time to connect, in ms').to.be.at.least(lateMs);
    expectPace(connectMs, 'time to connect, in ms').to.be.at.most(lateMs + mostAfterLate);
    await proveData(pair);
    await expectNothingElse(pair);
    for (const side of sides) {
      const { heard } = await pair[side].run(heardToEnd);
      expect(candidatesIn(heard), `candidates in the description that the ${side} heard`).to.equal(0);
      expect(linesOf(heard.candidates).length, `candidates that the ${side} heard`).to.be.at.least(1);
    }
  },
);

/** What comes of the candidates that a side sends, and how they then arrive. */
const rearranged = {
  reversed: {
    title: 'Candidates in reverse order',
    asks: 'When the candidates of each side arrive in reverse order, are all of them taken, and does the call connect?',
    signaling: { reorderCandidates: true },
    // a side may be found by its own checks, and stop gathering, before any of its candidates has been told: the answerer
    least: { offerer: 2, answerer: 1 },
    due: (sent: string[]) => sent.toReversed(),
  },
  doubled: {
    title: 'Candidates that come twice',
    asks: 'When each candidate arrives twice, are both taken, and does the call connect?',
    signaling: { duplicateCandidates: 2 },
    least: { offerer: 1, answerer: 1 },
    due: (sent: string[]) => sent.flatMap((line) => [line, line]),
  },
} as const;

for (const [name, { title, asks, signaling, least, due }] of Object.entries(rearranged)) {
  scenario({ ...common, id: `connection/trickle/${name}`, title, asks, signaling }, async (pair) => {
    changeOnTheWay(pair, {});
    await connectWithData(pair);
    const told = {
      offerer: await pair.offerer.run(heardToEnd),
      answerer: await pair.answerer.run(heardToEnd),
    };
    for (const side of sides) {
      const sent = linesOf(told[otherSide[side]].said.candidates);
      expect(sent.length, `candidates that the ${otherSide[side]} sent`).to.be.at.least(
        least[otherSide[side]],
      );
      expect(linesOf(told[side].heard.candidates), `candidates that the ${side} heard`).to.deep.equal(
        due(sent),
      );
    }
  });
}

scenario(
  {
    ...common,
    id: 'connection/trickle/lost',
    title: 'A candidate that is lost',
    asks: 'When each side tells two ways and the candidate of the better one never arrives, does the call connect over the other?',
  },
  async (pair) => {
    const packets = { offerer: 0, answerer: 0 };
    const path = await openPath(pair, (_, from) => {
      packets[from] += 1;
      return true;
    });
    const lost: Partial<Record<Side, string>> = {};
    changeOnTheWay(pair, {
      candidate: (candidate, from) => {
        if (!candidate?.candidate) return candidate;
        // The way over the path takes the place of the direct one; IPv6, another network or TCP would be a third.
        if (lost[from] !== undefined || !directIPv4.test(candidate.candidate)) return undefined;
        lost[from] = candidate.candidate;
        return { ...candidate, candidate: path.candidates[otherSide[from]].slice('a='.length) };
      },
    });
    await connectWithData(pair);
    for (const side of sides) {
      const { heard } = await pair[side].run(heardToEnd);
      expect(lost[side], `the candidate of the ${side} that was lost`).to.match(directIPv4);
      const due = path.candidates[side].slice('a='.length);
      expect(linesOf(heard.candidates), `what the ${side} heard`).to.deep.equal([due]);
      const used = await pair[side].run(pairInUse);
      expect(due, `the way of the ${side}, with the port in use`).to.include(
        ` ${String(used?.remote.port)} typ`,
      );
      expect(packets[side], `packets of the ${side} on the path`).to.be.above(0);
    }
  },
);

const end = 'https://www.rfc-editor.org/rfc/rfc8838#section-14';
const addIceCandidate = 'https://www.w3.org/TR/webrtc/#dom-peerconnection-addicecandidate';

for (const [name, tellsEnd, title] of [
  ['ended-null', 'null', 'addIceCandidate(null)'],
  ['ended-no-argument', 'no-argument', 'addIceCandidate()'],
] as const) {
  scenario(
    {
      ...common,
      id: `connection/trickle/${name}`,
      title: `The end of candidates as ${title}`,
      asks: `When each side tells its browser by ${title}, and by nothing else, that no more candidates come, does the call connect?`,
      specs: [addIceCandidate, end],
    },
    async (pair) => {
      changeOnTheWay(pair, {
        candidate: (candidate) => (candidate?.candidate === '' ? undefined : candidate),
      });
      await connectWithData(pair, { offerer: { tellsEnd }, answerer: { tellsEnd } });
      await expectEnds(pair, 0);
    },
  );
}

scenario(
  {
    ...common,
    id: 'connection/trickle/ended-empty',
    title: 'The end of candidates as an empty candidate',
    asks: 'When an empty candidate for the m-line says that no more come, does the call connect?',
    specs: [addIceCandidate, end],
  },
  async (pair) => {
    const last: Partial<Record<Side, CandidateInit>> = {};
    changeOnTheWay(pair, {
      candidate: (candidate, from) => {
        if (candidate === null) return { ...last[from], candidate: '' };
        // that of the browser itself, if it makes one
        if (candidate.candidate === '') return undefined;
        last[from] = candidate;
        return candidate;
      },
    });
    await connectWithData(pair);
    await expectEnds(pair, 1);
  },
);

scenario(
  {
    ...common,
    id: 'connection/trickle/ended-never',
    title: 'Candidates that never end',
    asks: 'When no browser is told that no more candidates come, does the call connect?',
    specs: [addIceCandidate, end],
  },
  async (pair) => {
    changeOnTheWay(pair, { candidate: (candidate) => (candidate?.candidate === '' ? undefined : candidate) });
    await connectWithData(pair);
    await expectEnds(pair, 0);
  },
);

scenario(
  {
    ...common,
    id: 'connection/trickle/ended-in-description',
    title: 'The end of candidates in the descriptions',
    asks: 'When the descriptions carry all candidates and say a=end-of-candidates after them, does the call connect?',
    specs: [end, 'https://www.rfc-editor.org/rfc/rfc8840#section-4.2'],
    signaling: { trickle: false },
  },
  async (pair) => {
    changeOnTheWay(pair, {
      sdp: (sdp) =>
        sdp
          .replaceAll(/^a=end-of-candidates\r\n/gm, '')
          .replaceAll(/(?:^a=candidate:.*\r\n)+/gm, (lines) => `${lines}a=end-of-candidates\r\n`),
    });
    const { offererHeard, answererHeard } = await connectWithData(pair);
    for (const [side, { descriptions }] of [
      ['offerer', offererHeard],
      ['answerer', answererHeard],
    ] as const) {
      const told = descriptions.map(
        ({ sdp = '' }) => sdp.match(/^a=(?:candidate|end-of-candidates)/gm) ?? [],
      );
      expect(
        told.map((lines) => lines.at(-1)),
        `the last line on candidates that the ${side} heard`,
      ).to.deep.equal(['a=end-of-candidates']);
    }
  },
);

/** How long a side without candidates is made to wait for the other's checks, in milliseconds. */
const patienceMs = 2000;

for (const side of sides) {
  const other = otherSide[side];
  scenario(
    {
      ...common,
      id: `connection/trickle/ended-without-any-${side}`,
      title: `The ${side} is told that there are no candidates`,
      load: 'idle',
      asks: `When the ${side} is told that no candidates come, and the ${other} hears of those of the ${side} two seconds later, does the ${side} wait for its checks, and does the call connect?`,
      specs: [
        'https://www.rfc-editor.org/rfc/rfc8863#section-4',
        'https://www.w3.org/TR/webrtc/#dom-rtcicetransportstate-failed',
        addIceCandidate,
      ],
    },
    async (pair) => {
      let due: number | undefined;
      let tell = (): void => undefined;
      const told = new Promise<void>((resolve) => {
        tell = resolve;
      });
      changeOnTheWay(pair, {
        candidate: async (candidate, from) => {
          if (from === other) {
            if (candidate !== null) return undefined;
            tell();
            return null;
          }
          await told;
          due ??= performance.now() + patienceMs;
          await delay(Math.max(0, due - performance.now()));
          return candidate;
        },
      });
      const connectMs = await connect(pair, { [side]: { tellsEnd: 'null' } });
      expect(connectMs, 'time to connect, in ms').to.be.at.least(patienceMs);
      await proveData(pair);
      await expectNothingElse(pair);
      const { heard } = await pair[side].run(heardToEnd);
      expect(heard.candidates, `candidates that the ${side} heard`).to.deep.equal([]);
    },
  );
}

single(
  {
    ...common,
    id: 'connection/trickle/late-7s',
    title: 'Candidates that come seven seconds late',
    load: 'idle',
    asks: 'When no candidate comes until seven seconds after both descriptions, and nothing has said that there are none, does neither side give up, and do the two connect?',
    specs: [
      'https://www.w3.org/TR/webrtc/#dom-rtcicetransportstate-failed',
      'https://www.rfc-editor.org/rfc/rfc8863#section-4',
    ],
  },
  async ({ peer }) => {
    const came = await peer.run(async (agent, ms) => {
      const [a, b] = agent.unobserved(() => [new RTCPeerConnection(), new RTCPeerConnection()]);
      if (!a || !b) throw new Error('there are no connections');
      const told: [to: RTCPeerConnection, candidate: RTCIceCandidate][] = [];
      a.addEventListener(
        'icecandidate',
        ({ candidate }) => candidate?.candidate && told.push([b, candidate]),
      );
      b.addEventListener(
        'icecandidate',
        ({ candidate }) => candidate?.candidate && told.push([a, candidate]),
      );
      a.createDataChannel('data');
      const offer = await a.createOffer();
      await a.setLocalDescription(offer);
      await b.setRemoteDescription(offer);
      const answer = await b.createAnswer();
      await b.setLocalDescription(answer);
      await a.setRemoteDescription(answer);
      const began = performance.now();
      const states = () => [a.connectionState, b.connectionState];
      const hasFailed = () => states().includes('failed');
      const seen = () => states().join(' and ');
      await agent.waitFor({
        name: 'seven seconds, or either side to fail',
        phase: 'ice',
        probe: () => performance.now() - began >= ms || hasFailed(),
        triggers: [{ everyMs: 50 }],
        seen,
      });
      const before = states();
      const waited = performance.now() - began;
      for (const [to, candidate] of told) await to.addIceCandidate(candidate);
      await agent.waitFor({
        name: 'both sides to be connected, or either to fail',
        phase: 'ice',
        probe: () => states().every((state) => state === 'connected') || hasFailed(),
        triggers: [{ everyMs: 50 }],
        seen,
      });
      const after = states();
      a.close();
      b.close();
      return { before, waited, after, told: told.length };
    }, 7000);
    expect(came.before, 'connectionState of both before any candidate has come').to.not.include('failed');
    expect(came.waited, 'time without candidates, in ms').to.be.at.least(7000);
    expect(came.told, 'candidates that then came').to.be.at.least(2);
    expect(came.after, 'connectionState of both afterwards').to.deep.equal(['connected', 'connected']);
  },
);

/** What names the m-line of a candidate on its way. */
const named = {
  'mid-alone': {
    title: 'Candidates that name their m-line by its mid alone',
    named: ({ candidate, sdpMid }: CandidateInit) => ({ candidate, sdpMid }),
  },
  'index-alone': {
    title: 'Candidates that name their m-line by its index alone',
    named: ({ candidate, sdpMLineIndex }: CandidateInit) => ({ candidate, sdpMLineIndex }),
  },
  'mid-against-index': {
    title: 'Candidates whose index is not that of their mid',
    named: ({ candidate, sdpMid }: CandidateInit) => ({ candidate, sdpMid, sdpMLineIndex: 7 }),
  },
} as const satisfies Record<string, { title: string; named: (candidate: CandidateInit) => CandidateInit }>;

for (const [name, { title, named: rename }] of Object.entries(named)) {
  scenario(
    {
      ...common,
      id: `connection/trickle/${name}`,
      title,
      asks: 'When the candidates of both sides come like that, has each side all of them in its remoteDescription, and does the call connect?',
      specs: [addIceCandidate],
    },
    async (pair) => {
      changeOnTheWay(pair, { candidate: (candidate) => candidate && rename(candidate) });
      await connectWithData(pair);
      for (const side of sides) {
        const { heard } = await pair[side].run(heardToEnd);
        expect(heard.candidates, `what the ${side} heard`).to.deep.equal(
          heard.candidates.map((candidate): CandidateInit => rename(candidate)),
        );
        const { sdp = '' } =
          (await pair[side].run(({ connection }) => connection.pc.remoteDescription?.toJSON())) ?? {};
        const lines = linesOf(heard.candidates);
        expect(lines.length, `candidates that the ${side} heard`).to.be.at.least(1);
        expect(
          endpointsIn(sdp),
          `addresses and ports in the remoteDescription of the ${side}`,
        ).to.have.members(endpointsIn(lines.map((line) => `a=${line}`).join('\r\n')));
      }
    },
  );
}

/** What addIceCandidate must not take, or may take for nothing: what comes of each is asked in connection/add-candidate. */
const nonsense: readonly unknown[] = [
  { candidate: 'candidate:wrong 1 udp 2113937151 127.0.0.1 50007 typ host' },
  { candidate: 'candidate:wrong 1 udp 2113937151 127.0.0.1 50007 typ host', sdpMid: 'unknown' },
  { candidate: 'candidate:wrong 1 udp 2113937151 127.0.0.1 50007 typ host', sdpMLineIndex: 7 },
  {
    candidate: 'candidate:wrong 1 udp 2113937151 127.0.0.1 50007 typ host',
    sdpMLineIndex: 0,
    usernameFragment: 'unknown',
  },
  { candidate: 'candidate:wrong 1 udp', sdpMLineIndex: 0 },
  { candidate: 'this is wrong', sdpMLineIndex: 0 },
  { candidate: '', sdpMid: 'unknown' },
  'candidate:wrong 1 udp 2113937151 127.0.0.1 50007 typ host',
];

scenario(
  {
    ...common,
    id: 'connection/trickle/nonsense',
    title: 'Candidates that make no sense, in a call',
    asks: 'When both sides of a call are given candidates that make no sense, does the call go on in the same states and over candidates of the two, and does data go both ways?',
    specs: [addIceCandidate],
  },
  async (pair) => {
    await connect(pair);
    await proveData(pair);
    for (const side of sides) {
      await pair[side].run(heardToEnd);
      const { settled, before, after } = await pair[side].run(async ({ connection }, all) => {
        const { pc } = connection;
        const states = () => ({
          signaling: pc.signalingState,
          gathering: pc.iceGatheringState,
          connection: pc.connectionState,
        });
        const before = states();
        let settled = 0;
        for (const each of all) {
          // no type allows what is wrong; whether it is refused, and how, is not asked here
          const added: unknown = Reflect.apply(pc.addIceCandidate, pc, [each]);
          await Promise.allSettled([added]);
          settled += 1;
        }
        return { settled, before, after: states() };
      }, nonsense);
      expect(settled, `what the ${side} was given`).to.equal(nonsense.length);
      expect(after, `the states of the ${side}`).to.deep.equal(before);
    }
    await proveData(pair, ' afterwards');
    for (const side of sides) {
      const { sdp = '' } =
        (await pair[side].run(({ connection }) => connection.pc.localDescription?.toJSON())) ?? {};
      const used = await pair[otherSide[side]].run(pairInUse);
      expect(
        endpointsIn(sdp).map((endpoint) => Number(endpoint.split(' ')[1])),
        `ports of the ${side}, with the one that the ${otherSide[side]} uses`,
      ).to.include(used?.remote.port);
    }
    await expectNothingElse(pair);
  },
);

/** Each side has heard the end of the candidates, and of empty ones so many. */
async function expectEnds(pair: PairContext<Agent>, empty: number): Promise<void> {
  for (const side of sides) {
    const { heard } = await pair[side].run(heardToEnd);
    const lines = linesOf(heard.candidates);
    expect(lines.length, `candidates that the ${side} heard`).to.be.at.least(1);
    expect(heard.candidates.length - lines.length, `empty candidates that the ${side} heard`).to.equal(empty);
  }
}

/** The addresses and ports of the candidates in a description. */
const endpointsIn = (sdp: string): string[] =>
  [...sdp.matchAll(/^a=candidate:\S+ \d \S+ \d+ (\S+ \d+) typ/gm)].map(([, endpoint = '']) => endpoint);

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
