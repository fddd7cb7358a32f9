import { fault } from '../fault.ts';

for (const name of ['ordered', 'unordered', 'max-retransmits-0', 'max-packet-life-time']) {
  fault({
    scenario: `data-channels/reliability/${name}-under-loss`,
    name: 'every message arrives twice',
    on: 'answerer',
    page: () => {
      EventTarget.prototype.addEventListener = new Proxy(EventTarget.prototype.addEventListener, {
        apply(listen, target, [type, listener, ...rest]: [string, (event: Event) => void, ...unknown[]]) {
          const twice = (event: Event) => {
            listener(event);
            listener(event);
          };
          const ours = type === 'message' && target instanceof RTCDataChannel;
          return Reflect.apply(listen, target, [type, ours ? twice : listener, ...rest]);
        },
      });
    },
    expect: { status: 'fail', phase: 'assert', reason: /messages that arrived twice/ },
    timeoutMs: 40_000,
  });
}

fault({
  scenario: 'data-channels/reliability/max-retransmits-0-under-loss',
  name: 'the channel is reliable',
  on: 'offerer',
  page: () => {
    RTCPeerConnection.prototype.createDataChannel = new Proxy(RTCPeerConnection.prototype.createDataChannel, {
      apply: (create, pc, [label]: [string]) => Reflect.apply(create, pc, [label]),
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /messages that arrived: expected 300 to be within/ },
  timeoutMs: 40_000,
});
