/* oxlint-disable typescript/unbound-method -- a fault calls what it replaces by Reflect.apply, with its own `this` */
import { rewriteLines } from '../breakages/sdp.ts';
import { failing } from '../breakages/states.ts';
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
