import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import { single } from '../scenario.ts';

const webrtc = (anchor: string) => `https://www.w3.org/TR/webrtc/#${anchor}`;

const common = {
  level: 'must',
  specs: [webrtc('dom-peerconnection-addicecandidate')],
  needs: ['RTCPeerConnection.prototype.addTransceiver'],
} as const;

/** Marks what must not get into a description. */
const wrong = 'candidate:wrong 1 udp 2113937151 127.0.0.1 50007 typ host';

/**
 * What addIceCandidate must refuse, in a connection of two m-lines: each of the arguments, and the error's name.
 * https://www.rfc-editor.org/rfc/rfc8829#section-4.1.19 has what cannot be read refused.
 */
const refusals = {
  'without-m-line': {
    title: 'A candidate for no m-line',
    name: 'TypeError',
    given: [{ candidate: wrong }, { candidate: wrong, sdpMid: null, sdpMLineIndex: null }],
  },
  'unknown-mid': {
    title: 'A candidate for an unknown mid',
    name: 'OperationError',
    given: [
      { candidate: wrong, sdpMid: 'unknown' },
      { candidate: wrong, sdpMid: 'unknown', sdpMLineIndex: 0 },
    ],
  },
  'unknown-index': {
    title: 'A candidate for an m-line that is not there',
    name: 'OperationError',
    given: [
      { candidate: wrong, sdpMLineIndex: 2 },
      { candidate: wrong, sdpMLineIndex: 65_535 },
    ],
  },
  'unknown-ufrag': {
    title: 'A candidate of an unknown generation',
    name: 'OperationError',
    given: [{ candidate: wrong, sdpMLineIndex: 0, usernameFragment: 'unknown' }],
  },
  'end-for-unknown-mid': {
    title: 'The end of candidates for an unknown mid',
    name: 'OperationError',
    given: [{ candidate: '', sdpMid: 'unknown' }],
  },
  'end-for-unknown-index': {
    title: 'The end of candidates for an m-line that is not there',
    name: 'OperationError',
    given: [{ candidate: '', sdpMLineIndex: 2 }],
  },
  'end-of-unknown-ufrag': {
    title: 'The end of candidates of an unknown generation',
    name: 'OperationError',
    given: [{ candidate: '', sdpMLineIndex: 0, usernameFragment: 'unknown' }],
  },
  text: {
    title: 'Text that is no candidate',
    name: 'OperationError',
    given: [{ candidate: 'this is wrong', sdpMLineIndex: 0 }],
  },
  'text-with-colon': {
    title: 'Text with a colon that is no candidate',
    name: 'OperationError',
    given: [{ candidate: 'this: wrong', sdpMLineIndex: 0 }],
  },
  'cut-off': {
    title: 'A candidate that is cut off',
    name: 'OperationError',
    given: [
      { candidate: 'candidate:wrong', sdpMLineIndex: 0 },
      { candidate: 'candidate:wrong 1 udp 2113937151 127.0.0.1', sdpMLineIndex: 0 },
    ],
  },
  'no-number': {
    title: 'A candidate with words for numbers',
    name: 'OperationError',
    given: [
      { candidate: wrong.replace('50007', 'port'), sdpMLineIndex: 0 },
      { candidate: wrong.replace('2113937151', 'priority'), sdpMLineIndex: 0 },
    ],
  },
  'port-out-of-range': {
    title: 'A candidate whose port does not exist',
    name: 'OperationError',
    given: [{ candidate: wrong.replace('50007', '70000'), sdpMLineIndex: 0 }],
  },
  'no-dictionary': {
    title: 'What is no dictionary',
    name: 'TypeError',
    given: [wrong, 50_007, true],
  },
} as const;

