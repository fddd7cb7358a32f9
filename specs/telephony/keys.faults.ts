import { dtmf } from '../breakages/senders.ts';
import { fault } from '../fault.ts';

const timeoutMs = 12_000;
const keys = /the keys that came to the answerer/;

for (const [scenario, name, how, reason] of [
  ['keys/every', 'the keys come in the opposite order', 'reversed', keys],
  ['keys/same', 'the keys come twice', 'twice', keys],
  ['keys/lower-case', 'the first key is lost', 'first-lost', keys],
  ['keys/shortest', 'the keys last five times as long', 'long', /longest key, in ms/],
  ['keys/long', 'the keys last 40 ms', 'short', /shortest key, in ms/],
  ['keys/longest', 'the key lasts 40 ms', 'short', /shortest key, in ms/],
  ['keys/too-long', 'the key lasts 40 ms', 'short', /shortest key, in ms/],
] as const) {
  fault({
    scenario: `telephony/${scenario}`,
    name,
    on: 'offerer',
    page: dtmf,
    arg: { how },
    expect: { status: 'fail', phase: 'assert', reason },
    timeoutMs,
  });
}

// Chromium is red there even without a fault.
for (const [scenario, gap, reason] of [
  ['pace/default', 400, /time from one key to the next, in ms/],
  ['pace/long-gap', 30, /time from one key to the next, in ms/],
] as const) {
  fault({
    scenario: `telephony/${scenario}`,
    name: `the gap is ${String(gap)} ms whatever is asked for`,
    on: 'offerer',
    page: (kit, { gapMs }: { gapMs: number }) =>
      kit.wrap(RTCDTMFSender.prototype, 'insertDTMF', (_, [tones, duration]: [string, number?], insert) => {
        kit.bit();
        return insert(tones, duration ?? 100, gapMs);
      }),
    arg: { gapMs: gap },
    expect: { status: 'fail', phase: 'assert', reason },
    pair: ['firefox', 'chromium'],
    timeoutMs,
  });
}

fault({
  scenario: 'telephony/keys/too-short',
  name: 'a time that is too short is made the default',
  on: 'offerer',
  page: (kit) =>
    kit.wrap(
      RTCDTMFSender.prototype,
      'insertDTMF',
      (_, [tones, duration = 100, gap = 70]: [string, number?, number?], insert) => {
        if (duration < 40) kit.bit();
        return insert(tones, duration < 40 ? 100 : duration, gap);
      },
    ),
  expect: { status: 'fail', phase: 'assert', reason: /longest key, in ms/ },
  timeoutMs,
});

fault({
  scenario: 'telephony/keys/comma',
  name: 'a comma is left out',
  on: 'offerer',
  page: (kit) =>
    kit.wrap(
      RTCDTMFSender.prototype,
      'insertDTMF',
      (_, [tones, ...times]: [string, ...unknown[]], insert) => {
        if (tones.includes(',')) kit.bit();
        return insert(tones.replaceAll(',', ''), ...times);
      },
    ),
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /silence of the comma, in ms/,
  },
  timeoutMs,
});
