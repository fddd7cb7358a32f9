import { failing } from '../breakages/states.ts';
import { fault } from '../fault.ts';
import type { Kit } from '../kit/kit.ts';

/** setConfiguration ignores a member: it stays as it was constructed. */
const keeps = (kit: Kit, { member }: { member: keyof RTCConfiguration }): void =>
  kit.wrap(
    RTCPeerConnection.prototype,
    'setConfiguration',
    (pc, [configuration]: [RTCConfiguration], set) => {
      kit.bit();
      return set({ ...configuration, [member]: pc.getConfiguration()[member] });
    },
  );

// Chromium stays on its pair anyway
for (const [name, reason, pair] of [
  ['relay', /types of the candidates: .*host/, ['firefox', 'firefox']],
  ['all', /the type of the candidate that the offerer uses: .*relay/, ['chromium', 'chromium']],
] as const) {
  fault({
    scenario: `connection/path/policy-${name}`,
    name: 'the policy stays',
    on: 'offerer',
    pair,
    page: keeps,
    arg: { member: 'iceTransportPolicy' },
    expect: { status: 'fail', phase: 'assert', reason },
    timeoutMs: 15_000,
  });
}

fault({
  scenario: 'connection/path/other-servers',
  name: 'the servers stay',
  on: 'offerer',
  page: keeps,
  arg: { member: 'iceServers' },
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /how often the second server was asked after the restart/,
  },
  timeoutMs: 10_000,
});

fault({
  scenario: 'connection/path/refused-configurations',
  name: 'everything is taken in silence',
  on: 'single',
  page: failing,
  arg: { on: 'RTCPeerConnection', name: 'setConfiguration', how: 'no-error' },
  expect: { status: 'fail', phase: 'assert', reason: /what setConfiguration threw/ },
});

fault({
  scenario: 'connection/path/refused-configurations',
  name: 'what is refused is kept all the same',
  on: 'single',
  page: (kit) => {
    const { prototype } = RTCPeerConnection;
    const refused = new WeakSet<RTCPeerConnection>();
    kit.wrap(prototype, 'setConfiguration', (pc, args: [RTCConfiguration], set) => {
      try {
        return set(...args);
      } catch (error) {
        if (args[0].iceTransportPolicy === 'relay') refused.add(pc);
        throw error;
      }
    });
    kit.wrap(prototype, 'getConfiguration', (pc, _: unknown[], get) => {
      const configuration = get() as RTCConfiguration;
      if (!refused.has(pc)) return configuration;
      kit.bit();
      return { ...configuration, iceTransportPolicy: 'relay' };
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /the configuration, as it was before/ },
});

for (const [name, from, to, reason] of [
  ['there is no pool', 1, 0, /whether the server was asked for the pool/],
  ['there is always a pool', 0, 1, /whether the server was asked without a pool/],
] as const) {
  fault({
    scenario: 'connection/path/pool',
    name,
    on: 'single',
    page: (kit, { size, instead }: { size: number; instead: number }) =>
      kit.construct('RTCPeerConnection', ([configuration]: [RTCConfiguration?], make) => {
        if (configuration?.iceCandidatePoolSize !== size) return make(configuration);
        kit.bit();
        return make({ ...configuration, iceCandidatePoolSize: instead });
      }),
    arg: { size: from, instead: to },
    expect: { status: 'fail', phase: 'assert', reason },
  });
}

fault({
  scenario: 'connection/path/pool-size',
  name: 'another size is taken too late',
  on: 'single',
  page: failing,
  arg: { on: 'RTCPeerConnection', name: 'setConfiguration', how: 'no-error' },
  expect: { status: 'fail', phase: 'assert', reason: /sizes that getConfiguration told/ },
});
