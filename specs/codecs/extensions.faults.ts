/* oxlint-disable typescript/unbound-method -- a fault calls what it replaces by Reflect.apply, with its own `this` */
import { fault } from '../fault.ts';

const named = [
  'mid',
  'abs-send-time',
  'transport-wide-sequence-number',
  'video-orientation',
  'dependency-descriptor',
  'audio-level',
];

for (const id of named) {
  fault({
    scenario: `codecs/extensions/${id}`,
    name: 'the answer has no extension',
    on: 'answerer',
    page: (kit) => kit.rewriteSdp({ at: 'said' }, (sdp) => sdp.replaceAll(/^a=extmap:.*\r\n/gm, '')),
    expect: { status: 'fail', phase: 'assert', reason: /the id in the answer/ },
  });
}

for (const [id, status, phase, reason] of [
  ...named
    .filter((id) => !['audio-level', 'dependency-descriptor'].includes(id))
    .map((id) => [id, 'fail', 'assert', /packets that carry extension/] as const),
  ['audio-level', 'fail', 'assert', /the level in the last packet/],
  ['mid-demultiplexing', 'timeout', 'media', /3 new frames/],
] as const) {
  fault({
    scenario: `codecs/extensions/${id}`,
    name: 'the sender reads no extension in the answer',
    on: 'offerer',
    page: (kit) => kit.rewriteSdp({ at: 'heard' }, (sdp) => sdp.replaceAll(/^a=extmap:.*\r\n/gm, '')),
    expect: { status, phase, reason },
  });
}

fault({
  scenario: 'codecs/extensions/dependency-descriptor',
  name: 'the sender reads no dependency descriptor in the answer',
  on: 'offerer',
  page: (kit) =>
    kit.rewriteSdp({ at: 'heard' }, (sdp) => sdp.replaceAll(/^a=extmap:.*dependency-descriptor.*\r\n/gm, '')),
  expect: { status: 'fail', phase: 'assert', reason: /packets that carry extension/ },
});

fault({
  scenario: 'codecs/extensions/rid',
  name: 'the encoding that is picked is half as large as it should be',
  on: 'offerer',
  page: () => {
    const { addTransceiver } = RTCPeerConnection.prototype;
    RTCPeerConnection.prototype.addTransceiver = function (track, init) {
      const encodings = init?.sendEncodings?.map((encoding) =>
        encoding.rid === 'lo' ? { ...encoding, scaleResolutionDownBy: 4 } : encoding,
      );
      return Reflect.apply(addTransceiver, this, [track, { ...init, sendEncodings: encodings ?? [] }]);
    };
  },
  expect: { status: 'fail', phase: 'assert', reason: /the size of the picture/ },
});

for (const id of ['mid-demultiplexing', 'above-14-understood'])
  fault({
    scenario: `codecs/extensions/${id}`,
    name: 'both m-lines send the first picture',
    on: 'offerer',
    page: () => {
      const { addTransceiver } = RTCPeerConnection.prototype;
      let first: MediaStreamTrack | undefined;
      RTCPeerConnection.prototype.addTransceiver = function (track, init) {
        if (track instanceof MediaStreamTrack) first ??= track;
        return Reflect.apply(addTransceiver, this, [first ?? track, init]);
      };
    },
    expect: { status: 'fail', phase: 'assert', reason: /the pictures at the m-lines/ },
  });

fault({
  scenario: 'codecs/extensions/audio-level',
  name: 'the tone is a tenth as loud',
  on: 'offerer',
  page: () => {
    globalThis.GainNode = new Proxy(GainNode, {
      construct: (target, [context]: [BaseAudioContext]) => new target(context, { gain: 0.05 }),
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /heard level, in dBFS/ },
});

fault({
  scenario: 'codecs/extensions/audio-level-left-out',
  name: 'the receiver names a level that nobody sent',
  on: 'answerer',
  page: () => {
    RTCRtpReceiver.prototype.getSynchronizationSources = () => [
      { source: 1, timestamp: 1, rtpTimestamp: 1, audioLevel: 0.5 },
    ];
  },
  expect: { status: 'fail', phase: 'assert', reason: /audioLevel of the synchronization source/ },
});

fault({
  scenario: 'codecs/extensions/unknown-left-out',
  name: 'the answer takes the unknown extension',
  on: 'answerer',
  page: (kit) => kit.rewriteSdp({ at: 'said' }, (sdp) => `${sdp}a=extmap:14 urn:example:nosuch\r\n`),
  expect: { status: 'fail', phase: 'assert', reason: /the extensions of the answer.*nosuch/s },
});

for (const [id, on] of [
  ['ids-kept-on-reoffer', 'answerer'],
  ['ids-kept-by-answerer', 'offerer'],
] as const) {
  fault({
    scenario: `codecs/extensions/${id}`,
    name: 'the second answer has an extension less',
    on,
    page: (kit) =>
      kit.rewriteSdp({ at: 'said', type: 'answer' }, (sdp) =>
        sdp.includes('m=audio') ? sdp.replaceAll(/^a=extmap:.*abs-send-time\r\n/gm, '') : sdp,
      ),
    expect: { status: 'fail', phase: 'assert', reason: /the ids of the second answer/ },
  });
}

fault({
  scenario: 'codecs/extensions/extmap-allow-mixed',
  name: 'the answer does not allow mixed headers',
  on: 'answerer',
  page: (kit) => kit.rewriteSdp({ at: 'said' }, (sdp) => sdp.replaceAll('a=extmap-allow-mixed\r\n', '')),
  expect: { status: 'fail', phase: 'assert', reason: /extmap-allow-mixed in the answer/ },
});

fault({
  scenario: 'codecs/extensions/extmap-allow-mixed-left-out',
  name: 'the answer allows mixed headers',
  on: 'answerer',
  page: (kit) => kit.rewriteSdp({ at: 'said' }, (sdp) => `${sdp}a=extmap-allow-mixed\r\n`),
  expect: { status: 'fail', phase: 'assert', reason: /extmap-allow-mixed in the answer/ },
});

for (const [id, on, reason] of [
  ['above-14-sent', 'answerer', /the ids of the mid in the answer/],
  ['above-14-understood', 'answerer', /the ids of the mid in the answer/],
  ['above-14-by-api', 'answerer', /the largest id that packets carry/],
] as const) {
  fault({
    scenario: `codecs/extensions/${id}`,
    name: 'the answer has no id above 14',
    on,
    page: (kit) =>
      kit.rewriteSdp({ at: 'said', type: 'answer' }, (sdp) =>
        sdp.replaceAll(/^a=extmap:(?:1[5-9]|\d{3,}|[2-9]\d).*\r\n/gm, ''),
      ),
    expect: { status: 'fail', phase: 'assert', reason },
    timeoutMs: 10_000,
  });
}

fault({
  scenario: 'codecs/extensions/above-14-sent',
  name: 'the sender knows no id above 14',
  on: 'answerer',
  page: (kit) => {
    // what it says is what it heard
    const extension = /^a=extmap:20 .*\r\n/m;
    let heard = '';
    kit.rewriteSdp({ at: 'heard', type: 'offer' }, (sdp) => {
      heard = extension.exec(sdp)?.[0] ?? '';
      return sdp.replace(extension, '');
    });
    kit.rewriteSdp({ at: 'said', type: 'answer' }, (sdp) => `${sdp}${heard}`);
  },
  expect: { status: 'fail', phase: 'assert', reason: /the mids that packets carry as 20: expected Set\{\}/ },
  timeoutMs: 10_000,
});
