import { twice } from '../breakages/events.ts';
import { fault } from '../fault.ts';

for (const name of ['ordered', 'unordered', 'max-retransmits-0', 'max-packet-life-time']) {
  fault({
    scenario: `data-channels/reliability/${name}-under-loss`,
    name: 'every message arrives twice',
    on: 'answerer',
    page: twice,
    arg: { on: 'RTCDataChannel', type: 'message' },
    expect: { status: 'fail', phase: 'assert', reason: /messages that arrived twice/ },
    timeoutMs: 40_000,
  });
}

for (const [name, reason] of [
  ['max-packet-life-time-over-silence', /messages from before the end of the silence/],
  ['max-retransmits-0-over-silence', /messages from before the end of the silence/],
  ['max-retransmits-0-ordered-under-loss', /messages that arrived/],
  ['unordered-overtakes', /what arrived/],
] as const) {
  fault({
    scenario: `data-channels/reliability/${name}`,
    name: 'what the channel was asked to be is ignored',
    on: 'offerer',
    page: () => {
      const { createDataChannel } = RTCPeerConnection.prototype;
      RTCPeerConnection.prototype.createDataChannel = function (label) {
        return createDataChannel.call(this, label);
      };
    },
    expect: { status: 'fail', phase: 'assert', reason },
    timeoutMs: 20_000,
  });
}

fault({
  scenario: 'data-channels/reliability/reliable-over-silence',
  name: 'nothing is sent again',
  on: 'offerer',
  page: () => {
    const { createDataChannel } = RTCPeerConnection.prototype;
    RTCPeerConnection.prototype.createDataChannel = function (label) {
      return createDataChannel.call(this, label, { maxRetransmits: 0 });
    };
  },
  expect: { status: 'fail', phase: 'assert', reason: /messages from before the end of the silence/ },
  timeoutMs: 20_000,
});
