import { forgotten, stuck } from '../breakages/statistics.ts';
import { fault } from '../fault.ts';
import { scaledClaim } from './lies.ts';

const timeoutMs = 12_000;

for (const [scenario, on, type, member, by] of [
  ['sent', 'offerer', 'media-source', 'audioLevel', 2],
  ['sent', 'offerer', 'media-source', 'totalSamplesDuration', 1000],
  ['received', 'answerer', 'inbound-rtp', 'totalAudioEnergy', 1000],
  ['received', 'answerer', 'inbound-rtp', 'totalSamplesDuration', 2],
] as const)
  scaledClaim(`statistics/sound/${scenario}`, on, type, member, by, timeoutMs);

fault({
  scenario: 'statistics/sound/sent',
  name: 'media-source stands still',
  on: 'offerer',
  page: stuck,
  arg: { types: ['media-source'] },
  expect: { status: 'fail', phase: 'assert', reason: /seconds that its timestamps have risen/ },
  timeoutMs,
});

for (const [scenario, on, type, member] of [
  ['sent', 'offerer', 'media-source', 'audioLevel'],
  ['received', 'answerer', 'inbound-rtp', 'totalAudioEnergy'],
] as const) {
  fault({
    scenario: `statistics/sound/${scenario}`,
    name: `${type} forgets ${member}`,
    on,
    page: forgotten,
    arg: { types: [type], members: [member] },
    expect: { status: 'fail', phase: 'assert', reason: new RegExp(`${type}\\.${member} is absent`) },
    timeoutMs,
  });
}