for (const [name, { title, name: error, given }] of Object.entries(refusals)) {
  single(
    {
      ...common,
      id: `connection/add-candidate/${name}`,
      title,
      asks: `Is it refused with ${error}, before the connection is there and after, and do the two connect by what is right, and data go both ways?`,
      specs: [...common.specs, 'https://www.rfc-editor.org/rfc/rfc8829#section-4.1.19'],
    },
    async ({ peer }) => {
      const came = await peer.run(async (agent, all: readonly unknown[]) => {
        const { a, b, until } = agent.unobserved(() => agent.localPair(window));
        const tried = async () => {
          const names: string[] = [];
          for (const each of all) {
            try {
              // no type allows what is wrong
              const added: unknown = Reflect.apply(b.addIceCandidate, b, [each]);
              if (!(added instanceof Promise)) names.push('no promise');
              await added;
              names.push('nothing');
            } catch (error) {
              names.push(
                error instanceof DOMException || error instanceof TypeError ? error.name : String(error),
              );
            }
          }
          return names;
        };
        a.addTransceiver('audio');
        const received: unknown[] = [];
        const near = a.createDataChannel('data');
        near.addEventListener('message', ({ data }) => received.push(data));
        let far: RTCDataChannel | undefined;
        b.addEventListener('datachannel', ({ channel }) => {
          far = channel;
          channel.addEventListener('message', ({ data }) => received.push(data));
        });
        await a.setLocalDescription();
        if (a.localDescription) await b.setRemoteDescription(a.localDescription);
        const ahead = await tried();
        await b.setLocalDescription();
        if (b.localDescription) await a.setRemoteDescription(b.localDescription);
        await until(
          'the two to be connected',
          () => near.readyState === 'open' && far?.readyState === 'open' && b.connectionState === 'connected',
        );
        const states = () => [b.signalingState, b.connectionState, near.readyState];
        const before = states();
        const behind = await tried();
        near.send('there');
        await until('data to come', () => received.length === 1);
        far?.send('and back');
        await until('data to come back', () => received.length === 2);
        const after = states();
        const kept = b.remoteDescription?.sdp.match(/^.*wrong.*$/gm) ?? [];
        a.close();
        b.close();
        return { ahead, behind, before, after, received, kept };
      }, given);
      const due = given.map(() => error);
      expect(came.received, 'what was received').to.deep.equal(['there', 'and back']);
      expect(came.after, 'the states').to.deep.equal(came.before);
      expect(came.ahead, 'what is thrown before the connection is there').to.deep.equal(due);
      expect(came.behind, 'what is thrown when it is there').to.deep.equal(due);
      expect(came.kept, 'what remoteDescription has of it').to.deep.equal([]);
    },
  );
}

/** What is given to a connection that takes no candidate yet, or none any more. */
const unready = {
  candidate: { what: 'a candidate', args: [[{ candidate: wrong, sdpMLineIndex: 0 }]] },
  end: { what: 'the end of candidates', args: [[{ candidate: '', sdpMLineIndex: 0 }], [null], []] },
} as const;

