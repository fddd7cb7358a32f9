import { drop, repeat, swapNeighbours } from '../breakages/data.ts';
import { fault } from '../fault.ts';

for (const name of ['ordered', 'unordered']) {
  const scenario = `data-channels/order/${name}-10000`;
  const timeoutMs = 20_000;

  fault({
    scenario,
    name: 'a message is sent twice',
    on: 'offerer',
    page: repeat,
    arg: { nth: 5000 },
    expect: { status: 'fail', phase: 'assert', reason: /messages that arrived twice/ },
    timeoutMs,
  });

  fault({
    scenario,
    name: 'a message is damaged',
    on: 'offerer',
    page: () => {
      let sent = 0;
      RTCDataChannel.prototype.send = new Proxy(RTCDataChannel.prototype.send, {
        apply(send, channel, [data]: [Uint8Array]) {
          Reflect.apply(send, channel, [data]);
          if ((sent += 1) !== 5000) return;
          data[50] = (data[50] ?? 0) ^ 1;
          Reflect.apply(send, channel, [data]);
        },
      });
    },
    expect: { status: 'fail', phase: 'assert', reason: /messages that arrived damaged/ },
    timeoutMs,
  });

  fault({
    scenario,
    name: 'a message is dropped',
    on: 'offerer',
    page: drop,
    arg: { nth: 5000 },
    expect: { status: 'timeout', phase: 'sctp', reason: /10000 numbered messages.*"arrived":9999/ },
    timeoutMs: 8000,
  });
}

fault({
  scenario: 'data-channels/order/ordered-10000',
  name: 'two messages change places',
  on: 'answerer',
  page: swapNeighbours,
  arg: { nth: 5000 },
  expect: { status: 'fail', phase: 'assert', reason: /messages that were overtaken/ },
  timeoutMs: 20_000,
});
