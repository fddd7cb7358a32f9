import { forgotten, scaled, stuck } from '../breakages/statistics.ts';
import { fault } from '../fault.ts';

const timeoutMs = 12_000;
const sound = 'statistics/counters/sound';

for (const [on, type, member] of [
  ['offerer', 'outbound-rtp', 'packetsSent'],
  ['offerer', 'outbound-rtp', 'bytesSent'],
  ['answerer', 'inbound-rtp', 'headerBytesReceived'],
] as const) {
  fault({
    scenario: sound,
    name: `${member} is twice as many`,
    on,
    page: scaled,
    arg: { types: [type], members: [member], by: 2 },
    expect: { status: 'fail', phase: 'assert', reason: new RegExp(`${member} at the ${on}`) },
    timeoutMs,
  });
}

fault({
  scenario: sound,
  name: 'outbound-rtp forgets headerBytesSent',
  on: 'offerer',
  page: forgotten,
  arg: { types: ['outbound-rtp'], members: ['headerBytesSent'] },
  expect: { status: 'fail', phase: 'assert', reason: /headerBytesSent of the statistics at the offerer/ },
  timeoutMs,
});

fault({
  scenario: sound,
  name: 'inbound-rtp stands still',
  on: 'answerer',
  page: stuck,
  arg: { types: ['inbound-rtp'] },
  expect: { status: 'timeout', phase: 'media', reason: /inbound-rtp to count 40 packets/ },
  timeoutMs: 4000,
});

fault({
  scenario: 'statistics/counters/lost',
  name: 'packetsLost is twice as many',
  on: 'answerer',
  page: scaled,
  arg: { types: ['inbound-rtp'], members: ['packetsLost'], by: 2 },
  expect: { status: 'fail', phase: 'assert', reason: /packetsLost at the answerer/ },
  timeoutMs: 15_000,
});
