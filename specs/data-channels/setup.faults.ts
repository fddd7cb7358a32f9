import { missing } from '../breakages/events.ts';
import { fault } from '../fault.ts';

const properties = {
  defaults: 'ordered',
  unordered: 'ordered',
  'max-retransmits-0': 'maxRetransmits',
  'max-retransmits-unordered': 'maxRetransmits',
  'max-packet-life-time': 'maxPacketLifeTime',
  'max-packet-life-time-unordered': 'ordered',
  protocol: 'protocol',
  'protocol-longest': 'protocol',
} as const;

for (const [name, property] of Object.entries(properties)) {
  fault({
    scenario: `data-channels/setup/${name}`,
    name: `${property} is lost on its way`,
    on: 'offerer',
    page: () => {
      RTCPeerConnection.prototype.createDataChannel = new Proxy(
        RTCPeerConnection.prototype.createDataChannel,
        {
          apply: (create, pc, [label, { ordered = true } = {}]: [string, RTCDataChannelInit?]) =>
            Reflect.apply(create, pc, [label, { ordered: !ordered, protocol: 'another' }]),
        },
      );
    },
    expect: { status: 'fail', phase: 'assert', reason: /the channel that the answerer sees/ },
  });
}

for (const name of ['label-empty', 'label-unicode', 'label-longest']) {
  fault({
    scenario: `data-channels/setup/${name}`,
    name: 'the label is changed on its way',
    on: 'answerer',
    page: () => {
      const label = Object.getOwnPropertyDescriptor(RTCDataChannel.prototype, 'label');
      Object.defineProperty(RTCDataChannel.prototype, 'label', {
        get(this: RTCDataChannel) {
          return `${String(label?.get?.call(this))}?`;
        },
      });
    },
    expect: { status: 'fail', phase: 'assert', reason: /the label that the answerer sees/ },
  });
}

fault({
  scenario: 'data-channels/setup/defaults',
  name: 'the channel is never announced',
  on: 'answerer',
  page: missing,
  arg: { on: 'RTCPeerConnection', type: 'datachannel' },
  expect: { status: 'timeout', phase: 'sctp', reason: /a message on data channel "plain"/ },
});

const refused = [
  'both-limits',
  'negotiated-without-id',
  'id-65535',
  'id-65536',
  'id-in-use',
  'max-retransmits-negative',
  'label-too-long',
  'protocol-too-long',
];

for (const name of refused) {
  fault({
    scenario: `data-channels/refused/${name}`,
    name: 'what should be refused is taken',
    on: 'single',
    page: () => {
      RTCPeerConnection.prototype.createDataChannel = new Proxy(
        RTCPeerConnection.prototype.createDataChannel,
        {
          apply: (create, pc) => Reflect.apply(create, pc, ['anything']),
        },
      );
    },
    expect: { status: 'fail', phase: 'assert', reason: /what the calls threw/ },
  });
}

/** No browser has priorities yet, so the fault adds them, with one that is lost on its way. */
fault({
  scenario: 'data-channels/setup/priority',
  name: 'the priority is lost on its way',
  on: 'both',
  page: () => {
    Object.defineProperty(RTCDataChannel.prototype, 'priority', { get: () => 'low', configurable: true });
  },
  expect: { status: 'fail', phase: 'assert', reason: /the priority that the offerer sees/ },
});
