/* oxlint-disable typescript/unbound-method -- a fault calls what it replaces by Reflect.apply, with its own `this` */
import { failing } from '../breakages/states.ts';
import { fault } from '../fault.ts';

const timeoutMs = 6000;

const encodingsAreLeftOut = () => {
  const { addTransceiver } = RTCPeerConnection.prototype;
  RTCPeerConnection.prototype.addTransceiver = function (track, init) {
    return Reflect.apply(addTransceiver, this, [track, { ...init, sendEncodings: [] }]);
  };
};

const parametersStay = () => {
  RTCRtpSender.prototype.setParameters = () => Promise.resolve();
};

const pictureIsHalved = () => {
  const { addTransceiver } = RTCPeerConnection.prototype;
  RTCPeerConnection.prototype.addTransceiver = function (track, init) {
    const sendEncodings = [{ ...init?.sendEncodings?.[0], scaleResolutionDownBy: 2 }];
    return Reflect.apply(addTransceiver, this, [track, { ...init, sendEncodings }]);
  };
};

for (const [name, what, page] of [
  ['active-false', 'the sender goes on', parametersStay],
  ['inactive-at-first', 'the encoding is active', encodingsAreLeftOut],
] as const) {
  fault({
    scenario: `codecs/encodings/${name}`,
    name: what,
    on: 'offerer',
    page,
    expect: {
      status: 'timeout',
      phase: 'media',
      reason: /packets and frames to stop; last seen: [1-9]\d* packets/,
    },
  });
}

fault({
  scenario: 'codecs/encodings/active-false',
  name: 'the sender never begins again',
  on: 'offerer',
  page: () => {
    const { setParameters } = RTCRtpSender.prototype;
    RTCRtpSender.prototype.setParameters = function (parameters, ...options) {
      return parameters.encodings[0]?.active === true
        ? Promise.resolve()
        : Reflect.apply(setParameters, this, [parameters, ...options]);
    };
  },
  expect: { status: 'timeout', phase: 'media', reason: /3 new frames; last seen: 0 frames/ },
  timeoutMs,
});

for (const name of ['scale-down', 'scale-down-by-4', 'scale-down-by-2-5']) {
  fault({
    scenario: `codecs/encodings/${name}`,
    name: 'the picture is sent as large as it is',
    on: 'offerer',
    page: encodingsAreLeftOut,
    expect: { status: 'fail', phase: 'assert', reason: /the size of the picture/ },
    timeoutMs,
  });
}

fault({
  scenario: 'codecs/encodings/scale-down-in-mid-call',
  name: 'the sender keeps its first parameters',
  on: 'offerer',
  page: parametersStay,
  expect: { status: 'timeout', phase: 'media', reason: /a readable picture of 160×120.*320×240/s },
});

fault({
  scenario: 'codecs/encodings/max-framerate',
  name: 'every frame is sent',
  on: 'offerer',
  page: encodingsAreLeftOut,
  expect: { status: 'fail', phase: 'assert', reason: /frames arrived/ },
  timeoutMs,
});

fault({
  scenario: 'codecs/encodings/max-framerate',
  name: 'no more frames are drawn than may be sent',
  on: 'offerer',
  page: () => {
    const { setInterval } = globalThis;
    Reflect.set(globalThis, 'setInterval', (run: () => void, ms: number) =>
      Reflect.apply(setInterval, globalThis, [run, ms === 50 ? 200 : ms]),
    );
  },
  expect: { status: 'fail', phase: 'assert', reason: /frames drawn/ },
  timeoutMs,
});

fault({
  scenario: 'codecs/encodings/max-bitrate',
  name: 'the sender takes what it likes',
  on: 'offerer',
  page: parametersStay,
  expect: {
    status: 'timeout',
    phase: 'media',
    reason: /1 s with more than 0 and less than 140000 bits/,
  },
});

for (const name of ['answered-without', 'high-first']) {
  fault({
    scenario: `codecs/encodings/simulcast-rids-${name}`,
    name: 'the offer has one layer',
    on: 'offerer',
    page: encodingsAreLeftOut,
    expect: { status: 'fail', phase: 'assert', reason: /the layers of the offer/ },
    timeoutMs,
  });
}

for (const preference of ['maintain-resolution', 'maintain-framerate', 'balanced']) {
  fault({
    scenario: `codecs/encodings/degradation-preference-${preference}`,
    name: 'the preference is not kept',
    on: 'offerer',
    page: () => {
      const { setParameters } = RTCRtpSender.prototype;
      RTCRtpSender.prototype.setParameters = function (parameters) {
        const others = { ...parameters };
        delete others.degradationPreference;
        return Reflect.apply(setParameters, this, [others]);
      };
    },
    expect: { status: 'fail', phase: 'assert', reason: /the preference after negotiating/ },
    timeoutMs,
  });
}

for (const name of [
  'degradation-preference-maintain-resolution',
  'content-hint-detail',
  'content-hint-text',
]) {
  fault({
    scenario: `codecs/encodings/${name}`,
    name: 'the picture is half as large',
    on: 'offerer',
    page: pictureIsHalved,
    expect: { status: 'fail', phase: 'assert', reason: /the size of the picture/ },
    timeoutMs,
  });
}

fault({
  scenario: 'codecs/encodings/content-hint-detail',
  name: 'the hint is ignored',
  on: 'offerer',
  page: () => {
    Object.defineProperty(MediaStreamTrack.prototype, 'contentHint', { set() {} });
  },
  expect: { status: 'fail', phase: 'assert', reason: /the size of the picture/ },
  timeoutMs,
});

fault({
  scenario: 'codecs/encodings/content-hint-motion',
  name: 'the picture is drawn in the wrong colours',
  on: 'offerer',
  page: () => {
    const style = Object.getOwnPropertyDescriptor(CanvasRenderingContext2D.prototype, 'fillStyle');
    Object.defineProperty(CanvasRenderingContext2D.prototype, 'fillStyle', {
      set(this: CanvasRenderingContext2D, value: string) {
        style?.set?.call(this, value.startsWith('rgb(220 30 30') ? 'rgb(30 220 30)' : value);
      },
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /largest colour error/ },
  timeoutMs,
});

fault({
  scenario: 'codecs/encodings/scale-down-in-mid-call',
  name: 'setParameters never settles',
  on: 'offerer',
  page: failing,
  arg: { on: 'RTCRtpSender', name: 'setParameters', how: 'never' },
  expect: { status: 'timeout', phase: 'media', reason: /offerer.*setParameters to settle/ },
});