for (const [kind, { what, args }] of Object.entries(unready)) {
  single(
    {
      ...common,
      id: `connection/add-candidate/${kind}-without-description`,
      title: `addIceCandidate of ${what} ahead of any remote description`,
      asks: `Is ${what} refused with InvalidStateError before there is a remote description, and is a candidate taken once there is one?`,
    },
    async ({ peer }) => {
      const came = await peer.run(
        async (agent, { candidate, args: all }) => {
          const { a, b } = agent.unobserved(() => agent.localPair(window));
          a.addTransceiver('audio');
          b.addTransceiver('audio');
          const { sdp = '' } = await a.createOffer();
          // an offer of its own does not make it ready
          await b.setLocalDescription();
          const thrown: string[] = [];
          for (const given of all) {
            const error: unknown = await b.addIceCandidate(...given).catch((error: unknown) => error);
            thrown.push(error instanceof DOMException ? error.name : String(error));
          }
          const state = b.signalingState;
          await b.setLocalDescription({ type: 'rollback' });
          await b.setRemoteDescription({ type: 'offer', sdp });
          await b.addIceCandidate({ candidate, sdpMLineIndex: 0 });
          const kept = b.remoteDescription?.sdp.match(/^a=(?:candidate:wrong|end-of-candidates).*$/gm) ?? [];
          a.close();
          b.close();
          return { thrown, state, kept: kept.length };
        },
        { candidate: wrong, args },
      );
      expect(came.state, 'signalingState').to.equal('have-local-offer');
      expect(came.kept, 'lines on candidates in the description that came later').to.equal(1);
      expect(came.thrown, 'what is thrown').to.deep.equal(args.map(() => 'InvalidStateError'));
    },
  );

  single(
    {
      ...common,
      id: `connection/add-candidate/${kind}-closed`,
      title: `addIceCandidate of ${what} for a closed connection`,
      asks: `Is ${what} refused with InvalidStateError once the connection is closed?`,
      specs: [...common.specs, webrtc('dfn-operations-chain')],
    },
    async ({ peer }) => {
      const came = await peer.run(async (agent, all) => {
        const { a, b } = agent.unobserved(() => agent.localPair(window));
        a.addTransceiver('audio');
        const { sdp = '' } = await a.createOffer();
        await b.setRemoteDescription({ type: 'offer', sdp });
        b.close();
        const thrown: string[] = [];
        for (const given of all) {
          const error: unknown = await b.addIceCandidate(...given).catch((error: unknown) => error);
          thrown.push(error instanceof DOMException ? error.name : String(error));
        }
        a.close();
        return { thrown, state: b.signalingState };
      }, args);
      expect(came.thrown, 'what is thrown').to.deep.equal(args.map(() => 'InvalidStateError'));
      expect(came.state, 'signalingState').to.equal('closed');
    },
  );
}

/** How a candidate for the second of two m-lines, whose mid is `second`, may name it. */
const named = {
  'by-mid': { title: 'its mid alone', init: { sdpMid: 'second' } },
  'by-index': { title: 'its index alone', init: { sdpMLineIndex: 1 } },
  'by-mid-against-index': {
    title: 'its mid, against the index of another',
    init: { sdpMid: 'second', sdpMLineIndex: 0 },
  },
  'by-mid-against-no-index': {
    title: 'its mid, against an index that is not there',
    init: { sdpMid: 'second', sdpMLineIndex: 7 },
  },
} as const;

/** What is put into `remoteDescription`, by m-line, of an offer whose second m-line has the mid `second`. */
const places = {
  candidate: {
    candidate: 'candidate:1 1 udp 2113937151 127.0.0.1 50007 typ host',
    line: 'a=candidate:1 1 udp',
  },
  end: { candidate: '', line: 'a=end-of-candidates' },
} as const;

for (const [what, { candidate, line }] of Object.entries(places)) {
  for (const [name, { title, init }] of Object.entries(named)) {
    // that the mid wins is asked of candidates only
    if (what === 'end' && Object.keys(init).length > 1) continue;
    single(
      {
        ...common,
        id: `connection/add-candidate/${what}-${name}`,
        title: `${what === 'end' ? 'The end of candidates' : 'A candidate'} for the m-line of ${title}`,
        asks: `Is it taken for the second of two m-lines where it names that by ${title}, and does remoteDescription have it there, and only there?`,
      },
      async ({ peer }) => {
        const counts = await peer.run(countsAfter, { args: [{ ...init, candidate }], line });
        expect(counts, 'how often each m-line of remoteDescription has it').to.deep.equal([0, 1]);
      },
    );
  }
}

for (const [name, args, title] of [
  ['end-null', [null], 'addIceCandidate(null)'],
  ['end-no-argument', [], 'addIceCandidate()'],
] as const) {
  single(
    {
      ...common,
      id: `connection/add-candidate/${name}`,
      title: `The end of candidates by ${title}`,
      asks: 'Does it end the candidates of every m-line, and does remoteDescription say so?',
    },
    async ({ peer }) => {
      const counts = await peer.run(countsAfter, { args, line: places.end.line });
      expect(counts, 'how often each m-line of remoteDescription has it').to.deep.equal([1, 1]);
    },
  );
}

