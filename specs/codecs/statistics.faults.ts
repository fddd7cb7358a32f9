import { claimed, forgotten, left, lostReference, stuck } from '../breakages/statistics.ts';
import { fault } from '../fault.ts';

const video = 'codecs/statistics/video';
const audio = 'codecs/statistics/audio';

for (const [member, reason] of [
  ['mid', /mid of the stream in the statistics at the answerer/],
  ['jitter', /jitter of inbound-rtp/],
  ['framesPerSecond', /framesPerSecond of inbound-rtp/],
  ['headerBytesReceived', /headerBytesReceived of inbound-rtp/],
] as const) {
  fault({
    scenario: video,
    name: `inbound-rtp has no ${member}`,
    on: 'answerer',
    page: forgotten,
    arg: { types: ['inbound-rtp'], members: [member] },
    expect: { status: 'fail', phase: 'assert', reason },
  });
}

for (const [type, reason] of [
  ['transport', /dtlsState of its transport, in statistics at the offerer/],
  ['peer-connection', /statistics at the offerer/],
  ['media-source', /the media source of the stream, in statistics/],
] as const) {
  fault({
    scenario: video,
    name: `there are no statistics of ${type}`,
    on: 'offerer',
    page: left,
    arg: { types: [type] },
    expect: { status: 'fail', phase: 'assert', reason },
  });
}

for (const [scenario, type, reason] of [
  [video, 'outbound-rtp', /bytesSent of outbound-rtp in a second/],
  [video, 'candidate-pair', /bytesSent of the candidate pairs in a second/],
  [audio, 'outbound-rtp', /bytesSent of outbound-rtp in a second/],
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
  scenario: video,
  name: 'the candidate pair in use is none',
  on: 'answerer',
  page: lostReference,
  arg: { members: ['selectedCandidatePairId'] },
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /state of the candidate pair in use, in statistics at the answerer/,
  },
});

fault({
  scenario: audio,
  name: 'the codec has parameters that nobody said',
  on: 'answerer',
  page: claimed,
  arg: { types: ['codec'], members: ['sdpFmtpLine'], value: 'profile-id=7' },
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /parameters of Opus that codec names at the answerer.*profile-id=7/s,
  },
});

fault({
  scenario: 'codecs/statistics/certificates',
  name: 'there are no certificates',
  on: 'answerer',
  page: left,
  arg: { types: ['certificate'] },
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /the fingerprint of the local certificate at the answerer, in statistics/,
  },
});

fault({
  scenario: 'codecs/statistics/certificates',
  name: 'the certificates have another fingerprint',
  on: 'answerer',
  page: claimed,
  arg: { types: ['certificate'], members: ['fingerprint'], value: '00:11' },
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /the fingerprint of the local certificate at the answerer, in statistics/,
  },
});
