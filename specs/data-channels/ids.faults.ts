import { fault } from '../fault.ts';

for (const id of [0, 1, 1023, 65_534]) {
  fault({
    scenario: `data-channels/negotiated/id-${String(id)}`,
    name: 'the sides take different ids',
    on: 'offerer',
    page: () => {
      RTCPeerConnection.prototype.createDataChannel = new Proxy(
        RTCPeerConnection.prototype.createDataChannel,
        {
          apply: (create, pc, [label]: [string]) =>
            Reflect.apply(create, pc, [label, { negotiated: true, id: 7 }]),
        },
      );
    },
    expect: {
      status: 'timeout',
      phase: 'sctp',
      reason: /a message on data channel "(?:of the answerer|last)"/,
    },
  });
}

fault({
  scenario: 'data-channels/negotiated/id-0',
  name: 'the channel is announced instead',
  on: 'offerer',
  page: () => {
    RTCPeerConnection.prototype.createDataChannel = new Proxy(RTCPeerConnection.prototype.createDataChannel, {
      apply: (create, pc, [label]: [string]) => Reflect.apply(create, pc, [label]),
    });
  },
  expect: { status: 'timeout', phase: 'sctp', reason: /a message on data channel "of the answerer"/ },
});

fault({
  scenario: 'data-channels/ids/by-dtls-role',
  name: 'the answerer reports ids of the wrong parity',
  on: 'answerer',
  page: () => {
    const id = Object.getOwnPropertyDescriptor(RTCDataChannel.prototype, 'id');
    Object.defineProperty(RTCDataChannel.prototype, 'id', {
      get(this: RTCDataChannel) {
        return Number(id?.get?.call(this)) + 1;
      },
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /the offerer's channels, on both sides/ },
});

fault({
  scenario: 'data-channels/ids/skip-negotiated',
  name: 'the messages of two channels are swapped',
  on: 'offerer',
  page: (kit) =>
    kit.changeSent((data) =>
      typeof data === 'string' ? data.replace(/[12]$/, (id) => (id === '1' ? '2' : '1')) : data,
    ),
  expect: { status: 'fail', phase: 'assert', reason: /what came over the negotiated channels/ },
});
