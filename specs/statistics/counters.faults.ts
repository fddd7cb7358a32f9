import { forgotten, scaled, stuck } from '../breakages/statistics.ts';
import { fault } from '../fault.ts';
import { scaledClaim } from './lies.ts';

const timeoutMs = 15_000;

for (const [scenario, on, type, member] of [
  ['sound', 'offerer', 'outbound-rtp', 'packetsSent'],
  ['sound', 'offerer', 'outbound-rtp', 'bytesSent'],
  ['sound', 'answerer', 'inbound-rtp', 'headerBytesReceived'],
  ['sound', 'answerer', 'inbound-rtp', 'bytesReceived'],
  ['lost', 'answerer', 'inbound-rtp', 'packetsLost'],
  ['picture', 'offerer', 'outbound-rtp', 'framesSent'],
  ['picture', 'offerer', 'outbound-rtp', 'headerBytesSent'],
  ['picture', 'answerer', 'inbound-rtp', 'framesDecoded'],
  ['picture', 'answerer', 'inbound-rtp', 'frameWidth'],
  ['checks', 'answerer', 'candidate-pair', 'responsesReceived'],
  ['nack', 'answerer', 'inbound-rtp', 'nackCount'],
  ['nack', 'offerer', 'outbound-rtp', 'retransmittedPacketsSent'],
  ['pli', 'offerer', 'outbound-rtp', 'pliCount'],
  ['pli', 'answerer', 'inbound-rtp', 'packetsReceived'],
] as const) {
  fault({
    scenario: `statistics/counters/${scenario}`,
    name: `${member} of ${type} is twice as many`,
    on,
    page: scaled,
    arg: { types: [type], members: [member], by: 2 },
    expect: { status: 'fail', phase: 'assert', reason: new RegExp(`${type}\\.${member} is \\d+, not`) },
    timeoutMs,
  });
}

for (const [scenario, on, type, member, by] of [
  ['nack', 'offerer', 'outbound-rtp', 'retransmittedBytesSent', 2],
  ['rtx', 'offerer', 'outbound-rtp', 'rtxSsrc', 0.5],
  ['rtx', 'answerer', 'inbound-rtp', 'rtxSsrc', 2],
  ['rtx', 'offerer', 'outbound-rtp', 'retransmittedPacketsSent', 100],
  ['rtx', 'offerer', 'outbound-rtp', 'retransmittedBytesSent', 0.1],
  ['rtx', 'answerer', 'inbound-rtp', 'packetsLost', 2],
] as const)
  scaledClaim(`statistics/counters/${scenario}`, on, type, member, by, 20_000);

fault({
  scenario: 'statistics/counters/lost',
  name: 'fractionLost is in percent',
  on: 'offerer',
  page: (kit) =>
    kit.changeStatistics((report) => {
      for (const entry of report.values()) {
        if (typeof entry['fractionLost'] !== 'number' || entry['fractionLost'] === 0) continue;
        entry['fractionLost'] *= 100;
        kit.bit();
      }
      return report;
    }),
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /remote-inbound-rtp\.fractionLost is [\d.]+, not 0\.01 to 0\.2/,
  },
  timeoutMs,
});

fault({
  scenario: 'statistics/counters/fir',
  name: 'key frames that are asked for by PLI are counted as FIR',
  on: 'offerer',
  page: (kit) =>
    kit.changeStatistics((report) => {
      for (const entry of report.values()) {
        if (entry['type'] !== 'outbound-rtp' || entry['pliCount'] === 0) continue;
        [entry['firCount'], entry['pliCount']] = [entry['pliCount'], entry['firCount']];
        kit.bit();
      }
      return report;
    }),
  expect: { status: 'fail', phase: 'assert', reason: /outbound-rtp\.pliCount is 0, not \d+.*firCount is/ },
  timeoutMs,
});

for (const [scenario, on, type, member] of [
  ['sound', 'offerer', 'outbound-rtp', 'headerBytesSent'],
  ['picture', 'answerer', 'inbound-rtp', 'framesReceived'],
  ['checks', 'offerer', 'candidate-pair', 'responsesReceived'],
  ['pli', 'offerer', 'outbound-rtp', 'firCount'],
] as const) {
  fault({
    scenario: `statistics/counters/${scenario}`,
    name: `${type} forgets ${member}`,
    on,
    page: forgotten,
    arg: { types: [type], members: [member] },
    expect: { status: 'fail', phase: 'assert', reason: new RegExp(`${type}\\.${member} is absent`) },
    timeoutMs,
  });
}

fault({
  scenario: 'statistics/counters/sound',
  name: 'inbound-rtp stands still',
  on: 'answerer',
  page: stuck,
  arg: { types: ['inbound-rtp'] },
  expect: { status: 'timeout', phase: 'media', reason: /inbound-rtp to have 40 in packetsReceived/ },
  timeoutMs: 4000,
});

fault({
  scenario: 'statistics/counters/picture',
  name: 'outbound-rtp says what it said first',
  on: 'offerer',
  page: (kit) => {
    let first: Record<string, unknown> | undefined;
    kit.changeStatistics((report) => {
      for (const [id, entry] of report) {
        if (entry['type'] !== 'outbound-rtp' || Number(entry['packetsSent'] ?? 0) === 0) continue;
        first ??= { ...entry, packetsSent: 1, framesSent: 1 };
        report.set(id, { ...first });
        kit.bit();
      }
      return report;
    });
  },
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /outbound-rtp\.packetsSent is 1, not .*framesSent is 1, not/,
  },
  timeoutMs,
});
