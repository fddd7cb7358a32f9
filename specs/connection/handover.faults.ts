import { rewriteText } from '../breakages/data.ts';
import { fault } from '../fault.ts';

for (const name of ['media', 'data']) {
  fault({
    scenario: `connection/handover/${name}`,
    name: 'the other end has the certificate of the first',
    on: 'answerer',
    page: (kit) => {
      let first: string | undefined;
      kit.rewriteSdp({ at: 'said', type: 'answer' }, (sdp) => {
        first ??= /^a=fingerprint:.*$/m.exec(sdp)?.[0];
        return sdp.replaceAll(/^a=fingerprint:.*$/gm, first ?? '$&');
      });
    },
    expect: { status: 'fail', phase: 'assert', reason: /the fingerprint of the second answer/ },
    timeoutMs: 15_000,
  });
}

fault({
  scenario: 'connection/handover/media',
  name: 'the other end sends nothing',
  on: 'answerer',
  page: (kit) => {
    let tracks = 0;
    kit.wrap(RTCPeerConnection.prototype, 'addTrack', (_, args: unknown[], add) => {
      tracks += 1;
      if (tracks === 1) return add(...args);
      kit.bit();
      return undefined;
    });
  },
  expect: { status: 'timeout', phase: 'media', reason: /seen at the offerer .*a tone of 880 Hz/ },
  timeoutMs: 20_000,
});

fault({
  scenario: 'connection/handover/data',
  name: 'what the other end sends comes changed',
  on: 'answerer',
  page: rewriteText,
  arg: { from: '^.*of the other end$', to: 'from nowhere' },
  expect: { status: 'fail', phase: 'assert', reason: /received of the other end: .*from nowhere/ },
  timeoutMs: 15_000,
});

fault({
  scenario: 'connection/handover/unasked',
  name: 'the answer is refused in silence',
  on: 'offerer',
  pair: ['firefox', 'firefox'],
  page: (kit) =>
    kit.wrap(RTCPeerConnection.prototype, 'setRemoteDescription', async (_, args: unknown[], set) => {
      try {
        await set(...args);
      } catch {
        kit.bit();
      }
    }),
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /what setRemoteDescription throws: expected .*settled in the signaling state have-local-offer/,
  },
});

fault({
  scenario: 'connection/handover/unasked',
  name: 'what goes to the first end comes changed',
  on: 'offerer',
  pair: ['firefox', 'firefox'],
  page: rewriteText,
  arg: { from: '^all the same$', to: 'from nowhere' },
  expect: { status: 'fail', phase: 'assert', reason: /what the first end received: .*from nowhere/ },
});
