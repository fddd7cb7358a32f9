import { missing, twice } from '../breakages/events.ts';
import { lying } from '../breakages/states.ts';
import { fault } from '../fault.ts';

const timeoutMs = 12_000;
const tonechange = { on: 'RTCDTMFSender', type: 'tonechange' } as const;

fault({
  scenario: 'telephony/tones/told',
  name: 'the second tonechange never comes',
  on: 'offerer',
  page: missing,
  arg: { ...tonechange, nth: 2 },
  expect: { status: 'fail', phase: 'assert', reason: /the events tonechange/ },
  timeoutMs,
});

fault({
  scenario: 'telephony/tones/told',
  name: 'each tonechange comes twice',
  on: 'offerer',
  page: twice,
  arg: tonechange,
  expect: { status: 'fail', phase: 'assert', reason: /the events tonechange/ },
  timeoutMs,
});

fault({
  scenario: 'telephony/tones/told',
  name: 'toneBuffer is always empty',
  on: 'offerer',
  page: lying,
  arg: { on: 'RTCDTMFSender', name: 'toneBuffer', value: '' },
  expect: { status: 'fail', phase: 'assert', reason: /toneBuffer when insertDTMF has returned/ },
  timeoutMs,
});

for (const [scenario, name] of [
  ['emptied', 'an empty string changes nothing'],
  ['replaced', 'other tones come behind those that wait'],
] as const) {
  fault({
    scenario: `telephony/tones/${scenario}`,
    name,
    on: 'offerer',
    page: (kit) =>
      kit.wrap(
        RTCDTMFSender.prototype,
        'insertDTMF',
        (self, [tones, ...times]: [string, ...unknown[]], insert) => {
          const left = self.toneBuffer;
          if (left !== '') kit.bit();
          return left === '' ? insert(tones, ...times) : insert(left + tones, ...times);
        },
      ),
    expect: { status: 'fail', phase: 'assert', reason: /the keys that came to the answerer/ },
    timeoutMs,
  });
}

fault({
  scenario: 'telephony/tones/refused',
  name: 'characters that are no keys are left out',
  on: 'offerer',
  page: (kit) =>
    kit.wrap(
      RTCDTMFSender.prototype,
      'insertDTMF',
      (_, [tones, ...times]: [string, ...unknown[]], insert) => {
        const known = tones.replaceAll(/[^0-9A-Da-d*#,]/g, '');
        if (known !== tones) kit.bit();
        return insert(known, ...times);
      },
    ),
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /the keys that came to the answerer|what insertDTMF threw/,
  },
  timeoutMs,
});
