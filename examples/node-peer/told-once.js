/**
 * For `--inject`: what is left of a library's failures when its events are as they should be. Each state is told once; the end
 * of candidates once a gathering; and an offer that the library has answered by itself is `have-remote-offer` until the
 * page sets the answer.
 */
(() => {
  // the page of a browser
  if (!globalThis.process) return;
  const states = {
    RTCPeerConnection: {
      signalingstatechange: 'signalingState',
      icegatheringstatechange: 'iceGatheringState',
      iceconnectionstatechange: 'iceConnectionState',
      connectionstatechange: 'connectionState',
    },
    RTCSctpTransport: { statechange: 'state' },
    RTCDtlsTransport: { statechange: 'state' },
    RTCIceTransport: { statechange: 'state', gatheringstatechange: 'gatheringState' },
  };
  for (const [name, stateOf] of Object.entries(states)) {
    const prototype = globalThis[name]?.prototype;
    if (!prototype?.addEventListener) continue;
    const { addEventListener, removeEventListener } = prototype;
    const given = new WeakMap();
    prototype.addEventListener = function (type, listener, ...options) {
      const state = stateOf[type];
      if (!state) return addEventListener.call(this, type, listener, ...options);
      let last = this[state];
      const heard = (event) => {
        if (this[state] === last) return;
        last = this[state];
        listener.call(this, event);
      };
      given.set(listener, heard);
      return addEventListener.call(this, type, heard, ...options);
    };
    prototype.removeEventListener = function (type, listener, ...options) {
      return removeEventListener.call(this, type, given.get(listener) ?? listener, ...options);
    };
  }

  const { prototype } = RTCPeerConnection;
  const { addEventListener, setLocalDescription, setRemoteDescription } = prototype;
  prototype.addEventListener = function (type, listener, ...options) {
    if (type !== 'icecandidate') return addEventListener.call(this, type, listener, ...options);
    // the end comes with the state, for a library that tells none
    addEventListener.call(this, 'icegatheringstatechange', () => {
      if (this.iceGatheringState === 'complete') listener.call(this, { type, candidate: null, target: this });
    });
    return addEventListener.call(
      this,
      type,
      (event) => event.candidate && listener.call(this, event),
      ...options,
    );
  };

  const offered = new WeakSet();
  const { get } = Object.getOwnPropertyDescriptor(prototype, 'signalingState') ?? {};
  // a state of the object itself, as @roamhq/wrtc has it, is right
  if (!get) return;
  Object.defineProperty(prototype, 'signalingState', {
    configurable: true,
    enumerable: true,
    get() {
      const state = get.call(this);
      return state === 'stable' && offered.has(this) ? 'have-remote-offer' : state;
    },
  });
  prototype.setRemoteDescription = async function (description) {
    if (description.type === 'offer') offered.add(this);
    await setRemoteDescription.call(this, description);
  };
  prototype.setLocalDescription = async function (description) {
    await setLocalDescription.call(this, description);
    if (offered.delete(this)) this.dispatchEvent(new Event('signalingstatechange'));
  };
})();
