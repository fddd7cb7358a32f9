/* oxlint-disable typescript/unbound-method -- a fault calls what it replaces by Reflect.apply, with its own `this` */
import { rewriteText } from '../breakages/data.ts';
import { twice } from '../breakages/events.ts';
import { swappedChannels } from '../breakages/pictures.ts';
import { stuck } from '../breakages/statistics.ts';
import { fault } from '../fault.ts';

for (const name of [
  'trickle',
  'without-trickle',
  'by-answerer',
  'slow-signaling',
  'with-video',
  'three-times',
  'keeps-dtls',
  'over-another-path',
  'both-at-once-offerer-yields',
  'both-at-once-answerer-yields',
]) {
  fault({
    scenario: `connection/restart/${name}`,
    name: 'the restart is in the descriptions only: ICE is never told',
    on: 'both',
    page: () => {
      const { setLocalDescription, setRemoteDescription } = RTCPeerConnection.prototype;
      const credentials = /^a=ice-(?:ufrag|pwd):.*$/gm;
      /** Gives a description the credentials of the first one that was set. */
      const keeping = (sets: typeof setLocalDescription) => {
        const first = new WeakMap<RTCPeerConnection, readonly string[]>();
        return function (this: RTCPeerConnection, description?: RTCLocalSessionDescriptionInit) {
          const { type, sdp = '' } = description ?? {};
          if (type === undefined) return Reflect.apply(sets, this, [description]);
          const old = first.get(this) ?? sdp.match(credentials) ?? [];
          first.set(this, old);
          const [ufrag = '', pwd = ''] = old;
          const kept = sdp.replaceAll(credentials, (line) => (line.includes('ufrag') ? ufrag : pwd));
          return Reflect.apply(sets, this, [{ type, sdp: kept }]);
        };
      };
      RTCPeerConnection.prototype.createOffer = new Proxy(RTCPeerConnection.prototype.createOffer, {
        apply: (create, pc) => Reflect.apply(create, pc, []),
      });
      RTCPeerConnection.prototype.setLocalDescription = keeping(setLocalDescription);
      RTCPeerConnection.prototype.setRemoteDescription = keeping(setRemoteDescription);
    },
    expect: {
      status: 'timeout',
      phase: 'ice',
      reason: /a candidate pair of the ICE restart to be in use; last seen: old credentials here/,
    },
  });
}

fault({
  scenario: 'connection/restart/with-video',
  name: 'the picture is another one',
  on: 'offerer',
  page: swappedChannels,
  arg: { place: 'sent' },
  expect: { status: 'fail', phase: 'assert', reason: /colour error/ },
  timeoutMs: 10_000,
});

fault({
  scenario: 'connection/restart/three-times',
  name: 'the third restart is none',
  on: 'offerer',
  page: (kit) => {
    let restarts = 0;
    kit.wrap(RTCPeerConnection.prototype, 'createOffer', (_, args: [RTCOfferOptions?], create) => {
      if (args[0]?.iceRestart === true) restarts += 1;
      if (restarts !== 3) return create(...args);
      kit.bit();
      return create();
    });
  },
  expect: {
    status: 'timeout',
    phase: 'ice',
    reason: /a candidate pair of the ICE restart to be in use; last seen: old credentials here/,
  },
  timeoutMs: 8000,
});

for (const [name, when] of [
  ['slow-signaling', 'after the restart'],
  ['three-times', 'after the second restart'],
  ['rolled-back', 'after the rollback'],
  ['rolled-back', 'after the later restart'],
  ['rolled-back-late', 'after the rollback'],
  ['rolled-back-late', 'after the later restart'],
  ['keeps-dtls', 'after the restart'],
  ['over-another-path', 'over the other path'],
] as const) {
  fault({
    scenario: `connection/restart/${name}`,
    name: `what is sent ${when} comes changed`,
    on: 'answerer',
    // after a rollback, Chromium may use the credentials that were rolled back
    pair: ['firefox', 'firefox'],
    page: rewriteText,
    arg: { from: `^.*${when}$`, to: 'from nowhere' },
    expect: { status: 'fail', phase: 'assert', reason: new RegExp(`received ${when}: .*from nowhere`) },
  });
}

fault({
  scenario: 'connection/restart/rolled-back',
  name: 'the offer is not rolled back',
  on: 'offerer',
  page: (kit) =>
    kit.wrap(
      RTCPeerConnection.prototype,
      'setLocalDescription',
      (_, args: [RTCLocalSessionDescriptionInit?], set) => {
        if (args[0]?.type !== 'rollback') return set(...args);
        kit.bit();
        return Promise.resolve();
      },
    ),
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /the signaling state and the ufrag after the rollback: .*have-local-offer/,
  },
});

