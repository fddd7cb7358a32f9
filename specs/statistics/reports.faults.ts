import { lostReference, stuck } from '../breakages/statistics.ts';
import { fault } from '../fault.ts';
import { scaledClaim } from './lies.ts';

const timeoutMs = 25_000;

for (const [scenario, on, type, member, by] of [
  ['sound', 'offerer', 'remote-inbound-rtp', 'ssrc', 0.5],
  ['sound', 'answerer', 'remote-outbound-rtp', 'packetsSent', 2],
  ['sound', 'answerer', 'remote-outbound-rtp', 'bytesSent', 8],
  ['picture', 'answerer', 'remote-outbound-rtp', 'ssrc', 0.5],
  ['picture', 'answerer', 'remote-outbound-rtp', 'reportsSent', 2],
] as const)
  scaledClaim(`statistics/reports/${scenario}`, on, type, member, by, timeoutMs);

for (const [scenario, on, member, reason] of [
  ['sound', 'offerer', 'remoteId', /outbound-rtp\.remoteId is "nowhere", not/],
  [
    'picture',
    'answerer',
    'localId',
    /remote-outbound-rtp\.localId is "undefined undefined", not inbound-rtp \d+/,
  ],
] as const) {
  fault({
    scenario: `statistics/reports/${scenario}`,
    name: `${member} leads nowhere`,
    on,
    page: lostReference,
    arg: { members: [member] },
    expect: { status: 'fail', phase: 'assert', reason },
    timeoutMs,
  });
}

fault({
  scenario: 'statistics/reports/picture',
  name: 'the first report is told for ever',
  on: 'answerer',
  page: stuck,
  arg: { types: ['remote-outbound-rtp'] },
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /remote-outbound-rtp\.packetsSent is \d+, not \d+ to \d+/,
  },
  timeoutMs,
});

fault({
  scenario: 'statistics/reports/sound',
  name: 'a report is told of that has not come',
  on: 'offerer',
  page: (kit) =>
    kit.changeStatistics((report) => {
      const entries = [...report.values()];
      const stream = entries.find(({ type }) => type === 'outbound-rtp');
      if (!stream || entries.some(({ type }) => type === 'remote-inbound-rtp')) return report;
      kit.bit();
      const { id, kind, ssrc } = stream;
      return report.set('made up', { id: 'made up', type: 'remote-inbound-rtp', kind, ssrc, localId: id });
    }),
  expect: { status: 'fail', phase: 'assert', reason: /a report on the wire ahead of remote-inbound-rtp/ },
  timeoutMs,
});

fault({
  scenario: 'statistics/reports/sound',
  name: 'the first report is told of two seconds late',
  on: 'offerer',
  page: (kit) => {
    let came = Infinity;
    kit.changeStatistics((report) => {
      for (const [id, { type }] of report) {
        if (type !== 'remote-inbound-rtp') continue;
        came = Math.min(came, performance.now());
        if (performance.now() - came > 2000) continue;
        report.delete(id);
        kit.bit();
      }
      return report;
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /from the first report to remote-inbound-rtp, in ms/ },
  timeoutMs,
});
