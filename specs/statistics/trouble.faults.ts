import { claimed } from '../breakages/statistics.ts';
import { fault } from '../fault.ts';
import { absentClaim, falseClaim, scaledClaim } from './lies.ts';

const timeoutMs = 20_000;

for (const [name, on, type, member, by] of [
  ['concealed', 'answerer', 'inbound-rtp', 'concealedSamples', 3],
  ['concealed', 'answerer', 'inbound-rtp', 'concealedSamples', 0.001],
  ['concealed', 'answerer', 'inbound-rtp', 'concealmentEvents', 3],
  ['frozen', 'answerer', 'inbound-rtp', 'freezeCount', 2],
  ['frozen', 'answerer', 'inbound-rtp', 'totalFreezesDuration', 1000],
  ['limited', 'offerer', 'outbound-rtp', 'targetBitrate', 8],
  ['limited', 'offerer', 'candidate-pair', 'availableOutgoingBitrate', 8],
  ['none', 'offerer', 'outbound-rtp', 'framesPerSecond', 5],
  ['none', 'answerer', 'inbound-rtp', 'framesPerSecond', 0.1],
  ['late', 'answerer', 'inbound-rtp', 'packetsDiscarded', 2],
  ['dropped', 'answerer', 'inbound-rtp', 'framesReceived', 2],
  ['dropped', 'answerer', 'inbound-rtp', 'framesDropped', 2],
] as const)
  scaledClaim(`statistics/trouble/${name}`, on, type, member, by, timeoutMs);

for (const [name, value] of [
  ['limited', 'cpu'],
  ['none', 'bandwidth'],
] as const) {
  fault({
    scenario: `statistics/trouble/${name}`,
    name: `it is ${value} that limits quality`,
    on: 'offerer',
    page: claimed,
    arg: { types: ['outbound-rtp'], members: ['qualityLimitationReason'], value },
    expect: {
      status: 'fail',
      phase: 'assert',
      reason: new RegExp(`outbound-rtp\\.qualityLimitationReason is "${value}", not`),
    },
    timeoutMs,
  });
}

absentClaim('statistics/trouble/late', 'answerer', 'inbound-rtp', 'packetsDiscarded', timeoutMs);
falseClaim('statistics/trouble/late', 'answerer', 'inbound-rtp', 'packetsLost', 6, timeoutMs);
