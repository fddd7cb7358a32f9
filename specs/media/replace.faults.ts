import { failing } from '../breakages/states.ts';
import { fault } from '../fault.ts';
import type { Kit } from '../kit/kit.ts';

const scenario = (name: string) => `media/replace/${name}`;
const ignored = { on: 'RTCRtpSender', name: 'replaceTrack', how: 'nothing' } as const;

/** `replaceTrack(null)` takes nothing away. */
const keepsTrack = (kit: Kit) =>
  kit.wrap(RTCRtpSender.prototype, 'replaceTrack', (_, [track]: unknown[], replace) => {
    if (track !== null) return replace(track);
    kit.bit();
    return Promise.resolve();
  });

for (const name of ['null-and-back', 'null-is-silent'])
  fault({
    scenario: scenario(name),
    name: 'replaceTrack(null) is ignored',
    on: 'offerer',
    page: keepsTrack,
    expect: { status: 'timeout', phase: 'media', reason: /the picture to stand still/ },
    timeoutMs: 6000,
  });

fault({
  scenario: scenario('null-and-back'),
  name: 'nothing is sent after null',
  on: 'offerer',
  page: failing,
  arg: { ...ignored, from: 2 },
  expect: { status: 'timeout', phase: 'media', reason: /3 new frames/ },
  timeoutMs: 9000,
});

fault({
  scenario: scenario('null-and-back'),
  name: 'the direction is taken back with the track',
  on: 'offerer',
  page: (kit) => {
    const taken = new WeakSet<RTCRtpSender>();
    kit.wrap(RTCRtpSender.prototype, 'replaceTrack', (sender, [track]: unknown[], replace) => {
      if (track === null) taken.add(sender);
      return replace(track);
    });
    kit.property(RTCRtpTransceiver.prototype, 'currentDirection', {
      get: ({ sender }, truth) => {
        if (!taken.has(sender)) return truth;
        kit.bit();
        return 'inactive';
      },
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /currentDirection of the offerer/ },
  timeoutMs: 9000,
});

fault({
  scenario: scenario('tone'),
  name: 'replaceTrack is ignored',
  on: 'offerer',
  page: failing,
  arg: ignored,
  expect: { status: 'timeout', phase: 'media', reason: /a tone of 700 Hz/ },
  timeoutMs: 6000,
});

fault({
  scenario: scenario('frame-rate'),
  name: 'replaceTrack is ignored',
  on: 'offerer',
  page: failing,
  arg: ignored,
  expect: { status: 'timeout', phase: 'media', reason: /frames that are numbered anew/ },
  timeoutMs: 6000,
});

fault({
  scenario: scenario('frame-rate'),
  name: 'the other picture is as fast as the first',
  on: 'offerer',
  page: (kit) =>
    kit.wrap(window, 'setInterval', (_, [handler, ms]: unknown[], set) => {
      if (ms !== 125) return set(handler, ms);
      kit.bit();
      return set(handler, 50);
    }),
  expect: { status: 'fail', phase: 'assert', reason: /frame rate of the slower picture/ },
  timeoutMs: 9000,
});

for (const name of ['before-negotiation', 'null-before-negotiation']) {
  fault({
    scenario: scenario(name),
    name: 'the track that replaceTrack gives is not sent',
    on: 'offerer',
    page: (kit) =>
      kit.wrap(RTCRtpSender.prototype, 'replaceTrack', (_, [track]: unknown[], replace) => {
        if (track === null) return replace(track);
        kit.bit();
        return Promise.resolve();
      }),
    expect: { status: 'timeout', phase: 'media', reason: /3 new frames/ },
    timeoutMs: 6000,
  });
}

fault({
  scenario: scenario('null-before-negotiation'),
  name: 'the track that was taken away is sent',
  on: 'offerer',
  page: keepsTrack,
  expect: { status: 'fail', phase: 'assert', reason: /frames that came in a second with no track/ },
  timeoutMs: 9000,
});

for (const name of ['other-kind', 'on-stopping', 'on-stopped']) {
  fault({
    scenario: scenario(name),
    name: 'nothing is refused',
    on: 'offerer',
    page: failing,
    arg: { on: 'RTCRtpSender', name: 'replaceTrack', how: 'no-error' },
    expect: { status: 'fail', phase: 'assert', reason: /what replaceTrack throws/ },
    timeoutMs: 9000,
  });
}
