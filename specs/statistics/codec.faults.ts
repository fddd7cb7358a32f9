import { renamedCodec } from '../breakages/statistics.ts';
import { fault } from '../fault.ts';
import { absentClaim, falseClaim, scaledClaim } from './lies.ts';

const timeoutMs = 20_000;

for (const [scenario, on, type] of [
  ['renegotiated', 'offerer', 'outbound-rtp'],
  ['set', 'offerer', 'outbound-rtp'],
  ['set', 'answerer', 'inbound-rtp'],
] as const) {
  fault({
    scenario: `statistics/codec/${scenario}`,
    name: `codecId of ${type} stays with the first codec`,
    on,
    page: (kit, wanted) => {
      let first: Record<string, unknown> | undefined;
      kit.changeStatistics((report) => {
        for (const entry of report.values()) {
          const codecId = entry['codecId'];
          if (entry['type'] !== wanted || typeof codecId !== 'string') continue;
          first ??= report.get(codecId);
          if (first === undefined || codecId === first['id']) continue;
          report.set('first', first);
          entry['codecId'] = first['id'];
          kit.bit();
        }
        return report;
      });
    },
    arg: type,
    expect: {
      status: 'fail',
      phase: 'assert',
      reason: new RegExp(`${type}\\.codecId is "video/VP8 \\d+", not video/VP9 \\d+`),
    },
    timeoutMs,
  });
}

fault({
  scenario: 'statistics/codec/renegotiated',
  name: 'VP9 is called VP8',
  on: 'answerer',
  page: renamedCodec,
  arg: { from: 'VP9', to: 'VP8' },
  expect: { status: 'fail', phase: 'assert', reason: /codec\.mimeType is "video\/VP8", not video\/VP9/ },
  timeoutMs,
});
absentClaim('statistics/codec/renegotiated', 'answerer', 'inbound-rtp', 'codecId', timeoutMs);
falseClaim('statistics/codec/set', 'offerer', 'codec', 'payloadType', 77, timeoutMs);
scaledClaim('statistics/codec/set', 'answerer', 'codec', 'clockRate', 0.001, timeoutMs);

fault({
  scenario: 'statistics/codec/set',
  name: 'the sender does not change its codec',
  on: 'offerer',
  page: (kit) =>
    kit.wrap(RTCRtpSender.prototype, 'setParameters', () => {
      kit.bit();
      return Promise.resolve();
    }),
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /payload types of the newest packets, where video\/VP9;profile-id=0 is sent/,
  },
  timeoutMs,
});
