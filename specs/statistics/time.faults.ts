import { scaled } from '../breakages/statistics.ts';
import { fault } from '../fault.ts';

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
