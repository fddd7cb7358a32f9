import { dropCodec } from '../breakages/sdp.ts';
import { lying } from '../breakages/states.ts';
import { fault } from '../fault.ts';

const timeoutMs = 12_000;

fault({
  scenario: 'telephony/codec/stripped',
  name: 'canInsertDTMF is always true',
  on: 'offerer',
  page: lying,
  arg: { on: 'RTCDTMFSender', name: 'canInsertDTMF', value: true },
  expect: { status: 'fail', phase: 'assert', reason: /canInsertDTMF and what insertDTMF threw/ },
  timeoutMs,
});

fault({
  scenario: 'telephony/codec/offered-clocks',
  name: 'telephone-event is not offered',
  on: 'offerer',
  page: dropCodec,
  arg: { at: 'said', type: 'offer', name: 'telephone-event' },
  expect: { status: 'fail', phase: 'assert', reason: /clock rates of telephone-event in the offer/ },
  timeoutMs,
});
