import { fault } from '../fault.ts';

fault({
  scenario: 'codecs/transform/both-sides',
  name: 'the receiver does not take the change back',
  on: 'answerer',
  page: () => {
    Object.defineProperty(RTCRtpReceiver.prototype, 'transform', { set() {} });
  },
  expect: { status: 'timeout', phase: 'media', reason: /15 new frames.*0 readable/s },
  timeoutMs: 12_000,
});

fault({
  scenario: 'codecs/transform/sender-only',
  name: 'the sender changes nothing',
  on: 'offerer',
  page: () => {
    Object.defineProperty(RTCRtpSender.prototype, 'transform', { set() {} });
  },
  expect: { status: 'fail', phase: 'assert', reason: /frames whose code could be read/ },
  timeoutMs: 12_000,
});
