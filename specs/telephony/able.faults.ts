import { lying } from '../breakages/states.ts';
import { fault } from '../fault.ts';

const timeoutMs = 12_000;

fault({
  scenario: 'telephony/able/hold',
  name: 'canInsertDTMF is always true',
  on: 'offerer',
  page: lying,
  arg: { on: 'RTCDTMFSender', name: 'canInsertDTMF', value: true },
  expect: { status: 'fail', phase: 'assert', reason: /while the sender is on hold/ },
  timeoutMs,
});

// both browsers are red there even without a fault, but in another way
fault({
  scenario: 'telephony/able/inactive-encoding',
  name: 'canInsertDTMF is always false',
  on: 'offerer',
  page: lying,
  arg: { on: 'RTCDTMFSender', name: 'canInsertDTMF', value: false },
  expect: { status: 'timeout', phase: 'media', reason: /canInsertDTMF to be true/ },
  timeoutMs: 5000,
});

// Chromium is red there even without a fault.
fault({
  scenario: 'telephony/able/no-track',
  name: 'canInsertDTMF is always true',
  on: 'offerer',
  page: lying,
  arg: { on: 'RTCDTMFSender', name: 'canInsertDTMF', value: true },
  expect: { status: 'fail', phase: 'assert', reason: /while replaceTrack has taken its track/ },
  pair: ['firefox', 'chromium'],
  timeoutMs,
});

fault({
  scenario: 'telephony/able/connecting-stopped',
  name: 'canInsertDTMF is always true',
  on: 'offerer',
  page: lying,
  arg: { on: 'RTCDTMFSender', name: 'canInsertDTMF', value: true },
  expect: { status: 'fail', phase: 'assert', reason: /what insertDTMF threw before the call/ },
  timeoutMs,
});

fault({
  scenario: 'telephony/able/replaced-track',
  name: 'replaceTrack empties what waits to be sent',
  on: 'offerer',
  page: (kit) =>
    kit.wrap(
      RTCRtpSender.prototype,
      'replaceTrack',
      (sender, [track]: [MediaStreamTrack | null], replace) => {
        if (sender.dtmf?.toneBuffer !== '') kit.bit();
        sender.dtmf?.insertDTMF('');
        return replace(track);
      },
    ),
  expect: { status: 'fail', phase: 'assert', reason: /the keys that came to the answerer/ },
  timeoutMs,
});
