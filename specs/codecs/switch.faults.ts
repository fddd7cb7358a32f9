/* oxlint-disable typescript/unbound-method -- a fault calls what it replaces by Reflect.apply, with its own `this` */
import { fault } from '../fault.ts';

fault({
  scenario: 'codecs/switch/renegotiate',
  name: 'the sender keeps its first preferences',
  on: 'offerer',
  page: () => {
    const { setCodecPreferences } = RTCRtpTransceiver.prototype;
    RTCRtpTransceiver.prototype.setCodecPreferences = function (codecs) {
      if (this.mid === null) Reflect.apply(setCodecPreferences, this, [codecs]);
    };
  },
  expect: { status: 'timeout', phase: 'media', reason: /inbound-rtp to name video\/VP9/ },
  timeoutMs: 8000,
});

fault({
  scenario: 'codecs/switch/set-parameters',
  name: 'the sender does not set the codec',
  on: 'offerer',
  page: () => {
    RTCRtpSender.prototype.setParameters = () => Promise.resolve();
  },
  expect: { status: 'timeout', phase: 'media', reason: /inbound-rtp to name video\/VP9/ },
  timeoutMs: 8000,
});
