import { fault } from '../fault.ts';

fault({
  scenario: 'connection/alone/operations-chain',
  name: 'a candidate does not wait for its turn',
  on: 'single',
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
    reason: /twenty connections to have gathered; last seen: 0 have/,
  },
});
