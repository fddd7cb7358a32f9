import { rewriteText } from '../breakages/data.ts';
import { loseCandidates, rewriteLines } from '../breakages/sdp.ts';
import { failing } from '../breakages/states.ts';
import { fault } from '../fault.ts';

const firefox = ['firefox', 'firefox'] as const;
const chromium = ['chromium', 'chromium'] as const;

for (const [name, pair] of [
  ['without-m-line', chromium],
  ['unknown-mid', chromium],
  ['unknown-index', chromium],
  ['text', chromium],
  ['text-with-colon', chromium],
  ['cut-off', chromium],
  ['no-number', chromium],
  ['port-out-of-range', chromium],
  ['no-dictionary', chromium],
  ['candidate-without-description', chromium],
  ['candidate-closed', chromium],
  ['end-closed', chromium],
  // Chromium takes these
  ['unknown-ufrag', firefox],
  ['end-for-unknown-mid', firefox],
  ['end-for-unknown-index', firefox],
  ['end-of-unknown-ufrag', firefox],
  ['end-without-description', firefox],
] as const) {
  fault({
    scenario: `connection/add-candidate/${name}`,
    name: 'what is refused is refused in secret',
    on: 'single',
    pair,
    page: failing,
    arg: { on: 'RTCPeerConnection', name: 'addIceCandidate', how: 'no-error' },
    expect: { status: 'fail', phase: 'assert', reason: /what is thrown.* to deeply equal \[ '\w+Error'/ },
  });
}

fault({
  scenario: 'connection/add-candidate/unknown-mid',
  name: 'it is refused, and gets into the description',
  on: 'single',
  page: rewriteLines,
  arg: {
    at: 'kept',
    from: '^(a=mid:.*)$',
    to: '$1\na=candidate:wrong 1 udp 2113937151 127.0.0.1 50007 typ host\r',
  },
  expect: { status: 'fail', phase: 'assert', reason: /what remoteDescription has of it/ },
});

fault({
  scenario: 'connection/add-candidate/text',
  name: 'it is refused, and data comes changed',
  on: 'single',
  page: rewriteText,
  arg: { from: '^there$', to: 'elsewhere' },
  expect: { status: 'fail', phase: 'assert', reason: /what was received: .*elsewhere/ },
});

fault({
  scenario: 'connection/add-candidate/cut-off',
  name: 'it is refused, and the connection fails',
  on: 'single',
  page: (kit) => {
    let isRefused = false;
    kit.wrap(RTCPeerConnection.prototype, 'addIceCandidate', (pc, [given]: [RTCIceCandidateInit], add) => {
      isRefused ||= given.candidate === 'candidate:wrong' && pc.connectionState === 'connected';
      return add(given);
    });
    kit.property(RTCPeerConnection.prototype, 'connectionState', {
      get: (_, state) => {
        if (!isRefused) return state;
        kit.bit();
        return 'failed';
      },
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /the states: .*failed/s },
});

for (const [name, pair] of [
  ['candidate-by-mid', chromium],
  ['candidate-by-index', chromium],
  ['candidate-by-mid-against-index', chromium],
  ['candidate-by-mid-against-no-index', chromium],
  // Chromium's remoteDescription never says that candidates have ended
  ['end-by-mid', firefox],
  ['end-by-index', firefox],
  ['end-null', firefox],
  ['end-no-argument', firefox],
] as const) {
  fault({
    scenario: `connection/add-candidate/${name}`,
    name: 'it is taken for nothing',
    on: 'single',
    pair,
    page: failing,
    arg: { on: 'RTCPeerConnection', name: 'addIceCandidate', how: 'nothing' },
    expect: { status: 'fail', phase: 'assert', reason: /how often each m-line of remoteDescription has it/ },
  });
}

fault({
  scenario: 'connection/add-candidate/candidate-by-mid-against-index',
  name: 'the index wins',
  on: 'single',
  page: (kit) =>
    kit.wrap(RTCPeerConnection.prototype, 'addIceCandidate', (_, [given]: [RTCIceCandidateInit], add) => {
      kit.bit();
      return add({ ...given, sdpMid: null });
    }),
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /how often each m-line of remoteDescription has it: expected \[ 1, \+?0 \]/,
  },
});

fault({
  scenario: 'connection/add-candidate/stopped-m-line',
  name: 'it is refused',
  on: 'single',
  page: (kit) =>
    kit.wrap(RTCPeerConnection.prototype, 'addIceCandidate', (_, [given]: [RTCIceCandidateInit], add) => {
      if (given.candidate?.includes('wrong') !== true) return add(given);
      kit.bit();
      return Promise.reject(new DOMException('no such m-line', 'OperationError'));
    }),
  expect: { status: 'fail', phase: 'assert', reason: /what is thrown: .*no such m-line/ },
});

fault({
  scenario: 'connection/add-candidate/two-generations',
  name: 'the second is refused',
  on: 'single',
  page: (kit) =>
    kit.wrap(RTCPeerConnection.prototype, 'addIceCandidate', (_, [given]: [RTCIceCandidateInit], add) => {
      if (given.candidate?.includes('50002') !== true) return add(given);
      kit.bit();
      return Promise.reject(new DOMException('from the future', 'OperationError'));
    }),
  expect: { status: 'fail', phase: 'assert', reason: /what is thrown for the second/ },
});

fault({
  scenario: 'connection/add-candidate/generation-over',
  name: 'the first is taken for the second',
  on: 'single',
  pair: firefox,
  page: (kit) =>
    kit.wrap(RTCPeerConnection.prototype, 'addIceCandidate', (pc, [given]: [RTCIceCandidateInit], add) => {
      if (given.candidate?.includes('50001') !== true) return add(given);
      kit.bit();
      return add({ ...given, usernameFragment: null });
    }),
  expect: { status: 'fail', phase: 'assert', reason: /ports in the remote descriptions/ },
});

fault({
  scenario: 'connection/add-candidate/end-said',
  name: 'it is never said',
  on: 'single',
  pair: firefox,
  page: rewriteLines,
  arg: { at: 'said', from: '^a=end-of-candidates\\r\\n' },
  expect: { status: 'fail', phase: 'assert', reason: /'lines' of 1, but got \+?0/ },
});

fault({
  scenario: 'connection/add-candidate/end-event',
  name: 'the empty candidate is not told',
  on: 'single',
  pair: firefox,
  page: loseCandidates,
  arg: { at: 'told', which: '^$' },
  expect: { status: 'fail', phase: 'assert', reason: /'told' of .* but got \[ 'null' \]/ },
});
