import { fault } from '../fault.ts';

const scenario = (name: string) => `data-channels/application/${name}`;

for (const name of ['file-16-mib', 'chat-during-file']) {
  fault({
    scenario: scenario(name),
    name: 'two chunks change places',
    on: 'offerer',
    page: () => {
      let chunks = 0;
      let held: unknown;
      RTCDataChannel.prototype.send = new Proxy(RTCDataChannel.prototype.send, {
        apply(send, channel, args: [unknown]) {
          if (typeof args[0] !== 'string') chunks += 1;
          if (chunks === 100 && typeof args[0] !== 'string') held = args;
          else Reflect.apply(send, channel, args);
          if (chunks === 101 && Array.isArray(held)) Reflect.apply(send, channel, held);
          if (chunks === 101) held = undefined;
        },
      });
    },
    expect: { status: 'fail', phase: 'assert', reason: /the digest of/ },
    timeoutMs: 40_000,
  });
}

fault({
  scenario: scenario('chat-during-file'),
  name: 'a line of chat is lost',
  on: 'answerer',
  page: () => {
    RTCDataChannel.prototype.send = new Proxy(RTCDataChannel.prototype.send, {
      apply(send, channel, [line]: [string]) {
        if (!line.includes('line 7')) Reflect.apply(send, channel, [line]);
      },
    });
  },
  expect: { status: 'timeout', phase: 'sctp', reason: /a message on data channel "chat"/ },
  timeoutMs: 20_000,
});

fault({
  scenario: scenario('game-state'),
  name: 'states are held back for half a second',
  on: 'offerer',
  page: () => {
    RTCDataChannel.prototype.send = new Proxy(RTCDataChannel.prototype.send, {
      apply(send, channel, args) {
        setTimeout(() => void Reflect.apply(send, channel, args), 500);
      },
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /age of the newest state/ },
  timeoutMs: 30_000,
});

fault({
  scenario: scenario('game-state'),
  name: 'two of three states are lost',
  on: 'offerer',
  page: () => {
    let sent = 0;
    RTCDataChannel.prototype.send = new Proxy(RTCDataChannel.prototype.send, {
      apply(send, channel, args) {
        if ((sent += 1) % 3 === 0) Reflect.apply(send, channel, args);
      },
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /states that arrived/ },
  timeoutMs: 30_000,
});
