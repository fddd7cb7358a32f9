import { flipBit } from '../breakages/data.ts';
import { fault } from '../fault.ts';

for (const name of ['declared', 'absent', 'declared-256-kib']) {
  fault({
    scenario: `data-channels/limit/${name}`,
    name: 'a message that is too long is cut instead of refused',
    on: 'offerer',
    page: () => {
      RTCDataChannel.prototype.send = new Proxy(RTCDataChannel.prototype.send, {
        apply: (send, channel, [data]: [Uint8Array | string]) =>
          Reflect.apply(send, channel, [
            typeof data !== 'string' && data.length % 2 === 1 ? data.subarray(1) : data,
          ]),
      });
    },
    expect: { status: 'fail', phase: 'assert', reason: /what send threw for one byte more/ },
  });
}

fault({
  scenario: 'data-channels/limit/declared',
  name: 'a message that is too long closes the channel',
  on: 'offerer',
  page: () => {
    RTCDataChannel.prototype.send = new Proxy(RTCDataChannel.prototype.send, {
      apply(send, channel: RTCDataChannel, args) {
        try {
          Reflect.apply(send, channel, args);
        } catch (error) {
          channel.close();
          throw error;
        }
      },
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /the channel after that/ },
});

// The probe measures limits too, so a fault that lies about them would make these cells unsupported.
for (const name of ['zero', '1-gib', '4-gib']) {
  fault({
    scenario: `data-channels/limit/${name}`,
    name: 'the last byte of the message is flipped',
    on: 'offerer',
    page: flipBit,
    arg: { at: -1 },
    expect: { status: 'fail', phase: 'assert', reason: /what arrived/ },
    // Chromium refuses the description that says 4 GiB
    pair: ['firefox', 'chromium'],
    timeoutMs: 15_000,
  });
}

fault({
  scenario: 'data-channels/limit/huge',
  name: 'there is no answer',
  on: 'answerer',
  page: () => {
    RTCPeerConnection.prototype.createAnswer = new Proxy(RTCPeerConnection.prototype.createAnswer, {
      apply: () => Promise.reject(new TypeError('injected')),
    });
  },
  expect: { status: 'fail', phase: 'sdp', reason: /seen at the answerer.*createAnswer: TypeError: injected/ },
});
