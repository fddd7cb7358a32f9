import { scalabilityOnPaper } from '../breakages/senders.ts';
import { added } from '../breakages/statistics.ts';
import { fault } from '../fault.ts';
import { falseClaim, scaledClaim } from './lies.ts';

const timeoutMs = 25_000;

for (const [codec, value] of [
  ['vp8', 'L1T3'],
  ['vp9', 'L3T3'],
  ['av1', 'L1T1'],
] as const)
  falseClaim(
    `statistics/encoder/scalability-${codec}`,
    'offerer',
    'outbound-rtp',
    'scalabilityMode',
    value,
    timeoutMs,
  );
scaledClaim(
  'statistics/encoder/scalability-vp8',
  'offerer',
  'outbound-rtp',
  'keyFramesEncoded',
  4,
  timeoutMs,
);

fault({
  scenario: 'statistics/encoder/scalability-vp9',
  name: 'the mode is named everywhere and not used',
  on: 'offerer',
  page: scalabilityOnPaper,
  arg: {},
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /the mode of the frames on the wire: expected 'L\dT\d' to equal 'L1T3'/,
  },
  timeoutMs,
});

fault({
  scenario: 'statistics/encoder/layers',
  name: 'the rids of the layers are swapped',
  on: 'offerer',
  page: (kit) =>
    kit.changeStatistics((report) => {
      for (const entry of report.values()) {
        if (entry['type'] !== 'outbound-rtp' || entry['rid'] === undefined) continue;
        entry['rid'] = entry['rid'] === 'hi' ? 'lo' : 'hi';
        kit.bit();
      }
      return report;
    }),
  expect: { status: 'fail', phase: 'assert', reason: /outbound-rtp\.rid is "lo", not hi/ },
  timeoutMs,
});
falseClaim('statistics/encoder/layers', 'offerer', 'outbound-rtp', 'active', true, timeoutMs);
falseClaim('statistics/encoder/layers', 'offerer', 'outbound-rtp', 'mid', '7', timeoutMs);
scaledClaim('statistics/encoder/layers', 'offerer', 'outbound-rtp', 'frameWidth', 0.5, timeoutMs);

fault({
  scenario: 'statistics/encoder/layers',
  name: 'the layer goes on though it is not active',
  on: 'offerer',
  page: (kit) =>
    kit.wrap(RTCRtpSender.prototype, 'setParameters', () => {
      kit.bit();
      return Promise.resolve();
    }),
  expect: { status: 'fail', phase: 'assert', reason: /frames of the layer that was stopped/ },
  timeoutMs,
});

for (const [on, type, member, value] of [
  ['offerer', 'outbound-rtp', 'encoderImplementation', 'libvpx'],
  ['answerer', 'inbound-rtp', 'decoderImplementation', ''],
  ['answerer', 'inbound-rtp', 'powerEfficientDecoder', true],
] as const)
  falseClaim('statistics/encoder/implementation', on, type, member, value, timeoutMs);

for (const [on, type, member, value] of [
  ['offerer', 'outbound-rtp', 'encoderImplementation', 'libvpx'],
  ['answerer', 'inbound-rtp', 'powerEfficientDecoder', false],
] as const) {
  fault({
    scenario: 'statistics/encoder/implementation-hidden',
    name: `${member} is told to everybody`,
    on,
    page: added,
    arg: { types: [type], members: [member], value },
    expect: {
      status: 'fail',
      phase: 'assert',
      reason: new RegExp(`what ${type} at the ${on} tells of hardware: expected \\[ '${member}' \\]`),
    },
    timeoutMs,
  });
}
