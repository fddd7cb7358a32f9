import type { Misbehaviour } from '../../fixtures/sfu/layer-switch.ts';
import { ended, frozen } from '../breakages/pictures.ts';
import { rewriteLines } from '../breakages/sdp.ts';
import { ignoreEncoding } from '../breakages/senders.ts';
import { claimed } from '../breakages/statistics.ts';
import { fault } from '../fault.ts';

const timeoutMs = 15_000;

/** The server misbehaves: the offer that reaches it asks for that. */
const asks = (misbehaviour: Misbehaviour) =>
  ({
    on: 'offerer',
    page: rewriteLines,
    arg: { at: 'said', type: 'offer', from: '(?![^])', to: `a=x-sfu:${misbehaviour}\r\n` },
  }) as const;

for (const [name, layer] of [
  ['switched-up', 'high'],
  ['switched-down', 'low'],
] as const) {
  fault({
    scenario: `media/layers/${name}`,
    name: `the layer ${layer} is never sent`,
    on: 'offerer',
    page: rewriteLines,
    arg: {
      at: 'heard',
      type: 'answer',
      from: `^a=rid:${layer} recv\\r\\n|(?<=^a=simulcast:.*);${layer}|(?<=^a=simulcast:recv )${layer};`,
    },
    expect: {
      status: 'timeout',
      phase: 'media',
      reason: new RegExp(`8 frames of the layer ${layer}; last seen: [1-9]`),
    },
    timeoutMs,
  });

  fault({
    scenario: `media/layers/${name}`,
    name: 'the server does not rewrite sequence numbers',
    ...asks('keeps-sequence-numbers'),
    // there or back, they jump to lower ones
    expect: { status: 'timeout', phase: 'media', reason: /8 frames of the layer \w+; last seen: .*frozen/ },
    timeoutMs,
  });
}

fault({
  scenario: 'media/layers/switched-up',
  name: 'the picture stands still',
  on: 'answerer',
  page: frozen,
  arg: { place: 'shown', afterMs: 2500 },
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /frames whose code could not be read|longest gap|frames shown of those drawn/,
  },
  timeoutMs,
});

fault({
  scenario: 'media/layers/switched-down',
  name: 'no more frames come after a while',
  on: 'answerer',
  page: ended,
  arg: { place: 'shown', afterMs: 2500 },
  expect: { status: 'timeout', phase: 'media', reason: /8 frames of the layer low/ },
  timeoutMs,
});

fault({
  scenario: 'media/layers/switched-down',
  name: 'lost packets are counted',
  on: 'answerer',
  page: claimed,
  arg: { types: ['inbound-rtp'], members: ['packetsLost'], value: 2 },
  expect: { status: 'fail', phase: 'assert', reason: /packetsLost of inbound-rtp/ },
  timeoutMs,
});

fault({
  scenario: 'media/layers/paused',
  name: 'the server does not pause',
  ...asks('never-pauses'),
  expect: { status: 'timeout', phase: 'media', reason: /the picture to stand still; last seen: .*moving/ },
  timeoutMs: 10_000,
});

fault({
  scenario: 'media/layers/paused',
  name: 'the server does not rewrite sequence numbers',
  ...asks('keeps-sequence-numbers'),
  expect: { status: 'fail', phase: 'assert', reason: /packetsLost|nackCount|pliCount/ },
  timeoutMs,
});

fault({
  scenario: 'media/layers/paused',
  name: 'the picture does not come back',
  on: 'answerer',
  page: ended,
  arg: { place: 'shown', afterMs: 3000 },
  expect: { status: 'timeout', phase: 'media', reason: /8 frames of the layer that is the only one/ },
  timeoutMs: 15_000,
});

fault({
  scenario: 'media/layers/temporal',
  name: 'the server does not rewrite sequence numbers',
  ...asks('keeps-sequence-numbers'),
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /frames shown of those drawn|longest gap|packetsLost|nackCount/,
  },
  timeoutMs,
});

fault({
  scenario: 'media/layers/temporal',
  name: 'there are no temporal layers',
  on: 'offerer',
  page: ignoreEncoding,
  arg: { member: 'scalabilityMode' },
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /frames shown of those drawn, without the upper layer/,
  },
  timeoutMs,
});
