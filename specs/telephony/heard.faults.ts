import { dtmf } from '../breakages/senders.ts';
import { fault } from '../fault.ts';

const timeoutMs = 12_000;

for (const [codec, how, reason] of [
  ['pcmu', 'first-lost', /the keys that the answerer heard/],
  ['opus', 'other', /the keys that the answerer heard/],
] as const) {
  fault({
    scenario: `telephony/heard/${codec}`,
    name: `what is dialled is ${how}`,
    on: 'offerer',
    page: dtmf,
    arg: { how },
    expect: { status: 'fail', phase: 'assert', reason },
    timeoutMs,
  });
}

fault({
  scenario: 'telephony/heard/g722',
  name: 'keys last 150 ms, whatever is asked for',
  on: 'offerer',
  page: (kit) =>
    kit.wrap(RTCDTMFSender.prototype, 'insertDTMF', (_, [tones]: [string], insert) => {
      kit.bit();
      return insert(tones, 150);
    }),
  expect: { status: 'fail', phase: 'assert', reason: /length of a key, in ms/ },
  timeoutMs,
});
