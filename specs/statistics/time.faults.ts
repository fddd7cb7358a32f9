import { scaled } from '../breakages/statistics.ts';
import { fault } from '../fault.ts';

for (const [type, member] of [
  ['candidate-pair', 'currentRoundTripTime'],
  ['candidate-pair', 'totalRoundTripTime'],
  ['remote-inbound-rtp', 'roundTripTime'],
] as const) {
  fault({
    scenario: 'statistics/time/round-trip',
    name: `${member} of ${type} is in milliseconds`,
    on: 'offerer',
    page: scaled,
    arg: { types: [type], members: [member], by: 1000 },
    expect: {
      status: 'fail',
      phase: 'assert',
      reason: new RegExp(`${member} of (?:the )?${type.replace('-pair', ' pair')}`),
    },
    timeoutMs: 12_000,
  });
}
