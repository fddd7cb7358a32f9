import { failing } from '../breakages/states.ts';
import { fault } from '../fault.ts';

const firefox = ['firefox', 'firefox'] as const;

fault({
  scenario: 'media/identity/target-without-assertion',
  name: 'the configuration names nobody',
  on: 'offerer',
  pair: firefox,
  page: (kit) =>
    kit.construct('RTCPeerConnection', ([configuration, ...rest]: [{ peerIdentity?: string }?], make) => {
      const others = { ...configuration };
      if (others.peerIdentity !== undefined) kit.bit();
      delete others.peerIdentity;
      return make(others, ...rest);
    }),
  expect: { status: 'fail', phase: 'assert', reason: /what setRemoteDescription throws/ },
  timeoutMs: 10_000,
});

fault({
  scenario: 'media/identity/isolated-camera',
  name: 'the camera is not isolated',
  on: 'offerer',
  pair: firefox,
  page: (kit) =>
    kit.wrap(MediaDevices.prototype, 'getUserMedia', (_, [constraints]: [MediaStreamConstraints], get) => {
      kit.bit();
      const others = { ...constraints };
      delete others.peerIdentity;
      return get(others);
    }),
  expect: { status: 'fail', phase: 'assert', reason: /the brightest frame/ },
  timeoutMs: 10_000,
});

fault({
  scenario: 'media/identity/provider-unreachable',
  name: 'no provider is taken',
  on: 'single',
  pair: firefox,
  page: failing,
  arg: { on: 'RTCPeerConnection', name: 'setIdentityProvider', how: 'nothing', gives: 'undefined' },
  expect: { status: 'fail', phase: 'assert', reason: /to not include 'none'/ },
  timeoutMs: 10_000,
});
