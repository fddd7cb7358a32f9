import { filtered } from '../breakages/pictures.ts';
import { addTrackWrongly } from '../breakages/senders.ts';
import { fault } from '../fault.ts';

fault({
  scenario: 'media/screen/shared',
  name: 'the screen is black at the other side',
  on: 'offerer',
  page: addTrackWrongly,
  arg: { how: 'disabled' },
  expect: { status: 'fail', phase: 'assert', reason: /largest error of the mean colour/ },
  timeoutMs: 10_000,
});

fault({
  scenario: 'media/screen/shared',
  name: 'its colours are others',
  on: 'offerer',
  page: filtered,
  arg: { place: 'sent', filter: 'hue-rotate(120deg)' },
  expect: { status: 'fail', phase: 'assert', reason: /largest error of the mean colour/ },
  timeoutMs: 10_000,
});

fault({
  scenario: 'media/screen/smaller',
  name: 'its width is not limited',
  on: 'offerer',
  page: (kit) =>
    kit.wrap(
      MediaDevices.prototype,
      'getDisplayMedia',
      (_, __: unknown[], get: (options: object) => unknown) => {
        kit.bit();
        return get({ video: true });
      },
    ),
  expect: { status: 'fail', phase: 'assert', reason: /width received/ },
  timeoutMs: 10_000,
});
