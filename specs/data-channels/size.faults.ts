import { flipBit } from '../breakages/data.ts';
import { fault } from '../fault.ts';

const names = ['1-byte', '16-kib', '64-kib', '256-kib'] as const;

for (const name of names) {
  fault({
    scenario: `data-channels/size/${name}`,
    name: 'the last byte of the message is flipped',
    on: 'offerer',
    page: flipBit,
    arg: { at: -1 },
    expect: { status: 'fail', phase: 'assert', reason: /what arrived/ },
  });
}

fault({
  scenario: 'data-channels/size/64-kib',
  name: 'the answerer claims to take 1,000 bytes at most',
  on: 'answerer',
  page: (kit) =>
    kit.rewriteSdp({ at: 'said' }, (sdp) => sdp.replaceAll(/max-message-size:\d+/g, 'max-message-size:1000')),
  expect: { status: 'fail', phase: 'assert', reason: /seen at the offerer.*TypeError/s },
});

fault({
  scenario: 'data-channels/size/1-byte',
  name: 'the channel is closed in place of a message',
  on: 'offerer',
  page: () => {
    RTCDataChannel.prototype.send = function () {
      this.close();
    };
  },
  expect: {
    status: 'fail',
    phase: 'sctp',
    reason: /data channel "size" is closed: no message comes any more/,
  },
  // the reason is given at once, not when time runs out
  timeoutMs: 50_000,
});

// Firefox with Firefox is the only pair in which both sides take so much.
fault({
  scenario: 'data-channels/size/1-mib',
  name: 'the message is truncated',
  on: 'offerer',
  page: (kit) => kit.changeSent((data) => kit.bytesOf(data)?.subarray(1) ?? data),
  expect: { status: 'fail', phase: 'assert', reason: /bytes that arrived/ },
  pair: ['firefox', 'firefox'],
  timeoutMs: 15_000,
});
