import { scaled } from '../breakages/statistics.ts';
import { fault } from '../fault.ts';
import { scaledClaim } from './lies.ts';

for (const [scenario, on, type, member] of [
  ['round-trip', 'offerer', 'candidate-pair', 'currentRoundTripTime'],
  ['round-trip', 'offerer', 'candidate-pair', 'totalRoundTripTime'],
  ['round-trip', 'offerer', 'remote-inbound-rtp', 'roundTripTime'],
  ['jitter', 'answerer', 'inbound-rtp', 'jitter'],
  ['jitter', 'offerer', 'remote-inbound-rtp', 'jitter'],
] as const) {
  fault({
    scenario: `statistics/time/${scenario}`,
    name: `${member} of ${type} is in milliseconds`,
    on,
    page: scaled,
    arg: { types: [type], members: [member], by: 1000 },
    expect: {
      status: 'fail',
      phase: 'assert',
      reason: new RegExp(`${type}\\.${member} is \\d+, not [\\d.]+ to [\\d.]+ s`),
    },
    timeoutMs: 15_000,
  });
}

for (const [on, type, member, by] of [
  ['offerer', 'outbound-rtp', 'totalEncodeTime', 1000],
  ['answerer', 'inbound-rtp', 'totalDecodeTime', 1000],
  ['answerer', 'inbound-rtp', 'totalProcessingDelay', 1000],
  ['answerer', 'inbound-rtp', 'totalInterFrameDelay', 0.001],
  ['answerer', 'inbound-rtp', 'totalSquaredInterFrameDelay', 1000],
] as const)
  scaledClaim('statistics/time/coding', on, type, member, by, 15_000);
