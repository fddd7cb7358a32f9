import { fault } from '../fault.ts';

const refused = [
  'answer-in-stable',
  'rollback-in-stable',
  'garbage',
  'no-credentials',
  'no-fingerprint',
  'no-setup',
  'answer-of-another-kind',
  'answer-with-an-m-line-more',
  'answer-lacks-m-line',
];

for (const name of refused) {
  fault({
    scenario: `connection/refused/${name}`,
    name: 'it is taken in silence',
    on: 'single',
    // Chromium takes it in silence even without a fault
    ...(name === 'no-setup' ? { pair: ['firefox', 'firefox'] } : {}),
    page: (kit) => {
      for (const set of ['setLocalDescription', 'setRemoteDescription'] as const) {
        kit.wrap(RTCPeerConnection.prototype, set, async (_, args: unknown[], call) => {
          try {
            await call(...args);
          } catch {
            kit.bit();
          }
        });
      }
    },
    expect: { status: 'fail', phase: 'assert', reason: /what is thrown/ },
  });
}
