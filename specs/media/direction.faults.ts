import { missing, twice } from '../breakages/events.ts';
import { forceDirection } from '../breakages/senders.ts';
import { fault } from '../fault.ts';

const scenario = (name: string) => `media/direction/${name}`;
const timeoutMs = 15_000;

for (const [offered, forced] of [
  ['sendrecv', 'sendonly'],
  ['sendonly', 'sendrecv'],
  ['recvonly', 'inactive'],
  ['inactive', 'recvonly'],
] as const) {
  fault({
    scenario: scenario(`offered-${offered}`),
    name: `the offer says ${forced} instead`,
    on: 'offerer',
    page: forceDirection,
    arg: { direction: forced },
    expect: { status: 'fail', phase: 'assert', reason: /currentDirection at the \w+, answered as/ },
    timeoutMs,
  });
}

fault({
  scenario: scenario('offered-inactive'),
  name: 'both sides call inactive what goes on',
  on: 'both',
  page: (kit) => {
    kit.property(RTCRtpTransceiver.prototype, 'direction', {
      set(_, value, write) {
        if (value !== 'sendrecv') kit.bit();
        write('sendrecv');
      },
    });
    kit.property(RTCRtpTransceiver.prototype, 'currentDirection', { get: () => 'inactive' });
  },
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /frames to the \w+, answered as sendrecv: expected \d+ to equal \+?0/,
  },
  timeoutMs,
});

fault({
  scenario: scenario('ten-holds'),
  name: 'no mute is told',
  on: 'answerer',
  page: missing,
  arg: { on: 'MediaStreamTrack', type: 'mute' },
  expect: { status: 'timeout', phase: 'assert', reason: /"mute" of track/ },
  timeoutMs: 6000,
});

fault({
  scenario: scenario('ten-holds'),
  name: 'every mute is told twice',
  on: 'answerer',
  page: twice,
  arg: { on: 'MediaStreamTrack', type: 'mute' },
  expect: { status: 'fail', phase: 'assert', reason: /the events of the received track/ },
  timeoutMs,
});

fault({
  scenario: scenario('twenty-tones'),
  name: 'each transceiver sends the tone of the one before it',
  on: 'offerer',
  page: (kit) => {
    let last: unknown;
    kit.wrap(RTCPeerConnection.prototype, 'addTransceiver', (_, [track, ...rest]: unknown[], add) => {
      const before = last ?? track;
      if (before !== track) kit.bit();
      last = track;
      return add(before, ...rest);
    });
  },
  // five wait at once, for as long, and any of them may be the first to give up
  expect: { status: 'timeout', phase: 'media', reason: /for a tone of (?!440 )\d+ Hz/ },
  timeoutMs,
});

for (const [by, when] of [
  ['offerer', 'before-answer'],
  ['answerer', 'before-answer'],
  ['answerer', 'after-answer'],
] as const) {
  fault({
    scenario: scenario(`stopped-by-${by}-${when}`),
    name: 'stop() only takes the direction back',
    on: by,
    page: (kit) =>
      kit.wrap(RTCRtpTransceiver.prototype, 'stop', (transceiver) => {
        kit.bit();
        transceiver.direction = 'inactive';
      }),
    expect: { status: 'fail', phase: 'assert', reason: /the stopped transceiver at the/ },
    timeoutMs,
  });
}
