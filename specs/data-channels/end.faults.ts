import { fault } from '../fault.ts';

const scenario = (name: string) => `data-channels/end/${name}`;

for (const name of [
  'closed-by-offerer',
  'closed-by-answerer',
  'closed-by-both',
  'connection-closed',
  'page-gone',
]) {
  fault({
    scenario: scenario(name),
    name: 'the close is swallowed',
    on: 'answerer',
    page: () => {
      EventTarget.prototype.addEventListener = new Proxy(EventTarget.prototype.addEventListener, {
        apply: (listen, target, args: [string, ...unknown[]]) =>
          args[0] === 'close' && target instanceof RTCDataChannel
            ? undefined
            : Reflect.apply(listen, target, args),
      });
    },
    expect: { status: 'timeout', phase: 'sctp', reason: /the "close" event of data channel "ends"/ },
  });
}

fault({
  scenario: scenario('closed-by-offerer'),
  name: 'the one who closes hears closing too',
  on: 'offerer',
  page: () => {
    RTCDataChannel.prototype.close = new Proxy(RTCDataChannel.prototype.close, {
      apply(close, channel: RTCDataChannel, args) {
        Reflect.apply(close, channel, args);
        channel.dispatchEvent(new Event('closing'));
      },
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /closing events at the offerer/ },
});

fault({
  scenario: scenario('buffered-data-first'),
  name: 'the last chunk is thrown away',
  on: 'offerer',
  page: () => {
    let sent = 0;
    RTCDataChannel.prototype.send = new Proxy(RTCDataChannel.prototype.send, {
      apply(send, channel, args) {
        if ((sent += 1) < 64) Reflect.apply(send, channel, args);
      },
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /bytes that arrived before the close/ },
  timeoutMs: 15_000,
});

fault({
  scenario: scenario('id-free-again'),
  name: 'the channel is never closed',
  on: 'answerer',
  page: () => {
    RTCDataChannel.prototype.close = () => undefined;
  },
  expect: { status: 'timeout', phase: 'sctp', reason: /the "close" event of data channel "round 0"/ },
});

fault({
  scenario: scenario('others-live-on'),
  name: 'the message is changed',
  on: 'answerer',
  page: () => {
    RTCDataChannel.prototype.send = new Proxy(RTCDataChannel.prototype.send, {
      apply: (send, channel, [data]: [string]) => Reflect.apply(send, channel, [data.toUpperCase()]),
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /what arrived over the other channel/ },
});

fault({
  scenario: scenario('send-in-every-state'),
  name: 'send swallows its errors',
  on: 'offerer',
  page: () => {
    RTCDataChannel.prototype.send = new Proxy(RTCDataChannel.prototype.send, {
      apply(send, channel: RTCDataChannel, args) {
        if (channel.readyState === 'open') Reflect.apply(send, channel, args);
      },
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /what came of send while connecting/ },
  timeoutMs: 15_000,
});

fault({
  scenario: scenario('own-connection-closed'),
  name: 'close() throws',
  on: 'offerer',
  page: () => {
    RTCPeerConnection.prototype.close = new Proxy(RTCPeerConnection.prototype.close, {
      apply(close, pc: RTCPeerConnection, args) {
        // the probe closes connections too, but none that ever connected
        const ours = pc.sctp?.state === 'connected';
        Reflect.apply(close, pc, args);
        if (ours) throw new TypeError('injected');
      },
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /TypeError: injected/ },
});

fault({
  scenario: scenario('abort-error'),
  name: 'the cause is lost',
  on: 'answerer',
  page: () => {
    Object.defineProperty(RTCError.prototype, 'sctpCauseCode', { get: () => null });
  },
  expect: { status: 'fail', phase: 'assert', reason: /the errors that the channel reported/ },
});
