/* oxlint-disable typescript/unbound-method -- a fault calls what it replaces by Reflect.apply, with its own `this` */
import { blackAfter, covered, firstLate, frozen } from '../breakages/pictures.ts';
import { noise } from '../breakages/sound.ts';
import { forgotten, scaled } from '../breakages/statistics.ts';
import { fault } from '../fault.ts';
import { videoConfigurations } from './catalogue.ts';

/** What anybody watching and listening would notice at once, although everything connects and frames are decoded. */
const timeoutMs = 15_000;

fault({
  scenario: 'codecs/video/vp8',
  name: 'a picture of half the lines and columns is blown up',
  on: 'offerer',
  page: () => {
    const { captureStream } = HTMLCanvasElement.prototype;
    HTMLCanvasElement.prototype.captureStream = function (...rate) {
      const small = new OffscreenCanvas(this.width / 2, this.height / 2);
      const blownUp = Object.assign(document.createElement('canvas'), {
        width: this.width,
        height: this.height,
      });
      setInterval(() => {
        small.getContext('2d')?.drawImage(this, 0, 0, small.width, small.height);
        blownUp.getContext('2d')?.drawImage(small, 0, 0, blownUp.width, blownUp.height);
      }, 25);
      return Reflect.apply(captureStream, blownUp, rate);
    };
  },
  expect: { status: 'fail', phase: 'assert', reason: /detail: expected/ },
  timeoutMs,
});

fault({
  scenario: 'codecs/video-back/vp8',
  name: 'the picture comes a second and a half late',
  on: 'answerer',
  page: () => {
    const { captureStream } = HTMLCanvasElement.prototype;
    HTMLCanvasElement.prototype.captureStream = function (...rate) {
      const late = Object.assign(document.createElement('canvas'), {
        width: this.width,
        height: this.height,
      });
      late.getContext('2d');
      setInterval(() => {
        const now = new OffscreenCanvas(this.width, this.height);
        now.getContext('2d')?.drawImage(this, 0, 0);
        setTimeout(() => late.getContext('2d')?.drawImage(now, 0, 0), 1500);
      }, 50);
      return Reflect.apply(captureStream, late, rate);
    };
  },
  expect: { status: 'fail', phase: 'assert', reason: /end-to-end delay/ },
  timeoutMs,
});

fault({
  scenario: 'codecs/video/vp9-profile-0',
  name: 'two frames a second are shown of all that are decoded',
  on: 'answerer',
  page: () => {
    const { requestVideoFrameCallback } = HTMLVideoElement.prototype;
    HTMLVideoElement.prototype.requestVideoFrameCallback = function (shown) {
      return Reflect.apply(requestVideoFrameCallback, this, [
        (...frame: Parameters<VideoFrameRequestCallback>) => setTimeout(() => shown(...frame), 500),
      ]);
    };
  },
  expect: { status: 'fail', phase: 'assert', reason: /frames shown of those drawn/ },
  timeoutMs,
});

fault({
  scenario: 'codecs/motion/frame-rate',
  name: 'half of the frames are sent',
  on: 'offerer',
  page: () => {
    const { addTransceiver } = RTCPeerConnection.prototype;
    RTCPeerConnection.prototype.addTransceiver = function (track, init) {
      return Reflect.apply(addTransceiver, this, [track, { ...init, sendEncodings: [{ maxFramerate: 15 }] }]);
    };
  },
  expect: { status: 'fail', phase: 'assert', reason: /frames shown of those drawn/ },
  timeoutMs,
});

