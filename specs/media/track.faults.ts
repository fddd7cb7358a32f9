import { missing, twice } from '../breakages/events.ts';
import { lying } from '../breakages/states.ts';
import { fault } from '../fault.ts';

fault({
  scenario: 'media/track/muted-by-direction',
  name: 'no mute is told',
  on: 'answerer',
  page: missing,
  arg: { on: 'MediaStreamTrack', type: 'mute' },
  expect: { status: 'timeout', phase: 'assert', reason: /"mute" of track/ },
  timeoutMs: 6000,
});

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
