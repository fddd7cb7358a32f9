import { fault, type Fault } from '../fault.ts';
import { adapterIsAbsent, somethingIsCalledAdapter } from './breakages.ts';
import { callKinds } from './calls.ts';

fault({
  scenario: 'adapter/negotiation/offerer-shimmed-answerer-native',
  name: 'adapter.js did not load',
  on: 'offerer',
  page: adapterIsAbsent,
  expect: { status: 'fail', phase: 'assert', reason: /what adapter detected on the offering side/ },
});

fault({
  scenario: 'adapter/negotiation/offerer-shimmed-answerer-native',
  name: 'the answering side is shimmed too',
  on: 'answerer',
  page: () => {
    Reflect.set(globalThis, 'adapter', {});
  },
  expect: { status: 'fail', phase: 'assert', reason: /adapter on the answering side/ },
});

/** Which sides have adapter is checked, not taken for granted. */
const presence = [
  {
    combination: 'native',
    on: 'offerer',
    name: 'the offerer has an adapter',
    page: somethingIsCalledAdapter,
  },
  { combination: 'offerer-shimmed', on: 'offerer', name: 'adapter did not load', page: adapterIsAbsent },
  { combination: 'answerer-shimmed', on: 'answerer', name: 'adapter did not load', page: adapterIsAbsent },
  { combination: 'both-shimmed', on: 'answerer', name: 'adapter did not load', page: adapterIsAbsent },
] as const;

for (const kind of callKinds) {
  for (const { combination, on, name, page } of presence) {
    fault({
      scenario: `adapter/negotiation/${kind.name}-${combination}`,
      name: `${name} on the ${on}`,
      on,
      timeoutMs: 20_000,
      page,
      expect: { status: 'fail', phase: 'assert', reason: new RegExp(`adapter on the ${on}`) },
    });
  }
}

/** What each kind of call relies on, broken with adapter or without. */
const broken: readonly Omit<Fault, 'scenario'>[] = [
  {
    name: 'audio-video-data',
    on: 'offerer',
    page: () => {
      CanvasRenderingContext2D.prototype.fillRect = () => undefined;
    },
    expect: { status: 'timeout', phase: 'media', reason: /3 new frames/ },
  },
  {
    name: 'track-later',
    on: 'offerer',
    page: () => {
      RTCPeerConnection.prototype.addTrack = function () {
        return this.addTransceiver('audio').sender;
      };
    },
    expect: { status: 'timeout', phase: 'media', reason: /a video track from the other side/ },
  },
  {
    name: 'message-limit',
    on: 'offerer',
    page: (kit) => kit.changeSent((data) => (typeof data === 'string' ? data.slice(1) : data)),
    expect: { status: 'fail', phase: 'assert', reason: /the message at the limit/ },
  },
  {
    name: 'dtmf',
    on: 'offerer',
    page: () => {
      RTCDTMFSender.prototype.insertDTMF = () => undefined;
    },
    expect: { status: 'fail', phase: 'assert', reason: /the tones that wait to be sent/ },
  },
  {
    name: 'ice-restart',
    on: 'offerer',
    page: () => {
      const native: unknown = Reflect.get(RTCPeerConnection.prototype, 'createOffer');
      Reflect.set(RTCPeerConnection.prototype, 'createOffer', function (this: RTCPeerConnection): unknown {
        return typeof native === 'function' ? Reflect.apply(native, this, []) : undefined;
      });
    },
    expect: { status: 'fail', phase: 'assert', reason: /different username fragments of each side/ },
  },
  {
    name: 'perfect-negotiation',
    on: 'answerer',
    page: () => {
      const native: unknown = Reflect.get(RTCPeerConnection.prototype, 'setRemoteDescription');
      Reflect.set(
        RTCPeerConnection.prototype,
        'setRemoteDescription',
        function (this: RTCPeerConnection, ...args: unknown[]): unknown {
          const [description] = args;
          const isOffer = description instanceof Object && Reflect.get(description, 'type') === 'offer';
          if (isOffer && this.signalingState === 'have-local-offer')
            return Promise.reject(new Error('no rollback'));
          return typeof native === 'function' ? Reflect.apply(native, this, args) : undefined;
        },
      );
    },
    timeoutMs: 4000,
    expect: { status: 'timeout', phase: 'sdp', reason: /a second offer of the polite side/ },
  },
];

for (const { name, ...fields } of broken) {
  fault({
    ...fields,
    scenario: `adapter/negotiation/${name}-native`,
    name: `what ${name} relies on is broken`,
  });
}

/** An adapter that breaks one method, for a kind of call that needs it; the other combinations and kinds still work. */
const patched: readonly Omit<Fault, 'on'>[] = [
  {
    scenario: 'audio-video-data-both-shimmed',
    name: 'adapter breaks addTrack',
    timeoutMs: 12_000,
    page: () => {
      RTCPeerConnection.prototype.addTrack = () => {
        throw new TypeError('patched');
      };
    },
    spares: ['audio-video-data-native', 'audio-video-data-answerer-shimmed', 'message-limit-both-shimmed'],
    expect: { status: 'fail', phase: 'assert', reason: /works without adapter, fails with it:.*patched/ },
  },
  {
    scenario: 'track-later-offerer-shimmed',
    name: 'adapter makes addTrack receive only',
    timeoutMs: 8000,
    page: () => {
      RTCPeerConnection.prototype.addTrack = function ({ kind }) {
        return this.addTransceiver(kind, { direction: 'recvonly' }).sender;
      };
    },
    expect: {
      status: 'fail',
      phase: 'assert',
      reason: /works without adapter, fails with it:.*a video track/,
    },
  },
  {
    scenario: 'message-limit-offerer-shimmed',
    name: 'adapter cuts messages short',
    page: (kit) => kit.changeSent((data) => (typeof data === 'string' ? data.slice(1) : data)),
    expect: {
      status: 'fail',
      phase: 'assert',
      reason: /works without adapter, fails with it: the message at/,
    },
  },
  {
    scenario: 'dtmf-both-shimmed',
    name: 'adapter takes insertDTMF away',
    page: () => {
      RTCDTMFSender.prototype.insertDTMF = () => undefined;
    },
    expect: { status: 'fail', phase: 'assert', reason: /works without adapter, fails with it: the tones/ },
  },
  {
    scenario: 'ice-restart-offerer-shimmed',
    name: 'adapter drops the options of createOffer',
    page: () => {
      const native: unknown = Reflect.get(RTCPeerConnection.prototype, 'createOffer');
      Reflect.set(RTCPeerConnection.prototype, 'createOffer', function (this: RTCPeerConnection): unknown {
        return typeof native === 'function' ? Reflect.apply(native, this, []) : undefined;
      });
    },
    spares: ['ice-restart-answerer-shimmed', 'track-later-offerer-shimmed'],
    expect: { status: 'fail', phase: 'assert', reason: /works without adapter, fails with it:.*fragments/ },
  },
];

const inCalls = (name: string): string => `adapter/negotiation/${name}`;

for (const { scenario, spares = [], ...fields } of patched) {
  fault({
    timeoutMs: 10_000,
    ...fields,
    scenario: inCalls(scenario),
    spares: spares.map(inCalls),
    on: 'offerer',
    afterAdapter: true,
  });
}
