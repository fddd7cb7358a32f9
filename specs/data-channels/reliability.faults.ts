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
