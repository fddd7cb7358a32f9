import { fault } from '../fault.ts';

for (const [id, reason] of [
  ['both-sides', /3 new frames.*0 readable/s],
  ['encoded-streams', /3 new frames.*0 readable/s],
  ['audio-both-sides', /a tone of 440 Hz/],
] as const) {
  fault({
    scenario: `codecs/transform/${id}`,
    name: 'the receiver does not take the change back',
    on: 'answerer',
    page: () => {
      Object.defineProperty(RTCRtpReceiver.prototype, 'transform', { set() {} });
    },
    expect: { status: 'timeout', phase: 'media', reason },
  });
}

for (const [id, reason] of [
  ['sender-only', /frames whose code could be read/],
  ['audio-sender-only', /looks in a row at which the tone was heard/],
] as const) {
  fault({
    scenario: `codecs/transform/${id}`,
    name: 'the sender changes nothing',
    on: 'offerer',
    page: () => {
      Object.defineProperty(RTCRtpSender.prototype, 'transform', { set() {} });
    },
    expect: { status: 'fail', phase: 'assert', reason },
    timeoutMs: 12_000,
  });
}

for (const [id, reason] of [
  ['receiver-only', /frames whose code could be read/],
  ['audio-receiver-only', /looks in a row at which the tone was heard/],
] as const) {
  fault({
    scenario: `codecs/transform/${id}`,
    name: 'the receiver changes nothing',
    on: 'answerer',
    page: () => {
      Object.defineProperty(RTCRtpReceiver.prototype, 'transform', { set() {} });
    },
    expect: { status: 'fail', phase: 'assert', reason },
    timeoutMs: 12_000,
  });
}
