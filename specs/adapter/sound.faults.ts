import { fault } from '../fault.ts';

fault({
  scenario: 'adapter/negotiation/dtmf-native',
  name: 'the key that is heard shares one of its two frequencies',
  on: 'offerer',
  page: () => {
    const { insertDTMF } = RTCDTMFSender.prototype;
    const buffer = Object.getOwnPropertyDescriptor(RTCDTMFSender.prototype, 'toneBuffer');
    RTCDTMFSender.prototype.insertDTMF = function (tones, ...times) {
      insertDTMF.call(this, tones.replaceAll('5', '2'), ...times);
    };
    Object.defineProperty(RTCDTMFSender.prototype, 'toneBuffer', {
      get(this: RTCDTMFSender) {
        return String(buffer?.get?.call(this)).replaceAll('2', '5');
      },
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /heard frequency of the row/ },
  timeoutMs: 12_000,
});
