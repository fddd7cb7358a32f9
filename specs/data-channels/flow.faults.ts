import { flipBit } from '../breakages/data.ts';
import { missing, twice } from '../breakages/events.ts';
import { fault } from '../fault.ts';

const scenario = (name: string) => `data-channels/flow/${name}`;

fault({
  scenario: scenario('buffered-amount'),
  name: 'bufferedAmount counts characters instead of bytes',
  on: 'offerer',
  page: () => {
    const amount = Object.getOwnPropertyDescriptor(RTCDataChannel.prototype, 'bufferedAmount');
    Object.defineProperty(RTCDataChannel.prototype, 'bufferedAmount', {
      get(this: RTCDataChannel) {
        const value = Number(amount?.get?.call(this));
        return value > 1000 ? value - 2 : value;
      },
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /bufferedAmount after each send/ },
});

fault({
  scenario: scenario('buffered-amount'),
  name: 'bufferedAmount never falls',
  on: 'offerer',
  page: () => {
    let most = 0;
    const amount = Object.getOwnPropertyDescriptor(RTCDataChannel.prototype, 'bufferedAmount');
    Object.defineProperty(RTCDataChannel.prototype, 'bufferedAmount', {
      get(this: RTCDataChannel) {
        most = Math.max(most, Number(amount?.get?.call(this)));
        return most;
      },
    });
  },
  expect: { status: 'timeout', phase: 'sctp', reason: /bufferedAmount to fall to 0/ },
});

fault({
  scenario: scenario('low-threshold'),
  name: 'bufferedamountlow comes twice',
  on: 'offerer',
  page: twice,
  arg: { on: 'RTCDataChannel', type: 'bufferedamountlow' },
  expect: { status: 'fail', phase: 'assert', reason: /bufferedamountlow events in three crossings/ },
});

fault({
  scenario: scenario('low-threshold'),
  name: 'bufferedamountlow never comes',
  on: 'offerer',
  page: missing,
  arg: { on: 'RTCDataChannel', type: 'bufferedamountlow' },
  expect: { status: 'timeout', phase: 'sctp', reason: /bufferedamountlow, time 1/ },
});

for (const name of ['back-pressure-64-mib', 'fair-share']) {
  fault({
    scenario: scenario(name),
    name: 'one bit of one chunk is flipped',
    on: 'offerer',
    page: flipBit,
    arg: { nth: 12, at: 99, mask: 4 },
    expect: { status: 'fail', phase: 'assert', reason: /digests? of/ },
    timeoutMs: 60_000,
  });
}

fault({
  scenario: scenario('back-pressure-64-mib'),
  name: 'bufferedamountlow never comes',
  on: 'offerer',
  page: missing,
  arg: { on: 'RTCDataChannel', type: 'bufferedamountlow' },
  expect: { status: 'timeout', phase: 'sctp', reason: /the send buffer of data channel "bulk" to drain/ },
});

fault({
  scenario: scenario('round-trip-time'),
  name: 'one echo is lost',
  on: 'answerer',
  page: (kit) =>
    kit.onSend(({ data, send }) => {
      if (data === '50') kit.bit();
      else send(data);
    }),
  expect: { status: 'timeout', phase: 'sctp', reason: /echo 50/ },
});
