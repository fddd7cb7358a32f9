/* oxlint-disable typescript/unbound-method -- a fault calls what it replaces by Reflect.apply, with its own `this` */
import { rewriteLines } from '../breakages/sdp.ts';
import { fault } from '../fault.ts';

fault({
  scenario: 'codecs/h264/profile-level-id-respelled',
  name: 'the answerer does not know the other spelling',
  on: 'answerer',
  page: (kit) => kit.rewriteSdp({ at: 'heard' }, (sdp) => sdp.replaceAll('H264/90000', 'X-NOSUCH/90000')),
  expect: { status: 'timeout', phase: 'media', reason: /3 new frames.*, 0 readable.*track ended/s },
});

fault({
  scenario: 'codecs/h264/lower-level-in-answer',
  name: 'the offerer refuses an answer with another level',
  on: 'offerer',
  page: () => {
    const { setRemoteDescription } = RTCPeerConnection.prototype;
    RTCPeerConnection.prototype.setRemoteDescription = function (description) {
      if (description.sdp?.includes('42e00d') === true)
        return Promise.reject(new DOMException('this level was not offered', 'OperationError'));
      return Reflect.apply(setRemoteDescription, this, [description]);
    };
  },
  expect: {
    status: 'fail',
    phase: 'sdp',
    reason: /seen at the offerer.*this level was not offered.*made by the answerer/s,
  },
});

fault({
  scenario: 'codecs/h264/level-asymmetry-not-allowed',
  name: 'the answer names a higher level',
  on: 'answerer',
  page: (kit) => kit.rewriteSdp({ at: 'said' }, (sdp) => sdp.replaceAll('42e00d', '42e01f')),
  expect: { status: 'fail', phase: 'assert', reason: /the level in the answer/ },
  timeoutMs: 12_000,
});

fault({
  scenario: 'codecs/h264/level-asymmetry-allowed',
  name: 'the answer names the lower level',
  on: 'answerer',
  page: (kit) =>
    kit.rewriteSdp({ at: 'said', type: 'answer' }, (text) => text.replaceAll('42e01f', '42e00d')),
  expect: { status: 'fail', phase: 'assert', reason: /the level in the answer/ },
  timeoutMs: 12_000,
});

fault({
  scenario: 'codecs/h264/packetization-mode-mismatch',
  name: 'the answerer leaves every codec in',
  on: 'answerer',
  page: () => {
    RTCRtpTransceiver.prototype.setCodecPreferences = () => undefined;
  },
  expect: { status: 'fail', phase: 'assert', reason: /the port of the video in the answer/ },
  timeoutMs: 12_000,
});

fault({
  scenario: 'codecs/h264/level-symmetric',
  name: 'the answerer hears a lower level',
  on: 'answerer',
  page: rewriteLines,
  arg: { at: 'heard', from: '(profile-level-id=....)..', to: '$10d' },
  expect: { status: 'fail', phase: 'assert', reason: /the level in the answer/ },
});
