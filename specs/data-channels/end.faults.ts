import { drop, swallowSendErrors } from '../breakages/data.ts';
import { missing } from '../breakages/events.ts';
import { effectLate } from '../breakages/states.ts';
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
    page: missing,
    arg: { on: 'RTCDataChannel', type: 'close' },
    expect: { status: 'timeout', phase: 'sctp', reason: /the "close" event of data channel "ends"/ },
  });
}

fault({
  scenario: scenario('connection-closed'),
  name: 'the connection is closed 3 s late',
  on: 'offerer',
  page: effectLate,
  arg: { on: 'RTCPeerConnection', name: 'close', ms: 3000 },
  expect: { status: 'fail', phase: 'assert', reason: /time to close/ },
});

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
  page: drop,
  arg: { nth: 64 },
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
  page: (kit) => kit.changeSent((data) => (typeof data === 'string' ? data.toUpperCase() : data)),
  expect: { status: 'fail', phase: 'assert', reason: /what arrived over the other channel/ },
});

fault({
  scenario: scenario('send-in-every-state'),
  name: 'send swallows its errors',
  on: 'offerer',
  page: swallowSendErrors,
  arg: {},
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
