import { fault } from '../fault.ts';

fault({
  scenario: 'adapter/descriptions/offer-and-answer',
  name: 'adapter makes addTrack receive only',
  on: 'single',
  timeoutMs: 20_000,
  page: () => {
    document.addEventListener(
      'load',
      ({ target }) => {
        if (!(target instanceof HTMLScriptElement) || !target.src.includes('/adapter/')) return;
        RTCPeerConnection.prototype.addTrack = function ({ kind }) {
          return this.addTransceiver(kind, { direction: 'recvonly' }).sender;
        };
      },
      true,
    );
  },
  expect: { status: 'fail', phase: 'assert', reason: /lines of the offer that differ/ },
});
