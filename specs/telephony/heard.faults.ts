import { dtmf } from '../breakages/senders.ts';
import { fault } from '../fault.ts';

const timeoutMs = 12_000;

for (const [codec, how, reason] of [
  ['pcmu', 'first-lost', /the keys that the answerer heard/],
  ['g722', 'long', /length of a key, in ms/],
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