fault({
  scenario: 'connection/restart/rolled-back',
  name: 'the restart is not offered',
  on: 'offerer',
  page: (kit) =>
    kit.wrap(RTCPeerConnection.prototype, 'createOffer', (_, args: [RTCOfferOptions?], create) => {
      if (args[0]?.iceRestart === true) kit.bit();
      return create();
    }),
  expect: { status: 'fail', phase: 'assert', reason: /the ufrag that is offered/ },
});

fault({
  scenario: 'connection/restart/rolled-back',
  name: 'the pair in use counts nothing',
  on: 'offerer',
  pair: ['firefox', 'firefox'],
  page: stuck,
  arg: { types: ['candidate-pair'] },
  expect: {
    status: 'timeout',
    phase: 'ice',
    reason: /a pair from before the restart to be in use to send messages; last seen: old credentials here/,
  },
});

fault({
  scenario: 'connection/restart/keeps-dtls',
  name: 'the certificate is another one after the restart',
  on: 'answerer',
  page: (kit) => {
    let calls = 0;
    kit.wrap(RTCDtlsTransport.prototype, 'getRemoteCertificates', () => {
      kit.bit();
      calls += 1;
      return [new Uint8Array(calls).buffer];
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /the certificates that were received/ },
});

fault({
  scenario: 'connection/restart/keeps-dtls',
  name: 'the transport tells everything twice',
  on: 'answerer',
  page: twice,
  arg: { on: 'RTCDtlsTransport', type: 'statechange' },
  expect: { status: 'fail', phase: 'assert', reason: /states of the RTCDtlsTransport at the answerer/ },
});

fault({
  scenario: 'connection/restart/keeps-dtls',
  name: 'the answerer changes roles in its second answer',
  on: 'answerer',
  page: (kit) => {
    let answers = 0;
    kit.rewriteSdp({ at: 'said', type: 'answer' }, (sdp) => {
      answers += 1;
      return answers === 1 ? sdp : sdp.replaceAll(/^a=setup:active$/gm, 'a=setup:passive');
    });
  },
  expect: { status: 'fail', phase: 'sdp', reason: /seen at the offerer .*SSL role/ },
});

fault({
  scenario: 'connection/restart/over-another-path',
  name: 'what was sent meanwhile comes changed',
  on: 'offerer',
  page: rewriteText,
  arg: { from: '^.*meanwhile$', to: 'from nowhere' },
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /what the answerer received of what was sent meanwhile: .*from nowhere/,
  },
});

for (const polite of ['offerer', 'answerer'] as const) {
  fault({
    scenario: `connection/restart/both-at-once-${polite}-yields`,
    name: 'what is sent after the restart comes changed',
    on: polite,
    pair: ['firefox', 'firefox'],
    page: rewriteText,
    arg: { from: '^.*after the restart$', to: 'from nowhere' },
    expect: { status: 'fail', phase: 'assert', reason: /received after the restart: .*from nowhere/ },
  });
}

for (const name of ['from-failed', 'from-failed-data']) {
  fault({
    scenario: `connection/restart/${name}`,
    name: 'the answerer says that it is connected all the while',
    on: 'answerer',
    page: (kit) =>
      kit.property(RTCPeerConnection.prototype, 'connectionState', {
        get: (_, state) => {
          if (state !== 'disconnected' && state !== 'failed') return state;
          kit.bit();
          return 'connected';
        },
      }),
    expect: {
      status: 'timeout',
      phase: 'ice',
      reason: /seen at the answerer .*connectionState to be failed; last seen: .*connection connected/,
    },
    timeoutMs: 35_000,
  });
}

fault({
  scenario: 'connection/restart/from-failed-data',
  name: 'what is sent after the restart comes changed',
  on: 'offerer',
  page: rewriteText,
  arg: { from: '^.*after the restart$', to: 'from nowhere' },
  expect: { status: 'fail', phase: 'assert', reason: /received after the restart: .*from nowhere/ },
  timeoutMs: 50_000,
});

fault({
  scenario: 'connection/restart/from-failed',
  name: 'the picture is another one',
  on: 'offerer',
  page: swappedChannels,
  arg: { place: 'sent' },
  expect: { status: 'fail', phase: 'assert', reason: /colour error/ },
  timeoutMs: 50_000,
});
