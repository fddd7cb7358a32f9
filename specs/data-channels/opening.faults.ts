import { fault } from '../fault.ts';

const scenario = (name: string) => `data-channels/opening/${name}`;

for (const name of ['after-connecting', 'made-by-the-answerer-first', 'data-section-added-later']) {
  fault({
    scenario: scenario(name),
    name: 'a message is changed on its way',
    on: 'offerer',
    page: () => {
      RTCDataChannel.prototype.send = new Proxy(RTCDataChannel.prototype.send, {
        apply: (send, channel, [data]: [string]) => Reflect.apply(send, channel, [data.slice(1)]),
      });
    },
    expect: { status: 'fail', phase: 'assert', reason: /what the answerer received/ },
  });
}

fault({
  scenario: scenario('after-connecting'),
  name: 'channels that are made later are not announced',
  on: 'answerer',
  page: () => {
    let announced = 0;
    EventTarget.prototype.addEventListener = new Proxy(EventTarget.prototype.addEventListener, {
      apply(listen, target, [type, listener, ...rest]: [string, (event: Event) => void, ...unknown[]]) {
        const once = (event: Event) => {
          if ((announced += 1) === 1) listener(event);
        };
        return Reflect.apply(listen, target, [type, type === 'datachannel' ? once : listener, ...rest]);
      },
    });
  },
  expect: { status: 'timeout', phase: 'sctp', reason: /data channel "later" to open/ },
});

fault({
  scenario: scenario('in-order-with-data'),
  name: 'the open event comes twice',
  on: 'answerer',
  page: () => {
    EventTarget.prototype.addEventListener = new Proxy(EventTarget.prototype.addEventListener, {
      apply(listen, target, [type, listener, ...rest]: [string, (event: Event) => void, ...unknown[]]) {
        const twice = (event: Event) => {
          listener(event);
          listener(event);
        };
        return Reflect.apply(listen, target, [type, type === 'open' ? twice : listener, ...rest]);
      },
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /the order of events/ },
});

for (const count of [100, 1000]) {
  fault({
    scenario: scenario(`${String(count)}-channels`),
    name: 'one channel swallows its message',
    on: 'offerer',
    page: () => {
      RTCDataChannel.prototype.send = new Proxy(RTCDataChannel.prototype.send, {
        apply(send, channel: RTCDataChannel, args) {
          if (channel.label !== 'channel 66') Reflect.apply(send, channel, args);
        },
      });
    },
    expect: {
      status: 'timeout',
      phase: 'sctp',
      reason: /a message back over each.*last seen: \d+ messages, none over \d+ \([^)]*channel 66\b/,
    },
    timeoutMs: 12_000,
  });
}
