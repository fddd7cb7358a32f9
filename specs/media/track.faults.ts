import { early, late, missing, twice } from '../breakages/events.ts';
import { ended } from '../breakages/pictures.ts';
import { secondTone } from '../breakages/sound.ts';
import { deaf, failing, lying } from '../breakages/states.ts';
import { fault } from '../fault.ts';
import type { Kit } from '../kit/kit.ts';

fault({
  scenario: 'media/track/muted-by-direction',
  name: 'the track is never muted',
  on: 'answerer',
  page: lying,
  arg: { on: 'MediaStreamTrack', name: 'muted', value: false },
  expect: { status: 'fail', phase: 'assert', reason: /the received track on hold/ },
  timeoutMs: 10_000,
});

fault({
  scenario: 'media/track/ended-by-stop',
  name: 'the end is told twice',
  on: 'answerer',
  page: twice,
  arg: { on: 'MediaStreamTrack', type: 'ended' },
  expect: { status: 'fail', phase: 'assert', reason: /how often the received track told its end/ },
  timeoutMs: 10_000,
});

for (const name of [
  'muted-by-direction',
  'muted-by-removal',
  'muted-by-receiver',
  'tone-muted-by-direction',
]) {
  fault({
    scenario: `media/track/${name}`,
    name: 'no mute is told',
    on: 'answerer',
    page: missing,
    arg: { on: 'MediaStreamTrack', type: 'mute' },
    expect: { status: 'timeout', phase: 'assert', reason: /"mute" of track/ },
    timeoutMs: 6000,
  });
}

fault({
  scenario: 'media/track/tone-muted-by-direction',
  name: 'something is heard on hold',
  on: 'answerer',
  page: secondTone,
  arg: { place: 'heard', hertz: 3000, amplitude: 0.01 },
  expect: { status: 'timeout', phase: 'media', reason: /silence/ },
  timeoutMs: 10_000,
});

fault({
  scenario: 'media/track/unmuted-before-frame',
  name: '`unmute` comes late',
  on: 'answerer',
  page: late,
  arg: { on: 'MediaStreamTrack', type: 'unmute', ms: 500 },
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /frames that were shown when each `unmute` was fired/,
  },
  timeoutMs: 15_000,
});

fault({
  scenario: 'media/track/unmuted-before-frame',
  name: 'the track is never muted',
  on: 'answerer',
  page: lying,
  arg: { on: 'MediaStreamTrack', name: 'muted', value: false },
  expect: { status: 'fail', phase: 'assert', reason: /whether the track is muted in its `track` event/ },
  timeoutMs: 15_000,
});

/** A connection of a page in a frame belongs to the page around it, and so outlives its own. */
const outlives = (kit: Kit) => {
  if (location.pathname !== '/blank') return;
  kit.bit();
  Reflect.set(window, 'RTCPeerConnection', Reflect.get(window.parent, 'RTCPeerConnection'));
};

for (const [name, reason] of [
  ['page-gone', /packets and frames to stop/],
  ['tone-page-gone', /silence/],
  ['muted-by-page-gone', /the picture to stand still/],
] as const) {
  fault({
    scenario: `media/track/${name}`,
    name: 'the connection outlives its page',
    on: 'offerer',
    page: outlives,
    expect: { status: 'timeout', phase: 'media', reason },
    timeoutMs: 8000,
  });
}

for (const name of ['page-gone', 'tone-page-gone']) {
  fault({
    scenario: `media/track/${name}`,
    name: 'the received track tells an end',
    on: 'answerer',
    page: early,
    arg: { on: 'MediaStreamTrack', type: 'ended' },
    expect: { status: 'fail', phase: 'assert', reason: /track ended came in (?:video|audio), muted, live/ },
    timeoutMs: 50_000,
  });

  fault({
    scenario: `media/track/${name}`,
    name: 'the received track ends',
    on: 'answerer',
    page: lying,
    arg: { on: 'MediaStreamTrack', name: 'readyState', value: 'ended' },
    expect: { status: 'fail', phase: 'assert', reason: /the state of the received track/ },
    timeoutMs: 50_000,
  });
}

fault({
  scenario: 'media/track/ended-by-own-close',
  name: 'no end is told',
  on: 'answerer',
  page: missing,
  arg: { on: 'MediaStreamTrack', type: 'ended' },
  expect: { status: 'timeout', phase: 'assert', reason: /"ended" of track/ },
  timeoutMs: 6000,
});

for (const [kind, goesOn, isGone] of [
  ['picture', /a black picture/, /3 new frames/],
  ['tone', /silence/, /a tone of 440 Hz/],
] as const) {
  fault({
    scenario: `media/track/disabled-${kind}`,
    name: `the disabled ${kind} goes on`,
    on: 'offerer',
    page: deaf,
    arg: { on: 'MediaStreamTrack', name: 'enabled' },
    expect: { status: 'timeout', phase: 'media', reason: goesOn },
    timeoutMs: 6000,
  });

  fault({
    scenario: `media/track/disabled-${kind}`,
    name: `the ${kind} never comes back`,
    on: 'offerer',
    page: deaf,
    arg: { on: 'MediaStreamTrack', name: 'enabled', when: true },
    expect: { status: 'timeout', phase: 'media', reason: isGone },
    timeoutMs: 10_000,
  });
}

fault({
  scenario: 'media/track/disabled-by-receiver',
  name: 'the disabled picture goes on',
  on: 'answerer',
  page: deaf,
  arg: { on: 'MediaStreamTrack', name: 'enabled' },
  expect: { status: 'timeout', phase: 'media', reason: /a black picture/ },
  timeoutMs: 6000,
});

fault({
  scenario: 'media/track/stopped-picture',
  name: 'the stopped picture goes on',
  on: 'offerer',
  page: failing,
  arg: { on: 'MediaStreamTrack', name: 'stop', how: 'nothing', gives: 'undefined' },
  expect: { status: 'timeout', phase: 'media', reason: /the picture to stand still/ },
  timeoutMs: 6000,
});

fault({
  scenario: 'media/track/muted-by-remote-close',
  name: 'the received track ends',
  on: 'answerer',
  page: lying,
  arg: { on: 'MediaStreamTrack', name: 'readyState', value: 'ended' },
  expect: { status: 'fail', phase: 'assert', reason: /the state of the received track/ },
  timeoutMs: 9000,
});

fault({
  scenario: 'media/track/muted-by-remote-close',
  name: 'a closed connection goes on sending',
  on: 'offerer',
  page: failing,
  arg: { on: 'RTCPeerConnection', name: 'close', how: 'nothing', gives: 'undefined' },
  expect: { status: 'timeout', phase: 'media', reason: /the picture to stand still/ },
  timeoutMs: 6000,
});

fault({
  scenario: 'media/track/ahead-of-answer',
  name: 'whoever gets packets before the answer shows nothing of them any more',
  on: 'offerer',
  page: ended,
  arg: { place: 'shown', afterMs: 0 },
  expect: { status: 'timeout', phase: 'media', reason: /3 new frames/ },
  timeoutMs: 10_000,
});
