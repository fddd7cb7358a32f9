/* oxlint-disable typescript/unbound-method -- a fault calls what it replaces by Reflect.apply, with its own `this` */
import { rewriteText } from '../breakages/data.ts';
import { loseCandidates, refuse, rewriteLines } from '../breakages/sdp.ts';
import { failing, lying } from '../breakages/states.ts';
import { fault } from '../fault.ts';

fault({
  scenario: 'connection/trickle/on',
  name: 'candidates are thrown away',
  on: 'answerer',
  page: () => {
    RTCPeerConnection.prototype.addIceCandidate = () => Promise.resolve();
    Object.defineProperty(RTCPeerConnection.prototype, 'onicecandidate', { value: null });
    const { addEventListener } = EventTarget.prototype;
    RTCPeerConnection.prototype.addEventListener = function (type: string, ...rest: [EventListener]) {
      if (type !== 'icecandidate') Reflect.apply(addEventListener, this, [type, ...rest]);
    };
  },
  expect: { status: 'timeout', phase: 'ice', reason: /waited \d+ ms for the connection/ },
});

fault({
  scenario: 'connection/trickle/off',
  name: 'the description carries no candidates',
  on: 'offerer',
  page: () => {
    const description = Object.getOwnPropertyDescriptor(RTCPeerConnection.prototype, 'localDescription');
    Object.defineProperty(RTCPeerConnection.prototype, 'localDescription', {
      get(this: RTCPeerConnection) {
        const value = description?.get?.call(this) as RTCSessionDescription | null;
        return value && { type: value.type, sdp: value.sdp.replaceAll(/^a=candidate:.*\r\n/gm, '') };
      },
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /candidates in the offer/ },
});

for (const [scenario, on] of [
  ['offerer-alone', 'answerer'],
  ['answerer-alone', 'offerer'],
] as const) {
  fault({
    scenario: `connection/trickle/${scenario}`,
    name: 'candidates are swallowed',
    on,
    page: () => {
      RTCPeerConnection.prototype.addIceCandidate = () => Promise.resolve();
    },
    expect: { status: 'timeout', phase: 'ice', reason: /waited \d+ ms for (?:the connection|data channel)/ },
  });
}

for (const [side, other] of [
  ['offerer', 'answerer'],
  ['answerer', 'offerer'],
] as const) {
  for (const [on, at, name] of [
    [side, 'said', 'its localDescription has no candidates'],
    [other, 'heard', 'candidates of a description are swallowed'],
  ] as const) {
    fault({
      scenario: `connection/trickle/off-${side}-alone`,
      name,
      on,
      page: rewriteLines,
      arg: { at, from: '^a=candidate:.*\\r\\n' },
      expect: {
        status: 'timeout',
        phase: 'ice',
        reason: /waited \d+ ms for (?:the connection|data channel)/,
      },
    });
  }
}

fault({
  scenario: 'connection/trickle/ahead',
  name: 'the answerer refuses the offer in secret',
  on: 'answerer',
  page: () => {
    // only an offer from another page: the probe sets those of its own
    const { setLocalDescription, setRemoteDescription } = RTCPeerConnection.prototype;
    const here: RTCPeerConnection[] = [];
    const sessionOf = (sdp = ''): string | undefined => /^o=\S+ (\d+)/m.exec(sdp)?.[1];
    RTCPeerConnection.prototype.setLocalDescription = function (...description: []) {
      here.push(this);
      return Reflect.apply(setLocalDescription, this, description);
    };
    RTCPeerConnection.prototype.setRemoteDescription = function (description) {
      const { type, sdp } = description;
      const isOwn = here.some((pc) => sessionOf(pc.localDescription?.sdp) === sessionOf(sdp));
      if (type === 'offer' && !isOwn)
        return Promise.reject(new DOMException('no, thank you', 'OperationError'));
      return Reflect.apply(setRemoteDescription, this, [description]);
    };
  },
  expect: {
    status: 'fail',
    phase: 'sdp',
    reason:
      /seen at the answerer \(chromium\): setRemoteDescription\(offer\): OperationError: no, thank you \(that description was made by the offerer, chromium\)/,
  },
  // without being told, the offerer would wait this long for its answer
  timeoutMs: 50_000,
});

fault({
  scenario: 'connection/trickle/on',
  name: 'the answerer refuses a candidate in secret, and the call is there all the same',
  on: 'answerer',
  page: () => {
    const { addIceCandidate } = RTCPeerConnection.prototype;
    let taken = 0;
    RTCPeerConnection.prototype.addIceCandidate = function (candidate) {
      taken += 1;
      if (taken > 1) return Promise.reject(new DOMException('one is enough', 'OperationError'));
      return Reflect.apply(addIceCandidate, this, [candidate]);
    };
  },
  expect: { status: 'fail', phase: 'sdp', reason: /seen at the answerer.*addIceCandidate\(.*one is enough/ },
});

fault({
  scenario: 'connection/trickle/off',
  name: 'the offerer hangs before it offers, and the answerer is asked for first',
  on: 'offerer',
  page: () => {
    const { createOffer } = RTCPeerConnection.prototype;
    RTCPeerConnection.prototype.createOffer = async function (...options: []) {
      const offer = await Reflect.apply(createOffer, this, options);
      Object.defineProperty(this, 'iceGatheringState', { value: 'gathering' });
      return offer;
    };
  },
  expect: {
    status: 'timeout',
    phase: 'ice',
    reason: /seen at the offerer \(chromium\): waited \d+ ms for ICE gathering to complete/,
  },
});

for (const [on, at] of [
  ['offerer', 'the answer'],
  ['answerer', 'the offer'],
] as const) {
  fault({
    scenario: 'connection/trickle/off',
    name: `the ${on} does not read the candidates of ${at}`,
    on,
    page: rewriteLines,
    arg: { at: 'heard', from: '^a=candidate:.*\\r\\n' },
    expect: {
      status: 'fail',
      phase: 'assert',
      reason: new RegExp(`the type of the candidate that the ${on} uses.*prflx`, 's'),
    },
  });
}

fault({
  scenario: 'connection/trickle/on',
  name: 'createOffer never settles',
  on: 'offerer',
  // only on the scenario's connection: the probe makes offers, too
  page: (kit) => {
    const { prototype } = RTCPeerConnection;
    const mute = new WeakSet<RTCPeerConnection>();
    kit.wrap(prototype, 'createDataChannel', (pc, [label, ...rest]: [string, ...unknown[]], create) => {
      if (label === 'proof') mute.add(pc);
      return create(label, ...rest);
    });
    kit.wrap(prototype, 'createOffer', (pc, args: unknown[], create) => {
      if (!mute.has(pc)) return create(...args);
      kit.bit();
      return new Promise(() => undefined);
    });
  },
  expect: { status: 'timeout', phase: 'sdp', reason: /waited \d+ ms for createOffer to settle/ },
});

for (const [scenario, name] of [
  ['on', 'createAnswer'],
  ['on', 'setRemoteDescription'],
  // where the answerer sends candidates, too, the call would be there before addIceCandidate settles
  ['offerer-alone', 'addIceCandidate'],
] as const) {
  fault({
    scenario: `connection/trickle/${scenario}`,
    name: `${name} settles 3 s late`,
    on: 'answerer',
    page: failing,
    arg: { on: 'RTCPeerConnection', name, how: 'late' },
    expect: {
      status: 'fail',
      phase: 'assert',
      reason: new RegExp(`milliseconds for ${name}.* at the answerer`, 's'),
    },
    // each candidate is late, one after the other
    timeoutMs: 40_000,
  });
}

fault({
  scenario: 'connection/trickle/on',
  name: 'setRemoteDescription settles before it is done',
  on: 'offerer',
  page: failing,
  arg: { on: 'RTCPeerConnection', name: 'setRemoteDescription', how: 'early' },
  expect: {
    status: 'fail',
    phase: 'sdp',
    reason: /setRemoteDescription\(answer\): Error: settled in the signaling state have-local-offer/,
  },
});

fault({
  scenario: 'connection/trickle/late',
  name: 'the offerer says that it is connected before any candidate has come',
  on: 'offerer',
  page: lying,
  arg: { on: 'RTCPeerConnection', name: 'connectionState', value: 'connected' },
  expect: { status: 'fail', phase: 'assert', reason: /time to connect, in ms: expected \S+ to be at least/ },
});

for (const name of ['late', 'lost']) {
  fault({
    scenario: `connection/trickle/${name}`,
    name: 'candidates are swallowed as they come',
    on: 'both',
    page: loseCandidates,
    arg: { at: 'heard' },
    expect: { status: 'timeout', phase: 'ice', reason: /waited \d+ ms for the connection/ },
    timeoutMs: 6000,
  });
}

fault({
  scenario: 'connection/trickle/reversed',
  name: 'no UDP candidate is taken once there is one over TCP',
  on: 'answerer',
  page: (kit) => {
    let isOver = false;
    kit.wrap(RTCPeerConnection.prototype, 'addIceCandidate', (_, [given]: [RTCIceCandidateInit], add) => {
      const { candidate = '' } = given;
      if (isOver && / udp /i.test(candidate)) {
        kit.bit();
        return Promise.reject(new DOMException('too late', 'OperationError'));
      }
      isOver ||= / tcp /i.test(candidate);
      return add(given);
    });
  },
  expect: { status: 'fail', phase: 'sdp', reason: /seen at the answerer.*addIceCandidate\(.*too late/ },
});

fault({
  scenario: 'connection/trickle/doubled',
  name: 'no candidate is taken twice',
  on: 'answerer',
  page: (kit) => {
    const taken = new Set<string>();
    kit.wrap(RTCPeerConnection.prototype, 'addIceCandidate', (_, [given]: [RTCIceCandidateInit], add) => {
      const { candidate = '' } = given;
      if (taken.has(candidate)) {
        kit.bit();
        return Promise.reject(new DOMException('known already', 'OperationError'));
      }
      taken.add(candidate);
      return add(given);
    });
  },
  expect: { status: 'fail', phase: 'sdp', reason: /seen at the answerer.*addIceCandidate\(.*known already/ },
});

for (const [name, how] of [
  ['ended-null', 'null'],
  ['ended-no-argument', 'nothing'],
  ['ended-empty', 'empty'],
] as const) {
  fault({
    scenario: `connection/trickle/${name}`,
    name: 'that end of candidates is refused',
    on: 'answerer',
    page: (kit, { isEnd }: { isEnd: 'null' | 'nothing' | 'empty' }) =>
      kit.wrap(
        RTCPeerConnection.prototype,
        'addIceCandidate',
        (_, args: [(RTCIceCandidateInit | null)?], add) => {
          const [given] = args;
          const kind =
            args.length === 0 ? 'nothing' : given === null ? 'null' : given?.candidate === '' && 'empty';
          if (kind !== isEnd) return add(...args);
          kit.bit();
          return Promise.reject(new TypeError('no candidate'));
        },
      ),
    arg: { isEnd: how },
    expect: {
      status: 'fail',
      phase: 'sdp',
      reason: /seen at the answerer.*addIceCandidate\((?:null)?\): TypeError: no candidate/,
    },
  });
}

fault({
  scenario: 'connection/trickle/ended-never',
  name: 'candidates are kept until they end',
  on: 'both',
  page: (kit) => {
    const kept: RTCIceCandidateInit[] = [];
    kit.wrap(RTCPeerConnection.prototype, 'addIceCandidate', (_, [given]: [RTCIceCandidateInit?], add) => {
      if (given?.candidate) {
        kit.bit();
        kept.push(given);
        return Promise.resolve();
      }
      return Promise.all([...kept.splice(0), given].map((each) => add(each)));
    });
  },
  expect: { status: 'timeout', phase: 'ice', reason: /waited \d+ ms for the connection/ },
});

fault({
  scenario: 'connection/trickle/ended-in-description',
  name: 'the answerer cannot read a=end-of-candidates',
  on: 'answerer',
  page: refuse,
  arg: { containing: 'a=end-of-candidates' },
  expect: {
    status: 'fail',
    phase: 'sdp',
    reason: /seen at the answerer.*setRemoteDescription\(offer\).*cannot be read/,
  },
});

for (const side of ['offerer', 'answerer'] as const) {
  fault({
    scenario: `connection/trickle/ended-without-any-${side}`,
    name: `the ${side} gives up as soon as the candidates have ended`,
    on: side,
    page: (kit) =>
      kit.wrap(RTCPeerConnection.prototype, 'addIceCandidate', (pc, [given]: [unknown?], add) => {
        if (given !== null) return add(given);
        kit.bit();
        pc.close();
        return Promise.resolve();
      }),
    expect:
      side === 'offerer'
        ? {
            status: 'fail',
            phase: 'assert',
            reason: /the connection is closed: no use to wait for the connection/,
          }
        : {
            status: 'timeout',
            phase: 'assert',
            reason: /seen at the offerer.*waited \d+ ms for the connection/,
          },
    timeoutMs: 6000,
  });
}

for (const [name, wants] of [
  ['mid-alone', 'sdpMLineIndex'],
  ['index-alone', 'sdpMid'],
  ['mid-against-index', 'right'],
] as const) {
  fault({
    scenario: `connection/trickle/${name}`,
    name: 'such candidates are refused',
    on: 'answerer',
    page: (kit, member: string) =>
      kit.wrap(RTCPeerConnection.prototype, 'addIceCandidate', (_, [given]: [RTCIceCandidateInit], add) => {
        const is: unknown =
          member === 'right' ? given.sdpMLineIndex === 0 : Reflect.get(given, member) !== undefined;
        if (is === true) return add(given);
        kit.bit();
        return Promise.reject(new DOMException('for which m-line?', 'OperationError'));
      }),
    arg: wants,
    expect: {
      status: 'fail',
      phase: 'sdp',
      reason: /seen at the answerer.*addIceCandidate\(.*for which m-line\?/,
    },
  });

  fault({
    scenario: `connection/trickle/${name}`,
    name: 'such candidates are swallowed, and the call is there all the same',
    on: 'answerer',
    page: loseCandidates,
    arg: { at: 'heard' },
    expect: {
      status: 'fail',
      phase: 'assert',
      reason: /addresses and ports in the remoteDescription of the answerer/,
    },
  });
}

fault({
  scenario: 'connection/trickle/nonsense',
  name: 'a connection that is given nonsense is closed',
  on: 'answerer',
  page: (kit) =>
    kit.wrap(RTCPeerConnection.prototype, 'addIceCandidate', (pc, [given]: [unknown], add) => {
      if (!JSON.stringify(given).includes('wrong')) return add(given);
      kit.bit();
      pc.close();
      return Promise.resolve();
    }),
  expect: { status: 'fail', phase: 'assert', reason: /the states of the answerer/ },
});

fault({
  scenario: 'connection/trickle/nonsense',
  name: 'what is sent afterwards comes changed',
  on: 'offerer',
  page: rewriteText,
  arg: { from: '^.*afterwards$', to: 'from nowhere' },
  expect: { status: 'fail', phase: 'assert', reason: /received afterwards: .*from nowhere/ },
});

fault({
  scenario: 'connection/trickle/late-7s',
  name: 'a side gives up after four seconds',
  on: 'single',
  page: (kit) => {
    const began = new WeakMap<RTCPeerConnection, number>();
    kit.property(RTCPeerConnection.prototype, 'connectionState', {
      get: (pc, state) => {
        const since = began.get(pc) ?? performance.now();
        began.set(pc, since);
        if (performance.now() - since < 4000) return state;
        kit.bit();
        return 'failed';
      },
    });
  },
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /connectionState of both before any candidate has come: .*'failed'/,
  },
  timeoutMs: 12_000,
});

fault({
  scenario: 'connection/trickle/late-7s',
  name: 'late candidates are swallowed',
  on: 'single',
  page: loseCandidates,
  arg: { at: 'heard' },
  expect: { status: 'timeout', phase: 'ice', reason: /both sides to be connected, or either to fail/ },
  timeoutMs: 12_000,
});
