import { early } from '../breakages/events.ts';
import { filtered } from '../breakages/pictures.ts';
import { addTrackWrongly } from '../breakages/senders.ts';
import { deaf, failing, taking } from '../breakages/states.ts';
import { fault } from '../fault.ts';
import type { Kit } from '../kit/kit.ts';

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

/** A capture whose size is limited takes no notice of another constraint. */
const ignoresConstraint = (kit: Kit, { member }: { member: keyof MediaTrackConstraints }) =>
  kit.wrap(
    MediaDevices.prototype,
    'getDisplayMedia',
    (_, [options]: [DisplayMediaStreamOptions], get: (options: object) => unknown) => {
      const { video } = options;
      if (typeof video !== 'object' || video.width === undefined) return get(options);
      const { [member]: left, ...others } = video;
      if (left !== undefined) kit.bit();
      return get({ ...options, video: others });
    },
  );

fault({
  scenario: 'media/screen/own-page',
  name: 'another surface is captured',
  on: 'offerer',
  page: ignoresConstraint,
  arg: { member: 'displaySurface' },
  expect: { status: 'timeout', phase: 'media', reason: /a readable picture of 640×/ },
  timeoutMs: 10_000,
});

fault({
  scenario: 'media/screen/own-page',
  name: 'its colours are others',
  on: 'offerer',
  page: filtered,
  arg: { place: 'sent', filter: 'hue-rotate(120deg)' },
  expect: { status: 'fail', phase: 'assert', reason: /largest colour error/ },
  timeoutMs: 10_000,
});

fault({
  scenario: 'media/screen/frame-rate',
  name: 'its frame rate is not limited',
  on: 'offerer',
  page: ignoresConstraint,
  arg: { member: 'frameRate' },
  expect: { status: 'fail', phase: 'assert', reason: /frames arrived/ },
  timeoutMs: 10_000,
});

for (const [member, value] of [
  ['width', 641],
  ['frameRate', 30],
  ['logicalSurface', false],
] as const) {
  fault({
    scenario: 'media/screen/settings',
    name: `${member} says ${String(value)}`,
    on: 'offerer',
    page: (kit, { member, value }) =>
      kit.wrap(MediaStreamTrack.prototype, 'getSettings', (_, __: unknown[], get) => {
        kit.bit();
        return Object.assign(Object(get()), { [member]: value });
      }),
    arg: { member, value },
    expect: { status: 'fail', phase: 'assert', reason: new RegExp(`MediaTrackSettings.*${member}`) },
    timeoutMs: 10_000,
  });
}

fault({
  scenario: 'media/screen/hint-motion',
  name: 'the hint is ignored',
  on: 'offerer',
  page: deaf,
  arg: { on: 'MediaStreamTrack', name: 'contentHint' },
  expect: { status: 'timeout', phase: 'media', reason: /a readable picture of at most 320 pixels a line/ },
  timeoutMs: 20_000,
});

fault({
  scenario: 'media/screen/hint-detail',
  name: 'the sender heeds another hint',
  on: 'offerer',
  page: taking,
  arg: { on: 'MediaStreamTrack', name: 'contentHint', value: 'motion' },
  expect: { status: 'fail', phase: 'assert', reason: /sizes of the picture/ },
  timeoutMs: 20_000,
});

for (const [from, name, reason] of [
  [1, 'the camera stays', /a readable picture of 640×/],
  [2, 'the camera does not come back', /a readable picture of 160×120/],
] as const) {
  fault({
    scenario: 'media/screen/instead-of-camera',
    name,
    on: 'offerer',
    page: failing,
    arg: { on: 'RTCRtpSender', name: 'replaceTrack', how: 'nothing', from },
    expect: { status: 'timeout', phase: 'media', reason },
    timeoutMs: 12_000,
  });
}

fault({
  scenario: 'media/screen/constraints',
  name: 'the capabilities name another surface',
  on: 'offerer',
  page: (kit) =>
    kit.wrap(MediaStreamTrack.prototype, 'getCapabilities', (_, __: unknown[], get) => {
      kit.bit();
      return Object.assign(Object(get()), { displaySurface: 'window' });
    }),
  expect: { status: 'fail', phase: 'assert', reason: /MediaTrackCapabilities\.displaySurface is "window"/ },
  timeoutMs: 10_000,
});

fault({
  scenario: 'media/screen/window-closed',
  name: 'the window stays',
  on: 'offerer',
  page: (kit) =>
    kit.wrap(window, 'open', (_, args: unknown[], open) => {
      const opened = open(...args);
      // a window of another realm is no instance of this one's Object
      return typeof opened === 'object' && opened !== null
        ? new Proxy(opened, {
            get: (target, name): unknown => (name === 'close' ? () => kit.bit() : Reflect.get(target, name)),
          })
        : opened;
    }),
  expect: { status: 'timeout', phase: 'media', reason: /the captured track to end/ },
  timeoutMs: 10_000,
});

fault({
  scenario: 'media/screen/window-closed',
  name: 'the received track tells that it has ended',
  on: 'answerer',
  page: early,
  arg: { on: 'MediaStreamTrack', type: 'ended' },
  expect: { status: 'fail', phase: 'assert', reason: /track ended came in video, muted, live/ },
  timeoutMs: 20_000,
});