fault({
  scenario: 'codecs/negotiation/offerer-order-reversed',
  name: 'the picture is mirrored now and then',
  on: 'offerer',
  page: () => {
    const { captureStream } = HTMLCanvasElement.prototype;
    HTMLCanvasElement.prototype.captureStream = function (...rate) {
      const copy = Object.assign(document.createElement('canvas'), {
        width: this.width,
        height: this.height,
      });
      const context = copy.getContext('2d');
      let count = 0;
      setInterval(() => {
        count += 1;
        context?.setTransform(
          ...((count % 10 < 2 ? [-1, 0, 0, 1, this.width, 0] : [1, 0, 0, 1, 0, 0]) as [1, 0, 0, 1, 0, 0]),
        );
        context?.drawImage(this, 0, 0);
      }, 50);
      return Reflect.apply(captureStream, copy, rate);
    };
  },
  // the last frame may be a mirrored one
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /frames whose code could not be read|largest colour error/,
  },
  timeoutMs,
});

for (const { id, codec } of videoConfigurations.filter(({ alone }) => alone === true)) {
  fault({
    scenario: `codecs/colours/${id}`,
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

for (const [id, name, factor] of [
  ['vp8', 'narrowed', 219 / 255],
  ['av1-profile-0', 'widened twice', 255 / 219],
] as const) {
  fault({
    scenario: `codecs/colours/${id}`,
    name: `the range of the picture is ${name}`,
    on: 'answerer',
    page:
      factor < 1
        ? () => {
            const { getImageData } = CanvasRenderingContext2D.prototype;
            CanvasRenderingContext2D.prototype.getImageData = function (...box) {
              const image = Reflect.apply(getImageData, this, box);
              for (const [at, value] of image.data.entries()) {
                if (at % 4 < 3) image.data[at] = 128 + ((value - 128) * 219) / 255;
              }
              return image;
            };
          }
        : () => {
            const { getImageData } = CanvasRenderingContext2D.prototype;
            CanvasRenderingContext2D.prototype.getImageData = function (...box) {
              const image = Reflect.apply(getImageData, this, box);
              for (const [at, value] of image.data.entries()) {
                if (at % 4 < 3) image.data[at] = 128 + ((value - 128) * 255) / 219;
              }
              return image;
            };
          },
    expect: { status: 'fail', phase: 'assert', reason: /largest (?:colour|grey) error/ },
    timeoutMs,
  });
}

fault({
  scenario: 'codecs/video/h264-42e01f-pm1',
  name: 'the statistics of the receiver name another payload type than those of the sender',
  on: 'answerer',
  page: () => {
    const { getStats } = RTCPeerConnection.prototype;
    RTCPeerConnection.prototype.getStats = async function (...selector) {
      const report = await Reflect.apply(getStats, this, selector);
      const entries = [...report].map(([id, stats]: [string, RTCStats & { payloadType?: number }]) => [
        id,
        stats.payloadType === undefined ? stats : { ...stats, payloadType: stats.payloadType + 1 },
      ]);
      return new Map(entries as [string, RTCStats][]);
    };
  },
  expect: { status: 'fail', phase: 'assert', reason: /of inbound-rtp, against outbound-rtp/ },
  timeoutMs,
});

fault({
  scenario: 'codecs/feedback/nack',
  name: 'the statistics of both sides name a payload type that nobody sends',
  on: 'both',
  page: () => {
    const { getStats } = RTCPeerConnection.prototype;
    RTCPeerConnection.prototype.getStats = async function (...selector) {
      const report = await Reflect.apply(getStats, this, selector);
      const entries = [...report].map(([id, stats]: [string, RTCStats & { payloadType?: number }]) => [
        id,
        stats.payloadType === undefined ? stats : { ...stats, payloadType: stats.payloadType + 1 },
      ]);
      return new Map(entries as [string, RTCStats][]);
    };
  },
  expect: { status: 'fail', phase: 'assert', reason: /packets on the way that have the payload type/ },
  timeoutMs,
});

fault({
  scenario: 'codecs/video/vp8',
  name: 'the statistics of the receiver name a source that the sender does not have',
  on: 'answerer',
  page: scaled,
  arg: { types: ['inbound-rtp'], members: ['ssrc'], by: 0.5 },
  expect: { status: 'fail', phase: 'assert', reason: /the sources of outbound-rtp, against inbound-rtp/ },
  timeoutMs,
});

for (const member of ['packetsReceived', 'bytesReceived']) {
  fault({
    scenario: 'codecs/audio/opus',
    name: `the receiver says four times its ${member}`,
    on: 'answerer',
    page: scaled,
    arg: { types: ['inbound-rtp'], members: [member], by: 4 },
    expect: {
      status: 'fail',
      phase: 'assert',
      reason: new RegExp(`${member} of inbound-rtp, of \\w+ after`),
    },
    timeoutMs,
  });
}

fault({
  scenario: 'codecs/audio/opus',
  name: 'the tone is 26 dB too quiet',
  on: 'offerer',
  page: () => {
    globalThis.GainNode = new Proxy(GainNode, {
      construct: (target, [context, { gain = 1 }]: [BaseAudioContext, GainOptions]) =>
        new target(context, { gain: gain / 20 }),
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /heard level/ },
  timeoutMs,
});

fault({
  scenario: 'codecs/audio/g722',
  name: 'the tone is 1 % too high',
  on: 'offerer',
  page: () => {
    globalThis.OscillatorNode = new Proxy(OscillatorNode, {
      construct: (target, [context, { frequency = 440 }]: [BaseAudioContext, OscillatorOptions]) =>
        new target(context, { frequency: frequency * 1.01 }),
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /heard frequency/ },
  timeoutMs,
});

fault({
  scenario: 'codecs/audio/pcma',
  name: 'the tone is silent a third of the time',
  on: 'offerer',
  page: () => {
    globalThis.GainNode = new Proxy(GainNode, {
      construct: (target, [context, options]: [BaseAudioContext, GainOptions]) => {
        const node = new target(context, options);
        let count = 0;
        setInterval(() => {
          count += 1;
          node.gain.value = count % 3 === 0 ? 0 : (options.gain ?? 1);
        }, 250);
        return node;
      },
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /silence: expected/ },
  timeoutMs,
});

fault({
  scenario: 'codecs/audio/pcmu',
  name: 'there is a second tone beside the right one',
  on: 'offerer',
  page: () => {
    globalThis.GainNode = new Proxy(GainNode, {
      construct: (target, [context, options]: [BaseAudioContext, GainOptions]) => {
        const node = new target(context, options);
        const other = new OscillatorNode(context, { frequency: 1500 });
        other.connect(new target(context, { gain: 0.3 })).connect(node);
        other.start();
        return node;
      },
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /lead over any other tone/ },
  timeoutMs,
});

fault({
  scenario: 'codecs/audio/opus-stereo',
  name: 'each channel has 70 % of the other',
  on: 'offerer',
  page: () => {
    const { connect } = AudioNode.prototype;
    Reflect.set(
      AudioNode.prototype,
      'connect',
      function (this: AudioNode, ...args: [AudioNode, number?, number?]) {
        const [to, , channel = 0] = args;
        if (this instanceof OscillatorNode && to instanceof ChannelMergerNode) {
          const part = new GainNode(this.context, { gain: 0.7 });
          Reflect.apply(connect, this, [part]);
          Reflect.apply(connect, part, [to, 0, 1 - channel]);
        }
        return Reflect.apply(connect, this, args) as unknown;
      },
    );
  },
  expect: { status: 'fail', phase: 'assert', reason: /(?:lead over any other tone|heard level)/ },
  timeoutMs,
});

for (const [what, reason] of [
  // where the call took three seconds to begin, no tone is left
  ['the sound ends after three seconds', /(?:silence|heard level|heard frequency, in Hz: expected null)/],
  ['the picture ends after three seconds', /longest gap/],
] as const) {
  fault({
    scenario: 'codecs/motion/lasting',
    name: what,
    on: 'offerer',
    page: what.includes('sound')
      ? () => {
          globalThis.GainNode = new Proxy(GainNode, {
            construct: (target, [context, options]: [BaseAudioContext, GainOptions]) => {
              const node = new target(context, options);
              setTimeout(() => (node.gain.value = 0), 3500);
              return node;
            },
          });
        }
      : () => {
          const { captureStream } = HTMLCanvasElement.prototype;
          HTMLCanvasElement.prototype.captureStream = function (...rate) {
            const stream = Reflect.apply(captureStream, this, rate);
            const context = this.getContext('2d');
            setTimeout(() => context && (context.fillRect = () => undefined), 3500);
            return stream;
          };
        },
    expect: { status: 'fail', phase: 'assert', reason },
    timeoutMs: 20_000,
  });
}

fault({
  scenario: 'codecs/encodings/active-false',
  name: 'the encoding goes on slowly',
  on: 'offerer',
  page: () => {
    const { setParameters } = RTCRtpSender.prototype;
    RTCRtpSender.prototype.setParameters = function (parameters, ...options) {
      for (const encoding of parameters.encodings) {
        if (encoding.active === false) Object.assign(encoding, { active: true, maxFramerate: 1 });
      }
      return Reflect.apply(setParameters, this, [parameters, ...options]);
    };
  },
  expect: { status: 'timeout', phase: 'media', reason: /packets and frames to stop/ },
  timeoutMs: 8000,
});

fault({
  scenario: 'codecs/encodings/active-false',
  name: 'it takes three seconds until the encoding stops',
  on: 'offerer',
  page: () => {
    const { setParameters } = RTCRtpSender.prototype;
    RTCRtpSender.prototype.setParameters = function (parameters, ...options) {
      const set = () => Reflect.apply(setParameters, this, [parameters, ...options]);
      if (parameters.encodings.every(({ active }) => active !== false)) return set();
      setTimeout(() => {
        const now = this.getParameters();
        for (const encoding of now.encodings) encoding.active = false;
        void Reflect.apply(setParameters, this, [now]);
      }, 3000);
      return Promise.resolve();
    };
  },
  expect: { status: 'fail', phase: 'assert', reason: /time to the last frame/ },
  timeoutMs: 20_000,
});

fault({
  scenario: 'codecs/encodings/max-bitrate',
  name: 'the limit is kept for a moment',
  on: 'offerer',
  page: () => {
    const { setParameters } = RTCRtpSender.prototype;
    RTCRtpSender.prototype.setParameters = function (parameters, ...options) {
      setTimeout(() => {
        const now = this.getParameters();
        for (const encoding of now.encodings) delete encoding.maxBitrate;
        void Reflect.apply(setParameters, this, [now]);
      }, 1700);
      return Reflect.apply(setParameters, this, [parameters, ...options]);
    };
  },
  expect: { status: 'fail', phase: 'assert', reason: /bitrate held/ },
  timeoutMs: 20_000,
});

for (const [id, timeout] of [
  ['both-sides', timeoutMs],
  ['audio-both-sides', timeoutMs],
] as const) {
  fault({
    scenario: `codecs/transform/${id}`,
    name: 'both sides leave the transform out',
    on: 'both',
    page: () => {
      for (const { prototype } of [RTCRtpSender, RTCRtpReceiver]) {
        Object.defineProperty(prototype, 'transform', { set() {} });
      }
    },
    expect: { status: 'fail', phase: 'assert', reason: /encoded frames that the sender changed/ },
    timeoutMs: timeout,
  });
}

fault({
  scenario: 'codecs/extensions/rid',
  name: 'the larger encoding is never sent',
  on: 'offerer',
  page: () => {
    const { setRemoteDescription } = RTCPeerConnection.prototype;
    RTCPeerConnection.prototype.setRemoteDescription = async function (description) {
      await Reflect.apply(setRemoteDescription, this, [description]);
      for (const sender of this.getSenders()) {
        const parameters = sender.getParameters();
        for (const encoding of parameters.encodings) encoding.active = encoding.rid !== 'hi';
        await sender.setParameters(parameters);
      }
    };
  },
  expect: { status: 'fail', phase: 'assert', reason: /packets of the picture hi/ },
  timeoutMs,
});

fault({
  scenario: 'codecs/extensions/extmap-allow-mixed',
  name: 'the answer leaves out what has an id above 14',
  on: 'answerer',
  page: (kit) => kit.rewriteSdp({ at: 'heard' }, (sdp) => sdp.replaceAll(/^a=extmap:16 .*\r\n/gm, '')),
  expect: { status: 'fail', phase: 'assert', reason: /what has id 16 in the offer/ },
});

fault({
  scenario: 'codecs/negotiation/vp9-profile-claimed-or-left-out',
  name: 'the answer leaves out a profile that is claimed',
  on: 'answerer',
  page: (kit) => kit.rewriteSdp({ at: 'heard' }, (sdp) => sdp.replaceAll('VP9/90000', 'X-NOSUCH/90000')),
  expect: { status: 'fail', phase: 'assert', reason: /VP8 and VP9 in the answer/ },
  timeoutMs,
});

fault({
  scenario: 'codecs/video/vp8',
  name: 'the picture is black for its first second',
  on: 'answerer',
  page: blackAfter,
  arg: { place: 'shown', ms: 1000, until: true },
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /time from first frame to third new one|time to first frame/,
  },
  timeoutMs,
});

fault({
  scenario: 'codecs/video-back/vp8',
  name: 'the first frame stands still for a second',
  on: 'offerer',
  page: frozen,
  arg: { place: 'shown', afterMs: 0, forMs: 1000 },
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /time from first frame to third new one|time to first frame/,
  },
  timeoutMs,
});

fault({
  scenario: 'codecs/video/vp9-profile-0',
  name: 'the first frame comes three seconds late',
  on: 'answerer',
  page: firstLate,
  arg: { place: 'shown', ms: 3000 },
  expect: { status: 'fail', phase: 'assert', reason: /time to first frame/ },
  timeoutMs,
});

fault({
  scenario: 'codecs/encodings/scale-down',
  name: 'the lowest quarter is a grey bar, and the sender scales the picture',
  on: 'answerer',
  page: covered,
  arg: { place: 'shown', box: [0, 0.75, 1, 1], colour: 'rgb(128 128 128)' },
  expect: { status: 'fail', phase: 'assert', reason: /frames whose lowest part is not their own/ },
  timeoutMs,
});

fault({
  scenario: 'codecs/audio/opus',
  name: 'noise is heard beside the tone',
  on: 'answerer',
  page: noise,
  arg: { place: 'heard', amplitude: 0.05 },
  expect: { status: 'fail', phase: 'assert', reason: /lead over all the rest/ },
  timeoutMs,
});

for (const member of ['packetsReceived', 'bytesReceived', 'framesDecoded']) {
  fault({
    scenario: 'codecs/video/vp8',
    name: `the receiver counts a quarter: ${member}`,
    on: 'answerer',
    page: scaled,
    arg: { types: ['inbound-rtp'], members: [member], by: 0.25 },
    expect: { status: 'fail', phase: 'assert', reason: new RegExp(`${member} of inbound-rtp, of `) },
    timeoutMs,
  });
}

fault({
  scenario: 'codecs/video/vp8',
  name: 'the receiver counts no packets',
  on: 'answerer',
  page: forgotten,
  arg: { types: ['inbound-rtp'], members: ['packetsReceived'] },
  expect: { status: 'fail', phase: 'assert', reason: /packetsReceived of inbound-rtp.*NaN/ },
  timeoutMs,
});

fault({
  scenario: 'codecs/audio/opus',
  name: 'the sender counts no bytes',
  on: 'offerer',
  page: forgotten,
  arg: { types: ['outbound-rtp'], members: ['bytesSent'] },
  expect: { status: 'fail', phase: 'assert', reason: /bytesReceived of inbound-rtp.*NaN/ },
  timeoutMs,
});
