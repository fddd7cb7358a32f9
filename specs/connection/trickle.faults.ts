import { fault } from '../fault.ts';

fault({
  scenario: 'connection/trickle/on',
  name: 'candidates are thrown away',
  on: 'answerer',
  page: () => {
    RTCPeerConnection.prototype.addIceCandidate = () => Promise.resolve();
    Object.defineProperty(RTCPeerConnection.prototype, 'onicecandidate', { value: null });
    const { addEventListener } = EventTarget.prototype;
    RTCPeerConnection.prototype.addEventListener = function (type: string, ...rest: [EventListener]) {
      if (type !== 'icecandidate') Reflect.apply(addEventListener, this, [type, ...rest]);
    };
  },
  expect: { status: 'timeout', phase: 'ice', reason: /waited \d+ ms for the connection/ },
});

fault({
  scenario: 'connection/trickle/off',
  name: 'the description carries no candidates',
  on: 'offerer',
  page: () => {
    const description = Object.getOwnPropertyDescriptor(RTCPeerConnection.prototype, 'localDescription');
    Object.defineProperty(RTCPeerConnection.prototype, 'localDescription', {
      get(this: RTCPeerConnection) {
        const value = description?.get?.call(this) as RTCSessionDescription | null;
        return value && { type: value.type, sdp: value.sdp.replaceAll(/^a=candidate:.*\r\n/gm, '') };
      },
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /candidates in the offer/ },
});
