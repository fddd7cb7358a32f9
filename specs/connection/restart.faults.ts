/* oxlint-disable typescript/unbound-method -- a fault calls what it replaces by Reflect.apply, with its own `this` */
import { fault } from '../fault.ts';

for (const name of ['trickle', 'without-trickle', 'by-answerer']) {
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
