/* oxlint-disable typescript/unbound-method -- a fault calls what it replaces by Reflect.apply, with its own `this` */
import { scaled } from '../breakages/statistics.ts';
import { fault } from '../fault.ts';
import { audioConfigurations } from './catalogue.ts';

for (const { id, codec } of audioConfigurations) {
  fault({
    scenario: `codecs/audio/${id}`,
    name: 'the answerer claims no codec to receive',
    on: 'answerer',
    page: () => {
      RTCRtpReceiver.getCapabilities = () => ({ codecs: [], headerExtensions: [] });
    },
    expect: {
      status: 'unsupported',
      phase: 'launch',
      reason: new RegExp(`answerer chromium has no codec:${codec}:receive`),
    },
  });
}

for (const id of ['opus', 'pcmu']) {
  fault({
    scenario: `codecs/audio/${id}`,
    name: 'the tone is an octave too high',
    on: 'offerer',
    page: () => {
      globalThis.OscillatorNode = new Proxy(OscillatorNode, {
        construct: (target, [context, options]: [BaseAudioContext, OscillatorOptions]) =>
          new target(context, { ...options, frequency: (options.frequency ?? 440) * 2 }),
      });
    },
    expect: { status: 'timeout', phase: 'media', reason: /a tone of 440 Hz.*"frequency":8[78]/s },
  });
}

fault({
  scenario: 'codecs/audio/opus',
  name: 'the receiver counts no samples',
  on: 'answerer',
  page: scaled,
  arg: { types: ['inbound-rtp'], members: ['totalSamplesReceived'], by: 0 },
  expect: { status: 'fail', phase: 'assert', reason: /totalSamplesReceived of inbound-rtp/ },
});

fault({
  scenario: 'codecs/audio/opus',
  name: 'the source is silent',
  on: 'offerer',
  page: () => {
    OscillatorNode.prototype.start = () => undefined;
  },
  expect: { status: 'timeout', phase: 'media', reason: /a tone of 440 Hz.*"frequency":null/s },
});

fault({
  scenario: 'codecs/audio/opus',
  name: 'the offerer hangs on its AudioContext and never offers',
  on: 'offerer',
  page: () => {
    AudioContext.prototype.resume = () => new Promise(() => undefined);
    Object.defineProperty(AudioContext.prototype, 'state', { get: () => 'suspended' });
  },
  expect: {
    status: 'timeout',
    phase: 'media',
    reason: /seen at the offerer \(chromium\): waited.*AudioContext/,
  },
});

fault({
  scenario: 'codecs/audio/opus-stereo',
  name: 'the right channel is muted',
  on: 'offerer',
  page: () => {
    OscillatorNode.prototype.start = function () {
      if (this.frequency.value < 900) Reflect.apply(AudioScheduledSourceNode.prototype.start, this, []);
    };
  },
  expect: { status: 'timeout', phase: 'media', reason: /a tone of 440 and 1000 Hz.*"frequency":null/s },
});

for (const [id, reason, status] of [
  ['opus-stereo', /a tone of 440 and 1000 Hz/, 'timeout'],
  ['opus-dtx', /a second with at most [\d.]+ packets/, 'timeout'],
  ['opus-cbr', /bytes a packet in silence/, 'fail'],
  ['opus-maxaveragebitrate', /bits a second/, 'fail'],
] as const) {
  fault({
    scenario: `codecs/audio/${id}`,
    name: 'the sender does not hear what the receiver asks for',
    on: 'offerer',
    page: (kit) =>
      kit.rewriteSdp({ at: 'heard' }, (sdp) =>
        sdp.replaceAll(/;?(?:sprop-)?(?:stereo|usedtx|cbr|maxaveragebitrate)=\d+/g, ''),
      ),
    expect: { status, phase: status === 'fail' ? 'assert' : 'media', reason },
    timeoutMs: status === 'fail' ? 12_000 : 8000,
  });
}

fault({
  scenario: 'codecs/audio/opus-fec-negotiated',
  name: 'the answer says that in-band FEC is not used',
  on: 'answerer',
  page: (kit) => kit.rewriteSdp({ at: 'said' }, (sdp) => sdp.replaceAll('useinbandfec=1', 'useinbandfec=0')),
  expect: { status: 'fail', phase: 'assert', reason: /the parameters of Opus in the answer.*useinbandfec/s },
});

for (const [id, reason] of [
  ['red-opus', /the codec that heads the agreed m-line.*audio\/opus/s],
  ['cn', /the codecs of the answer/],
] as const) {
  fault({
    scenario: `codecs/audio/${id}`,
    name: 'RED and comfort noise are stripped from the offer',
    on: 'offerer',
    page: () => {
      const { setCodecPreferences } = RTCRtpTransceiver.prototype;
      RTCRtpTransceiver.prototype.setCodecPreferences = function (codecs) {
        const plain = [...codecs].filter(({ mimeType }) => !['audio/red', 'audio/CN'].includes(mimeType));
        Reflect.apply(setCodecPreferences, this, [plain]);
      };
    },
    expect: { status: 'fail', phase: 'assert', reason },
    timeoutMs: 12_000,
  });
}
