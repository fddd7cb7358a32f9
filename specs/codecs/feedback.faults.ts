/* oxlint-disable typescript/unbound-method -- a fault calls what it replaces by Reflect.apply, with its own `this` */
import { fault } from '../fault.ts';

for (const id of ['nack', 'nack-pli', 'ccm-fir', 'transport-cc', 'goog-remb', 'answer-takes-from-offer']) {
  fault({
    scenario: `codecs/feedback/${id}`,
    name: 'the answer has no feedback',
    on: 'answerer',
    page: (kit) => kit.rewriteSdp({ at: 'said' }, (sdp) => sdp.replaceAll(/^a=rtcp-fb:.*\r\n/gm, '')),
    expect: { status: 'fail', phase: 'assert', reason: /the feedback in the answer/ },
  });
}

for (const [id, reason] of [
  ['answer-takes-from-offer', /all feedback in the answer.*x-other/s],
  ['none-agreed', /the feedback in the answer.*x-other/s],
] as const) {
  fault({
    scenario: `codecs/feedback/${id}`,
    name: 'the answer has feedback that the offer has not',
    on: 'answerer',
    page: (kit) =>
      kit.rewriteSdp({ at: 'said' }, (sdp) =>
        sdp.replace(
          /^a=rtpmap:(\d+) AV1.*$/m,
          (line, type) => `${line}\r\na=rtcp-fb:${String(type)} x-other`,
        ),
      ),
    expect: { status: 'fail', phase: 'assert', reason },
  });
}

for (const [id, reason] of [
  ['nack', /packets that the receiver asked for/],
  ['transport-cc', /packets of transport-wide feedback/],
] as const) {
  fault({
    scenario: `codecs/feedback/${id}`,
    name: 'the receiver agrees and sends none',
    on: 'answerer',
    page: () => {
      const { setRemoteDescription } = RTCPeerConnection.prototype;
      RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp = '' }) {
        const without = sdp.replaceAll(
          /^a=(?:rtcp-fb:\d+ (?:nack|transport-cc)|extmap:\S+ \S+transport-wide-cc.*)\r\n/gm,
          '',
        );
        return Reflect.apply(setRemoteDescription, this, [{ type, sdp: without }]);
      };
      const said = Object.getOwnPropertyDescriptor(RTCSessionDescription.prototype, 'sdp');
      Object.defineProperty(RTCSessionDescription.prototype, 'sdp', {
        get(this: RTCSessionDescription) {
          return String(said?.get?.call(this)).replace(
            /^a=rtpmap:(\d+) VP8.*$/m,
            (line, pt) => `${line}\r\na=rtcp-fb:${String(pt)} nack\r\na=rtcp-fb:${String(pt)} transport-cc`,
          );
        },
      });
    },
    expect: { status: 'fail', phase: 'assert', reason },
    // without NACK the receiver waits three seconds before it asks for a key frame
    timeoutMs: 10_000,
  });
}

fault({
  scenario: 'codecs/feedback/key-frame-missed',
  name: 'the receiver may not ask for key frames',
  on: 'answerer',
  // Chromium asks by PLI, whatever was agreed on.
  pair: ['chromium', 'firefox'],
  page: () => {
    const { setRemoteDescription } = RTCPeerConnection.prototype;
    RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp = '' }) {
      const without = sdp.replaceAll(/^a=rtcp-fb:\d+ (?:nack pli|ccm fir)\r\n/gm, '');
      return Reflect.apply(setRemoteDescription, this, [{ type, sdp: without }]);
    };
  },
  expect: { status: 'timeout', phase: 'media', reason: /3 new frames; last seen: 0 frames/ },
});

for (const [id, on, pair] of [
  ['key-frame-asked', 'answerer', ['chromium', 'chromium']],
  ['key-frame-generated', 'offerer', ['firefox', 'chromium']],
] as const) {
  fault({
    scenario: `codecs/feedback/${id}`,
    name: 'nobody is asked for a key frame',
    on,
    pair,
    page: () => {
      globalThis.Blob = new Proxy(Blob, {
        construct: (target, [parts, options]: [string[], BlobPropertyBag]) =>
          new target(
            parts.map((part) => part.replace('(await given)[method]()', 'given')),
            options,
          ),
      });
    },
    expect: { status: 'timeout', phase: 'media', reason: /inbound-rtp to count another key frame/ },
  });
}
