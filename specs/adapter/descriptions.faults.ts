import { fault } from '../fault.ts';

fault({
  scenario: 'adapter/descriptions/offer-and-answer',
  name: 'adapter makes addTrack receive only',
  on: 'single',
  timeoutMs: 20_000,
  afterAdapter: true,
  page: () => {
    RTCPeerConnection.prototype.addTrack = function ({ kind }) {
      return this.addTransceiver(kind, { direction: 'recvonly' }).sender;
    };
  },
  expect: { status: 'fail', phase: 'assert', reason: /lines of the offer that differ/ },
});
