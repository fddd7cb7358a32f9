import { fault } from '../fault.ts';

const names = ['1-byte', '16-kib', '64-kib', '256-kib'] as const;

for (const name of names) {
  fault({
    scenario: `data-channels/size/${name}`,
    name: 'the last byte of the message is flipped',
    on: 'offerer',
    page: () => {
      RTCDataChannel.prototype.send = new Proxy(RTCDataChannel.prototype.send, {
        apply(send, channel, [data]: [Uint8Array]) {
          data[data.length - 1] = (data.at(-1) ?? 0) ^ 1;
          Reflect.apply(send, channel, [data]);
        },
      });
    },
    expect: { status: 'fail', phase: 'assert', reason: /what arrived/ },
  });
}

// Firefox with Firefox is the one pair whose both sides take so much.
fault({
  scenario: 'data-channels/size/1-mib',
  name: 'the message is truncated',
  on: 'offerer',
  page: () => {
    RTCDataChannel.prototype.send = new Proxy(RTCDataChannel.prototype.send, {
      apply: (send, channel, [data]: [Uint8Array]) => Reflect.apply(send, channel, [data.subarray(1)]),
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /bytes that arrived/ },
  pair: ['firefox', 'firefox'],
  timeoutMs: 15_000,
});