/**
 * Gives a connection an offer of two m-lines, whose mids are `first` and `second`, and then what addIceCandidate takes;
 * returns how often each m-line of remoteDescription then has a line.
 */
async function countsAfter(
  agent: Agent,
  { args, line }: { args: readonly [(RTCIceCandidateInit | null)?]; line: string },
): Promise<number[]> {
  const { a, b } = agent.unobserved(() => agent.localPair(window));
  a.addTransceiver('audio');
  a.createDataChannel('data');
  const mids = ['first', 'second'];
  const { sdp = '' } = await a.createOffer();
  let at = 0;
  const renamed = sdp
    .replaceAll(/^a=mid:.*$/gm, () => `a=mid:${mids[at++] ?? ''}`)
    .replace(/^a=group:BUNDLE .*$/m, `a=group:BUNDLE ${mids.join(' ')}`);
  await b.setRemoteDescription({ type: 'offer', sdp: renamed });
  await b.addIceCandidate(...args);
  const lines = (b.remoteDescription?.sdp ?? '').split(/^(?=m=)/m).slice(1);
  a.close();
  b.close();
  return lines.map((text) => text.split('\r\n').filter((each) => each.toLowerCase().startsWith(line)).length);
}

single(
  {
    ...common,
    id: 'connection/add-candidate/stopped-m-line',
    title: 'A candidate for an m-line that was refused',
    asks: 'Is a candidate for an m-line whose transceiver is stopped passed over without an error, and does the other m-line connect?',
  },
  async ({ peer }) => {
    const came = await peer.run(async (agent, candidate) => {
      const { a, b, negotiate, until } = agent.unobserved(() => agent.localPair(window));
      a.addTransceiver('audio');
      const refused = a.addTransceiver('video');
      await negotiate((answer) => {
        const mid = /^m=video[^]*?^a=mid:(\S+)/m.exec(answer)?.[1] ?? '';
        return answer
          .replace(/^m=video \d+/m, 'm=video 0')
          .replace(new RegExp(`^(a=group:BUNDLE.*) ${mid}\\r`, 'm'), '$1\r');
      });
      const direction = refused.currentDirection;
      const thrown = await a.addIceCandidate({ candidate, sdpMLineIndex: 1 }).then(
        () => 'nothing',
        (error: unknown) =>
          error instanceof DOMException ? `${error.name}: ${error.message}` : String(error),
      );
      const connected = await until('the two to be connected', () => a.connectionState === 'connected');
      a.close();
      b.close();
      return { thrown, direction, connected };
    }, wrong);
    expect(came.direction, 'currentDirection of what was refused').to.equal('stopped');
    expect(came.thrown, 'what is thrown').to.equal('nothing');
    expect(came.connected, 'whether the two connect').to.equal(true);
  },
);

