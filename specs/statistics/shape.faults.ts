import { claimed, forgotten, lostReference, scaled } from '../breakages/statistics.ts';
import { fault } from '../fault.ts';

const timeoutMs = 12_000;

for (const [on, member] of [
  ['offerer', 'codecId'],
  ['answerer', 'localCandidateId'],
] as const) {
  fault({
    scenario: 'statistics/shape/references',
    name: `${member} leads nowhere`,
    on,
    page: lostReference,
    arg: { members: [member] },
    expect: {
      status: 'fail',
      phase: 'assert',
      reason: new RegExp(`${on} chromium: .*\\.${member} is "nothing", not`),
    },
    timeoutMs,
  });
}

fault({
  scenario: 'statistics/shape/references',
  name: 'each report has other ids',
  on: 'answerer',
  page: (kit) => {
    let nth = 0;
    kit.changeStatistics((report) => {
      nth += 1;
      kit.bit();
      const renamed = new Map<string, Record<string, unknown>>();
      const ids = new Set(report.keys());
      const rename = (id: string) => `${id} ${String(nth)}`;
      for (const [id, entry] of report) {
        for (const [member, value] of Object.entries(entry))
          if (typeof value === 'string' && ids.has(value)) entry[member] = rename(value);
        renamed.set(rename(id), entry);
      }
      return renamed;
    });
  },
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /answerer chromium: .*inbound-rtp\.id is "gone", not inbound-rtp/,
  },
  timeoutMs,
});

fault({
  scenario: 'statistics/shape/rising',
  name: 'packetsReceived falls',
  on: 'answerer',
  page: (kit) => {
    let left = 1_000_000;
    kit.changeStatistics((report) => {
      left -= 1;
      kit.bit();
      for (const entry of report.values())
        if (entry['type'] === 'inbound-rtp') entry['packetsReceived'] = left;
      return report;
    });
  },
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /inbound-rtp\.packetsReceived is -\d+, not at least 0/,
  },
  timeoutMs,
});

fault({
  scenario: 'statistics/shape/rising',
  name: 'timestamps are in seconds',
  on: 'offerer',
  page: scaled,
  arg: { types: ['outbound-rtp'], members: ['timestamp'], by: 0.001 },
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /outbound-rtp\.timestamp is -[\d.]+, not -1000 to 1000 ms/,
  },
  timeoutMs,
});

for (const [type, on, member] of [
  ['outbound-rtp', 'offerer', 'mediaSourceId'],
  ['media-source', 'offerer', 'totalAudioEnergy'],
  ['remote-inbound-rtp', 'offerer', 'roundTripTime'],
  ['inbound-rtp', 'answerer', 'trackIdentifier'],
  ['remote-outbound-rtp', 'answerer', 'remoteTimestamp'],
  ['codec', 'answerer', 'clockRate'],
  ['transport', 'answerer', 'localCertificateId'],
  ['candidate-pair', 'answerer', 'responsesReceived'],
  ['local-candidate', 'answerer', 'port'],
  ['remote-candidate', 'answerer', 'candidateType'],
] as const) {
  fault({
    scenario: `statistics/members/${type}`,
    name: `${type} forgets ${member}`,
    on,
    page: forgotten,
    arg: { types: [type], members: [member] },
    expect: {
      status: 'fail',
      phase: 'assert',
      reason: new RegExp(`${type}\\.${member} is absent`),
    },
    timeoutMs,
  });
}

for (const [type, member] of [
  ['certificate', 'fingerprint'],
  ['peer-connection', 'dataChannelsOpened'],
] as const) {
  fault({
    scenario: `statistics/members/${type}`,
    name: `${member} is of another type`,
    on: 'answerer',
    page: claimed,
    arg: { types: [type], members: [member], value: null },
    expect: {
      status: 'fail',
      phase: 'assert',
      reason: new RegExp(`${type}\\.${member} is "null", not`),
    },
    timeoutMs,
  });
}
