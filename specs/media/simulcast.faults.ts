import { dropCodec, rewriteLines } from '../breakages/sdp.ts';
import { ignoreEncoding, scaleEncoding } from '../breakages/senders.ts';
import { fault } from '../fault.ts';
import type { Kit } from '../kit/kit.ts';

const timeoutMs = 20_000;

for (const name of ['low-first', 'high-first', 'small-low-first', 'small-high-first']) {
  fault({
    scenario: `media/simulcast/${name}`,
    name: 'every layer is half as large',
    // Chromium does not send all layers of a small picture
    ...(name.startsWith('small-') ? { pair: ['firefox', 'firefox'] } : {}),
    on: 'offerer',
    page: scaleEncoding,
    arg: { member: 'scaleResolutionDownBy', by: 2 },
    expect: { status: 'fail', phase: 'assert', reason: /the layers and their sizes/ },
    timeoutMs,
  });
}

/** Layers get each other's scales. */
const scalesChangePlaces = (kit: Kit) =>
  kit.wrap(
    RTCPeerConnection.prototype,
    'addTransceiver',
    (_, [track, init]: [unknown, RTCRtpTransceiverInit?], add) => {
      const encodings = init?.sendEncodings ?? [];
      kit.bit();
      const sendEncodings = encodings.map((encoding, at) => ({
        ...encoding,
        scaleResolutionDownBy: 2 ** at,
      }));
      return add(track, { ...init, sendEncodings });
    },
  );

for (const name of ['low-first', 'default-scale']) {
  fault({
    scenario: `media/simulcast/${name}`,
    name: 'the first layer is the largest',
    on: 'offerer',
    page: scalesChangePlaces,
    expect: { status: 'fail', phase: 'assert', reason: /the layers and their sizes/ },
    timeoutMs,
  });
}

for (const [name, rid] of [
  ['low-first', 'low'],
  ['low-first', 'high'],
  ['high-first', 'low'],
  ['default-scale', 'high'],
] as const) {
  fault({
    scenario: `media/simulcast/${name}`,
    name: `the layer ${rid} is never sent`,
    on: 'offerer',
    page: rewriteLines,
    arg: {
      at: 'heard',
      type: 'answer',
      from: `^a=rid:${rid} recv\\r\\n|(?<=^a=simulcast:.*);${rid}|(?<=^a=simulcast:recv )${rid};`,
    },
    expect: {
      status: 'timeout',
      phase: 'media',
      reason: new RegExp(`8 new frames of the layer ${rid}; last seen: 0 frames`),
    },
    timeoutMs,
  });
}

/** Where one layer is switched off, all are. */
const allStop = (kit: Kit) =>
  kit.wrap(
    RTCRtpSender.prototype,
    'setParameters',
    (_, [parameters, ...options]: [RTCRtpSendParameters, ...unknown[]], set) => {
      if (parameters.encodings.every(({ active }) => active)) return set(parameters, ...options);
      kit.bit();
      const encodings = parameters.encodings.map((encoding) => ({ ...encoding, active: false }));
      return set({ ...parameters, encodings }, ...options);
    },
  );

for (const rid of ['low', 'middle', 'high']) {
  fault({
    scenario: `media/simulcast/${rid}-inactive`,
    name: 'the other layers stop, too',
    on: 'offerer',
    page: allStop,
    expect: { status: 'fail', phase: 'assert', reason: /frames of the layer \w+ meanwhile/ },
    timeoutMs,
  });
}

// These take all of their time, with three layers to encode: the same body asks about each layer, so one is enough.
fault({
  scenario: 'media/simulcast/middle-inactive',
  name: 'active: false is ignored',
  on: 'offerer',
  page: ignoreEncoding,
  arg: { member: 'active', value: true },
  expect: {
    status: 'timeout',
    phase: 'media',
    reason: /the layer middle to stop; last seen: [1-9]\d* bytes/,
  },
  timeoutMs,
});

fault({
  scenario: 'media/simulcast/middle-inactive',
  name: 'the layer never comes again',
  on: 'offerer',
  page: (kit) =>
    kit.wrap(
      RTCRtpSender.prototype,
      'setParameters',
      (_, [parameters, ...options]: [RTCRtpSendParameters, ...unknown[]], set) => {
        if (parameters.encodings.every(({ active }) => active === true)) {
          kit.bit();
          return Promise.resolve();
        }
        return set(parameters, ...options);
      },
    ),
  expect: { status: 'timeout', phase: 'media', reason: /8 new frames of the layer middle/ },
  timeoutMs,
});

fault({
  scenario: 'media/simulcast/rtx-with-mid',
  name: 'no packet has a mid',
  on: 'both',
  page: rewriteLines,
  arg: { at: 'heard', from: '^a=extmap:\\S+ \\S+:sdes:mid\r\n' },
  expect: { status: 'fail', phase: 'assert', reason: /the mid of the first packet of RTX/ },
  timeoutMs: 10_000,
});

fault({
  scenario: 'media/simulcast/rtx-of-layers',
  name: 'RTX does not say what it repairs',
  on: 'offerer',
  page: rewriteLines,
  arg: { at: 'heard', type: 'answer', from: '^a=extmap:\\S+ \\S+:repaired-rtp-stream-id\r\n' },
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /the rid that the first packet of a source of RTX repairs/,
  },
  timeoutMs: 10_000,
});

fault({
  scenario: 'media/simulcast/rtx-without-mid',
  name: 'packets are sent again as they were',
  on: 'offerer',
  page: dropCodec,
  arg: { at: 'heard', type: 'answer', name: 'rtx' },
  expect: { status: 'fail', phase: 'assert', reason: /packets of RTX after the loss/ },
  timeoutMs: 10_000,
});
