import { failing } from '../breakages/states.ts';
import { fault } from '../fault.ts';

fault({
  scenario: 'connection/alone/operations-chain',
  name: 'a candidate does not wait for its turn',
  on: 'single',
  pair: ['firefox', 'firefox'],
  page: (kit) =>
    kit.wrap(RTCPeerConnection.prototype, 'addIceCandidate', async (_, args: unknown[], add) => {
      kit.bit();
      await new Promise((resolve) => setTimeout(resolve, 300));
      return add(...args);
    }),
  expect: { status: 'fail', phase: 'assert', reason: /the order in which they were done/ },
});

fault({
  scenario: 'connection/alone/negotiation-needed',
  name: 'it comes twice',
  on: 'single',
  page: (kit) => kit.doubleEvent({ on: 'RTCPeerConnection', type: 'negotiationneeded' }),
  expect: { status: 'fail', phase: 'assert', reason: /when negotiationneeded came/ },
});

fault({
  scenario: 'connection/alone/negotiation-needed',
  name: 'it comes late',
  on: 'single',
  page: (kit) => kit.delayEvent({ on: 'RTCPeerConnection', type: 'negotiationneeded' }, 1500),
  expect: { status: 'fail', phase: 'assert', reason: /time to negotiationneeded/ },
  timeoutMs: 12_000,
});

fault({
  scenario: 'connection/alone/candidate-in-description',
  name: 'addIceCandidate settles before it has done anything',
  on: 'single',
  page: failing,
  arg: { on: 'RTCPeerConnection', name: 'addIceCandidate', how: 'early' },
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /candidates in remoteDescription behind addIceCandidate/,
  },
});

fault({
  scenario: 'connection/alone/rollback-at-once',
  name: 'gathering goes on for good',
  on: 'single',
  pair: ['firefox', 'firefox'],
  page: (kit) =>
    kit.property(RTCPeerConnection.prototype, 'iceGatheringState', {
      get: (_, state) => {
        if (state === 'complete') kit.bit();
        return state === 'complete' ? 'gathering' : state;
      },
    }),
  expect: {
    status: 'timeout',
    phase: 'ice',
    reason: /ten connections to have gathered; last seen: 0 have/,
  },
});
