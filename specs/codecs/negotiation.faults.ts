/* oxlint-disable typescript/unbound-method -- a fault calls what it replaces by Reflect.apply, with its own `this` */
import { rewriteLines } from '../breakages/sdp.ts';
import { addTrackWrongly, forceDirection } from '../breakages/senders.ts';
import { fault } from '../fault.ts';

const timeoutMs = 12_000;

for (const [id, on, check] of [
  ['offerer-order', 'offerer', /the order in the answer/],
  ['answerer-preference', 'answerer', /the order in the answer/],
  ['answerer-subset', 'answerer', /the codecs of the answer/],
  ['asymmetric', 'answerer', /the codec that the answerer receives/],
] as const) {
  fault({
    scenario: `codecs/negotiation/${id}`,
    name: `the ${on} has VP8 first, and every other codec too`,
    on,
    page: () => {
      const { setCodecPreferences } = RTCRtpTransceiver.prototype;
      RTCRtpTransceiver.prototype.setCodecPreferences = function () {
        const isVp8 = ({ mimeType }: RTCRtpCodec) => mimeType === 'video/VP8';
        const all = RTCRtpReceiver.getCapabilities('video')?.codecs ?? [];
        const sorted = all.toSorted((a, b) => Number(isVp8(b)) - Number(isVp8(a)));
        Reflect.apply(setCodecPreferences, this, [sorted]);
      };
    },
    expect: { status: 'fail', phase: 'assert', reason: check },
    timeoutMs,
  });
}

fault({
  scenario: 'codecs/negotiation/offerer-order-reversed',
  name: 'the answerer prefers VP9',
  on: 'answerer',
  page: () => {
    const { createAnswer } = RTCPeerConnection.prototype;
    RTCPeerConnection.prototype.createAnswer = function (): Promise<RTCSessionDescriptionInit> &
      Promise<void> {
      const codecs = RTCRtpReceiver.getCapabilities('video')?.codecs ?? [];
      const isVp9 = ({ mimeType }: RTCRtpCodec) => mimeType === 'video/VP9';
      const sorted = codecs.toSorted((a, b) => Number(isVp9(b)) - Number(isVp9(a)));
      for (const transceiver of this.getTransceivers()) transceiver.setCodecPreferences(sorted);
      return Reflect.apply(createAnswer, this, []);
    };
  },
  expect: { status: 'fail', phase: 'assert', reason: /the order in the answer/ },
  timeoutMs,
});

for (const id of ['no-common-codec', 'no-common-codec-in-first-section']) {
  fault({
    scenario: `codecs/negotiation/${id}`,
    name: 'the offer keeps its codecs',
    on: 'offerer',
    page: () => {
      Reflect.set(String.prototype, 'replaceAll', function (this: string) {
        return this.concat();
      });
    },
    // the scenario's own edit then changes nothing, and the scenario says so rather than blame a browser
    expect: { status: 'error', phase: 'sdp', reason: /outgoing edit changed no description/ },
    timeoutMs,
  });
}

fault({
  scenario: 'codecs/negotiation/unknown-codec-ignored',
  name: 'the answer takes the unknown codec',
  on: 'answerer',
  page: (kit) =>
    kit.rewriteSdp({ at: 'said', type: 'answer' }, (text) =>
      text
        .replace(/^(m=video .*)$/m, '$1 34')
        .replace(/^(a=rtpmap:.*)$/m, '$1\r\na=rtpmap:34 X-NOSUCH/90000'),
    ),
  expect: { status: 'fail', phase: 'assert', reason: /the codecs of the answer.*X-NOSUCH/s },
  timeoutMs,
});

fault({
  scenario: 'codecs/negotiation/reoffer-stable',
  name: 'the second offer has fewer codecs',
  on: 'offerer',
  page: () => {
    const { createOffer } = RTCPeerConnection.prototype;
    RTCPeerConnection.prototype.createOffer = function (): Promise<RTCSessionDescriptionInit> &
      Promise<void> {
      const codecs = RTCRtpReceiver.getCapabilities('video')?.codecs ?? [];
      if (this.remoteDescription) {
        for (const transceiver of this.getTransceivers()) {
          transceiver.setCodecPreferences(codecs.filter(({ mimeType }) => mimeType === 'video/VP9'));
        }
      }
      return Reflect.apply(createOffer, this, []);
    };
  },
  expect: { status: 'fail', phase: 'assert', reason: /the codecs of the second offer/ },
  timeoutMs,
});

fault({
  scenario: 'codecs/negotiation/payload-type-remap',
  name: 'the second offer keeps its numbers',
  on: 'offerer',
  page: () => {
    const { setLocalDescription } = RTCPeerConnection.prototype;
    RTCPeerConnection.prototype.setLocalDescription = function () {
      return Reflect.apply(setLocalDescription, this, []);
    };
  },
  expect: { status: 'timeout', phase: 'media', reason: /inbound-rtp to name another payload type/ },
});

fault({
  scenario: 'codecs/negotiation/payload-type-collision',
  name: 'the second video has VP8 and VP9 the other way round',
  on: 'answerer',
  page: (kit) =>
    kit.rewriteSdp({ at: 'said', type: 'offer' }, (text) => {
      const second = text.lastIndexOf('m=video');
      const other = (name: string) => (name === 'VP8' ? 'VP9' : 'VP8');
      return text.slice(0, second) + text.slice(second).replaceAll(/VP[89]/g, other);
    }),
  expect: { status: 'fail', phase: 'assert', reason: /payload types with two meanings in the second offer/ },
});

for (const [id, on] of [
  ['remote-description-as-set', 'offerer'],
  ['remote-offer-as-set', 'answerer'],
] as const) {
  fault({
    scenario: `codecs/negotiation/${id}`,
    name: 'remoteDescription has no parameters',
    on,
    page: rewriteLines,
    arg: { at: 'kept', from: '^a=fmtp:.*\\r\\n' },
    expect: { status: 'fail', phase: 'assert', reason: /the codecs of remoteDescription/ },
    timeoutMs,
  });
}

fault({
  scenario: 'codecs/negotiation/remote-description-as-set',
  name: 'remoteDescription names another profile',
  on: 'offerer',
  page: (kit) =>
    kit.rewriteSdp({ at: 'kept', type: 'answer' }, (text) => text.replaceAll('profile=0', 'profile=5')),
  expect: { status: 'fail', phase: 'assert', reason: /the codecs of remoteDescription/ },
  timeoutMs,
});

fault({
  scenario: 'codecs/negotiation/directions',
  name: 'every m-line is sendrecv',
  on: 'offerer',
  page: forceDirection,
  arg: { direction: 'sendrecv' },
  expect: { status: 'fail', phase: 'assert', reason: /the directions of the offer/ },
});

fault({
  scenario: 'codecs/negotiation/streams',
  name: 'tracks are in no stream',
  on: 'offerer',
  page: addTrackWrongly,
  arg: { how: 'no-stream' },
  expect: { status: 'fail', phase: 'assert', reason: /the ids of the streams of each track/ },
});