for (const [name, isOver, title, asks] of [
  [
    'two-generations',
    false,
    'Candidates of two generations',
    'While the offer of an ICE restart waits for its answer, is a candidate of either generation taken into its own description?',
  ],
  [
    'generation-over',
    true,
    'A candidate of a generation that is over',
    'Once an ICE restart is answered, is a candidate of the generation before kept out of remoteDescription, and are the two still connected?',
  ],
] as const) {
  single(
    {
      ...common,
      id: `connection/add-candidate/${name}`,
      title,
      asks,
      specs: [...common.specs, webrtc('dom-rtcpeerconnection-restartice')],
    },
    async ({ peer }) => {
      const came = await peer.run(async (agent, over) => {
        const { a, b, negotiate, until } = agent.unobserved(() => agent.localPair(window));
        a.createDataChannel('data');
        await negotiate();
        await until('the two to be connected', () => b.connectionState === 'connected');
        const ufragOf = (description: RTCSessionDescription | null) =>
          /^a=ice-ufrag:(\S+)/m.exec(description?.sdp ?? '')?.[1] ?? '';
        const first = ufragOf(b.remoteDescription);
        a.restartIce();
        await a.setLocalDescription();
        if (a.localDescription) await b.setRemoteDescription(a.localDescription);
        const second = ufragOf(b.remoteDescription);
        if (over) {
          await b.setLocalDescription();
          if (b.localDescription) await a.setRemoteDescription(b.localDescription);
        }
        const thrown: string[] = [];
        for (const [port, usernameFragment] of [
          [50_001, first],
          [50_002, second],
        ] as const) {
          const candidate = `candidate:1 1 udp 2113937151 127.0.0.1 ${String(port)} typ host`;
          const error: unknown = await b
            .addIceCandidate({ candidate, sdpMLineIndex: 0, usernameFragment })
            .catch((error: unknown) => error);
          thrown.push(error instanceof DOMException ? error.name : 'nothing');
        }
        const portsIn = (description: RTCSessionDescription | null) =>
          [...(description?.sdp ?? '').matchAll(/^a=candidate:.* 127\.0\.0\.1 (\d+) typ/gm)].map(([, port]) =>
            Number(port),
          );
        const ports = {
          current: portsIn(b.currentRemoteDescription),
          pending: portsIn(b.pendingRemoteDescription),
        };
        if (!over) {
          await b.setLocalDescription();
          if (b.localDescription) await a.setRemoteDescription(b.localDescription);
        }
        const connected = await until('the two to be connected', () => b.connectionState === 'connected');
        a.close();
        b.close();
        return { differ: first !== second, thrown, ports, connected };
      }, isOver);
      expect(came.differ, 'whether the generations differ').to.equal(true);
      expect(came.connected, 'whether the two are connected').to.equal(true);
      // the specification leaves open whether what is over is still that of a description that was applied
      const due = isOver ? ['nothing', 'OperationError'] : ['nothing'];
      expect(due, 'what is thrown for the first generation').to.include(came.thrown[0]);
      expect(came.thrown[1], 'what is thrown for the second').to.equal('nothing');
      expect(came.ports, 'ports in the remote descriptions').to.deep.equal(
        isOver ? { current: [50_002], pending: [] } : { current: [50_001], pending: [50_002] },
      );
    },
  );
}

for (const [name, title, asks, due] of [
  [
    'end-said',
    'The end of candidates in localDescription',
    'Does localDescription say a=end-of-candidates once gathering is complete?',
    { lines: 1 },
  ],
  [
    'end-event',
    'The end of candidates as events',
    'Does icecandidate tell an empty candidate for the m-line, and then null, once gathering is complete?',
    { told: ['of m-line 0', 'null'] },
  ],
] as const) {
  single(
    {
      ...common,
      id: `connection/add-candidate/${name}`,
      title,
      asks,
      specs: [webrtc('rtcicetransport'), webrtc('rtcpeerconnectioniceevent')],
    },
    async ({ peer }) => {
      const came = await peer.run(async (agent) => {
        const { a, b, until } = agent.unobserved(() => agent.localPair(window));
        const told: string[] = [];
        a.addEventListener('icecandidate', ({ candidate }) => {
          if (candidate === null) told.push('null');
          else if (candidate.candidate === '') told.push(`of m-line ${String(candidate.sdpMLineIndex)}`);
        });
        a.createDataChannel('data');
        await a.setLocalDescription();
        await until('gathering to be complete', () => told.includes('null'));
        const sdp = a.localDescription?.sdp ?? '';
        a.close();
        b.close();
        return { told, lines: sdp.match(/^a=end-of-candidates/gm)?.length ?? 0 };
      });
      expect(came, 'the end of candidates').to.deep.include(due);
    },
  );
}
