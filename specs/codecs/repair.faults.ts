/* oxlint-disable typescript/unbound-method -- a fault calls what it replaces by Reflect.apply, with its own `this` */
import { changeParameter } from '../breakages/sdp.ts';
import { fault } from '../fault.ts';

fault({
  scenario: 'codecs/repair/rtx',
  name: 'the answer leaves RTX out',
  on: 'answerer',
  page: (kit) => kit.rewriteSdp({ at: 'said' }, (sdp) => sdp.replaceAll('rtx/90000', 'x-none/90000')),
  expect: { status: 'fail', phase: 'assert', reason: /RTX in the answer/ },
});

fault({
  scenario: 'codecs/repair/rtx',
  name: 'the receiver asks for no packet',
  on: 'answerer',
  page: (kit) => kit.rewriteSdp({ at: 'heard' }, (sdp) => sdp.replaceAll(/^a=rtcp-fb:\d+ nack\r\n/gm, '')),
  expect: { status: 'fail', phase: 'assert', reason: /packets that the receiver asked for/ },
  // the receiver waits three seconds before it asks for a key frame instead
  timeoutMs: 10_000,
});

for (const [id, reason] of [
  ['rtx-left-out', /RTX in the answer/],
  ['red-ulpfec-left-out', /RED and FEC in the answer/],
  ['flexfec-left-out', /FlexFEC in the answer/],
] as const) {
  fault({
    scenario: `codecs/repair/${id}`,
    name: 'the answer has repair that the offer has not',
    on: 'both',
    page: () => {
      const sdp = Object.getOwnPropertyDescriptor(RTCSessionDescription.prototype, 'sdp');
      const types = ' 33 34 35';
      const lines = 'a=rtpmap:33 rtx/90000\r\na=rtpmap:34 ulpfec/90000\r\na=rtpmap:35 flexfec-03/90000\r\n';
      Object.defineProperty(RTCSessionDescription.prototype, 'sdp', {
        get(this: RTCSessionDescription) {
          const text = String(sdp?.get?.call(this));
          if (this.type !== 'answer') return text;
          return text
            .replace(/^m=video .*$/m, (line) => `${line}${types}`)
            .replace(/^a=rtpmap:/m, (first) => `${lines}${first}`);
        },
      });
      // Chromium refuses such an answer; what is asked here is whether the scenario sees it.
      const { setRemoteDescription } = RTCPeerConnection.prototype;
      RTCPeerConnection.prototype.setRemoteDescription = function ({ type, sdp: text = '' }) {
        const without = text.replace(types, '').replace(lines, '');
        return Reflect.apply(setRemoteDescription, this, [{ type, sdp: without }]);
      };
    },
    expect: { status: 'fail', phase: 'assert', reason },
  });
}

fault({
  scenario: 'codecs/repair/red-ulpfec',
  name: 'the answer leaves ULPFEC out',
  on: 'answerer',
  page: (kit) => kit.rewriteSdp({ at: 'said' }, (sdp) => sdp.replaceAll('ulpfec/90000', 'x-none/90000')),
  expect: { status: 'fail', phase: 'assert', reason: /the codecs of the answer/ },
});

fault({
  scenario: 'codecs/repair/flexfec',
  name: 'the answerer claims no codec to receive',
  on: 'answerer',
  page: () => {
    RTCRtpReceiver.getCapabilities = () => ({ codecs: [], headerExtensions: [] });
  },
  expect: {
    status: 'unsupported',
    phase: 'launch',
    reason: /answerer chromium has no .*codec:video\/flexfec-03:receive/,
  },
});

fault({
  scenario: 'codecs/repair/opus-fec',
  name: 'FEC is agreed on and not used',
  on: 'offerer',
  page: changeParameter,
  arg: { at: 'heard', name: 'useinbandfec' },
  expect: { status: 'timeout', phase: 'media', reason: /inbound-rtp to count 5 packets with FEC/ },
  // a sender is told of losses in less than ten seconds
  timeoutMs: 20_000,
});
