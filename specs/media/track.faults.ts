import { missing, twice } from '../breakages/events.ts';
import { ended } from '../breakages/pictures.ts';
import { deaf, failing, lying } from '../breakages/states.ts';
import { fault } from '../fault.ts';

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

for (const name of ['muted-by-direction', 'muted-by-removal', 'muted-by-receiver']) {
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
