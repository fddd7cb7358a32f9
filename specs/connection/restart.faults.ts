/* oxlint-disable typescript/unbound-method -- a fault calls what it replaces by Reflect.apply, with its own `this` */
import { rewriteText } from '../breakages/data.ts';
import { swappedChannels } from '../breakages/pictures.ts';
import { fault } from '../fault.ts';

for (const name of [
  'trickle',
  'without-trickle',
  'by-answerer',
  'with-video',
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
