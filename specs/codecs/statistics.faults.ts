import { forgotten, left, lostReference, stuck } from '../breakages/statistics.ts';
import { fault } from '../fault.ts';

const scenario = 'codecs/statistics/video';

for (const [member, reason] of [
  ['mid', /mid of the stream at the answerer/],
  ['jitter', /inbound-rtp.*jitter/s],
  ['framesPerSecond', /framesPerSecond of inbound-rtp/],
  ['headerBytesReceived', /headerBytesReceived of inbound-rtp/],
] as const) {
  fault({
    scenario,
    name: `inbound-rtp has no ${member}`,
    on: 'answerer',
    page: forgotten,
    arg: { types: ['inbound-rtp'], members: [member] },
    expect: { status: 'fail', phase: 'assert', reason },
  });
}

for (const [type, reason] of [
  ['transport', /dtlsState of its transport at the offerer/],
  ['peer-connection', /statistics at the offerer/],
  ['media-source', /the media source of the stream/],
] as const) {
  fault({
    scenario,
    name: `there are no statistics of ${type}`,
    on: 'offerer',
    page: left,
    arg: { types: [type] },
    expect: { status: 'fail', phase: 'assert', reason },
  });
}

for (const [type, reason] of [
  ['outbound-rtp', /bytesSent of outbound-rtp in a second/],
  ['candidate-pair', /bytesSent of the candidate pair in a second/],
] as const) {
  fault({
    scenario,
    name: `${type} stands still`,
    on: 'offerer',
    page: stuck,
    arg: { types: [type] },
    expect: { status: 'fail', phase: 'assert', reason },
  });
}

fault({
  scenario,
  name: 'the candidate pair in use is none',
  on: 'answerer',
  page: lostReference,
  arg: { members: ['selectedCandidatePairId'] },
  expect: { status: 'fail', phase: 'assert', reason: /state of the candidate pair in use at the answerer/ },
});
