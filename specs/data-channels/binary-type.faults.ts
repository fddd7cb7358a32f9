import { flipBit } from '../breakages/data.ts';
import { fault } from '../fault.ts';

fault({
  scenario: 'data-channels/binary-type/default',
  name: 'new channels begin with blob',
  on: 'single',
  page: () => {
    RTCPeerConnection.prototype.createDataChannel = new Proxy(RTCPeerConnection.prototype.createDataChannel, {
      apply(create, pc, args) {
        const channel: RTCDataChannel = Reflect.apply(create, pc, args);
        channel.binaryType = 'blob';
        return channel;
      },
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /binaryType of a new channel/ },
});

for (const binaryType of ['arraybuffer', 'blob', 'changed-in-mid-stream']) {
  fault({
    scenario: `data-channels/binary-type/${binaryType}`,
    name: 'binaryType is deaf: it always is the other one',
    on: 'answerer',
    page: () => {
      const type = Object.getOwnPropertyDescriptor(RTCDataChannel.prototype, 'binaryType');
      Object.defineProperty(RTCDataChannel.prototype, 'binaryType', {
        get(this: RTCDataChannel) {
          const value: unknown = type?.get?.call(this);
          return value === 'blob' ? 'arraybuffer' : 'blob';
        },
        set(this: RTCDataChannel, value: string) {
          type?.set?.call(this, value === 'blob' ? 'arraybuffer' : 'blob');
        },
      });
    },
    expect: { status: 'fail', phase: 'assert', reason: /the types? of/ },
  });
}

fault({
  scenario: 'data-channels/binary-type/blob',
  name: 'a byte of the message is flipped',
  on: 'offerer',
  page: flipBit,
  arg: { at: 77 },
  expect: { status: 'fail', phase: 'assert', reason: /what arrived/ },
});
