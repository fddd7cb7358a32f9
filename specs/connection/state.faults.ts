import { missing } from '../breakages/events.ts';
import { lying } from '../breakages/states.ts';
import { fault } from '../fault.ts';

for (const [type, state] of [
  ['signalingstatechange', 'signalingState'],
  ['icegatheringstatechange', 'iceGatheringState'],
  ['iceconnectionstatechange', 'iceConnectionState'],
  ['connectionstatechange', 'connectionState'],
] as const) {
  fault({
    scenario: 'connection/state/set-up',
    name: `the first ${type} does not come`,
    on: 'answerer',
    page: missing,
    arg: { on: 'RTCPeerConnection', type, nth: 1 },
    expect: { status: 'fail', phase: 'assert', reason: new RegExp(`${state} at the answerer`) },
  });
}

for (const [side, other] of [
  ['offerer', 'answerer'],
  ['answerer', 'offerer'],
] as const) {
  fault({
    scenario: `connection/state/${side}-closes`,
    name: 'it tells that it is closed',
    on: side,
    pair: ['firefox', 'firefox'],
    page: (kit) =>
      kit.wrap(RTCPeerConnection.prototype, 'close', (pc, args: [], close) => {
        close(...args);
        kit.bit();
        pc.dispatchEvent(new Event('connectionstatechange'));
      }),
    expect: { status: 'fail', phase: 'assert', reason: new RegExp(`what the ${side} told of its own close`) },
  });

  fault({
    scenario: `connection/state/${side}-closes`,
    name: `the ${other} is told nothing`,
    on: side,
    pair: ['firefox', 'firefox'],
    page: (kit) => {
      kit.wrap(RTCPeerConnection.prototype, 'close', (pc) => {
        kit.bit();
        for (const state of ['signalingState', 'iceConnectionState', 'connectionState'])
          Object.defineProperty(pc, state, { value: 'closed' });
      });
    },
    expect: {
      status: 'timeout',
      phase: 'sctp',
      reason: new RegExp(`seen at the ${other} .*the channel to be closed`),
    },
  });
}

for (const [type, state] of [
  ['iceconnectionstatechange', 'iceConnectionState'],
  ['connectionstatechange', 'connectionState'],
] as const) {
  fault({
    scenario: 'connection/state/lost-and-back',
    name: `${type} does not tell of the loss`,
    on: 'answerer',
    page: missing,
    arg: { on: 'RTCPeerConnection', type, nth: 3 },
    expect: { status: 'fail', phase: 'assert', reason: new RegExp(`${state} at the answerer`) },
    timeoutMs: 30_000,
  });
}

fault({
  scenario: 'connection/state/lost-and-back',
  name: 'the offerer says that it is connected all the while',
  on: 'offerer',
  page: lying,
  arg: { on: 'RTCPeerConnection', name: 'connectionState', value: 'connected', instead: 'disconnected' },
  expect: {
    status: 'timeout',
    phase: 'ice',
    reason: /seen at the offerer .*the connection to be disconnected; last seen: .*connection connected/,
  },
  timeoutMs: 15_000,
});

for (const [side, other] of [
  ['offerer', 'answerer'],
  ['answerer', 'offerer'],
] as const) {
  fault({
    scenario: `connection/state/${side}-page-gone`,
    name: `the ${other} learns nothing`,
    on: other,
    page: (kit) => {
      kit.property(RTCDtlsTransport.prototype, 'state', {
        get(_, state) {
          if (state !== 'closed') return state;
          kit.bit();
          return 'connected';
        },
      });
      kit.property(RTCPeerConnection.prototype, 'iceConnectionState', {
        get: (_, state) => (state === 'disconnected' || state === 'failed' ? 'connected' : state),
      });
    },
    expect: {
      status: 'timeout',
      phase: 'dtls',
      reason: new RegExp(
        `seen at the ${other} .*the loss of the other page to be known; last seen: DTLS connected, ICE (?:connected|completed)`,
      ),
    },
    timeoutMs: 10_000,
  });

  fault({
    scenario: `connection/state/${side}-page-gone`,
    name: `the ${other} says that it is closed, too`,
    on: other,
    page: (kit) =>
      kit.property(RTCPeerConnection.prototype, 'connectionState', {
        get(pc, state) {
          if (pc.sctp?.transport.state !== 'closed') return state;
          kit.bit();
          return 'closed';
        },
      }),
    expect: {
      status: 'fail',
      phase: 'assert',
      reason: new RegExp(`signalingState and connectionState at the ${other}`),
    },
  });

  fault({
    scenario: `connection/state/${side}-page-gone`,
    name: `the channel of the ${other} does not tell that it is closed`,
    on: other,
    page: missing,
    arg: { on: 'RTCDataChannel', type: 'close' },
    expect: {
      status: 'fail',
      phase: 'assert',
      reason: new RegExp(`states of the channel at the ${other}`),
    },
  });
}

for (const side of ['offerer', 'answerer'] as const) {
  for (const name of ['unheld', 'held-by-channel']) {
    fault({
      scenario: `connection/state/${name}-at-${side}`,
      name: 'the connection is collected with the others',
      on: side,
      page: (kit) => {
        const all: RTCPeerConnection[] = [];
        kit.wrap(RTCPeerConnection.prototype, 'setLocalDescription', (pc, args: unknown[], set) => {
          all.push(pc);
          return set(...args);
        });
        kit.construct('FinalizationRegistry', ([cleanup]: [(held: unknown) => void], make) =>
          make((held: unknown) => {
            kit.bit();
            for (const pc of all) pc.close();
            cleanup(held);
          }),
        );
      },
      expect: {
        status: 'fail',
        phase: 'sctp',
        reason: /data channel "proof" is closed: no message comes any more/,
      },
      timeoutMs: 15_000,
    });
  }
}
