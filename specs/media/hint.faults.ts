import { deaf, taking } from '../breakages/states.ts';
import { fault } from '../fault.ts';

const timeoutMs = 20_000;

fault({
  scenario: 'media/hint/motion',
  name: 'the sender heeds another hint',
  on: 'offerer',
  page: taking,
  arg: { on: 'MediaStreamTrack', name: 'contentHint', value: 'detail' },
  expect: { status: 'timeout', phase: 'media', reason: /a readable picture of at most 320 pixels a line/ },
  timeoutMs,
});

for (const hint of ['detail', 'text']) {
  fault({
    scenario: `media/hint/${hint}`,
    name: 'the hint is ignored',
    on: 'offerer',
    page: deaf,
    arg: { on: 'MediaStreamTrack', name: 'contentHint' },
    expect: { status: 'fail', phase: 'assert', reason: /sizes of the picture/ },
    timeoutMs,
  });
}

for (const [id, next, reason] of [
  ['motion-to-detail', 'detail', /a readable picture of 640 pixels a line/],
  ['detail-to-motion', 'motion', /a readable picture of at most 320 pixels a line/],
] as const) {
  fault({
    scenario: `media/hint/${id}`,
    name: 'the first hint holds',
    on: 'offerer',
    page: deaf,
    arg: { on: 'MediaStreamTrack', name: 'contentHint', when: next },
    expect: { status: 'timeout', phase: 'media', reason },
    timeoutMs: 35_000,
  });
}
