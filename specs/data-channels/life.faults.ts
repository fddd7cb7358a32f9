import { drop, repeat } from '../breakages/data.ts';
import { scaled, stuck } from '../breakages/statistics.ts';
import { fault } from '../fault.ts';

const scenario = (name: string) => `data-channels/life/${name}`;

for (const name of ['renegotiation', 'ice-restart']) {
  fault({
    scenario: scenario(name),
    name: 'a message of the transfer is dropped',
    on: 'offerer',
    page: drop,
    arg: { nth: 700 },
    expect: { status: 'timeout', phase: 'sctp', reason: /1500 numbered messages.*"arrived":1499/ },
    timeoutMs: 6000,
  });
}

fault({
  scenario: scenario('renegotiation'),
  name: 'the video is not sent',
  on: 'offerer',
  page: () => {
    RTCPeerConnection.prototype.addTrack = new Proxy(RTCPeerConnection.prototype.addTrack, {
      apply: (_, pc: RTCPeerConnection) => pc.addTransceiver('video', { direction: 'recvonly' }).sender,
    });
  },
  expect: { status: 'timeout', phase: 'media', reason: /a video track from the other side/ },
  timeoutMs: 6000,
});

fault({
  scenario: scenario('ice-restart'),
  name: 'the restart is ignored',
  on: 'offerer',
  page: () => {
    RTCPeerConnection.prototype.createOffer = new Proxy(RTCPeerConnection.prototype.createOffer, {
      apply: (create, pc) => Reflect.apply(create, pc, []),
    });
  },
  expect: { status: 'fail', phase: 'assert', reason: /the offerer's credentials/ },
  timeoutMs: 15_000,
});

fault({
  scenario: scenario('sctp-transport'),
  name: 'there is no RTCSctpTransport',
  on: 'answerer',
  page: () => {
    Object.defineProperty(RTCPeerConnection.prototype, 'sctp', { get: () => null });
  },
  expect: { status: 'fail', phase: 'assert', reason: /state at the answerer/ },
});

fault({
  scenario: scenario('max-channels'),
  name: 'it does not say',
  on: 'answerer',
  page: () => {
    Object.defineProperty(RTCSctpTransport.prototype, 'maxChannels', { get: () => null });
  },
  expect: { status: 'fail', phase: 'assert', reason: /maxChannels at the answerer/ },
});

fault({
  scenario: scenario('stats'),
  name: 'a message is sent twice',
  on: 'offerer',
  page: repeat,
  arg: { nth: 1 },
  expect: { status: 'fail', phase: 'assert', reason: /the statistics of the offerer/ },
});

fault({
  scenario: scenario('stats'),
  name: 'the candidate pairs count nothing',
  on: 'answerer',
  page: scaled,
  arg: { types: ['candidate-pair', 'transport'], members: ['bytesSent', 'bytesReceived'], by: 0 },
  expect: { status: 'fail', phase: 'assert', reason: /bytesReceived of the candidate pairs/ },
});

fault({
  scenario: scenario('in-a-worker'),
  name: 'the answerer changes what it sends back',
  on: 'answerer',
  page: (kit) => kit.changeSent((data) => (typeof data === 'string' ? data.toUpperCase() : data)),
  expect: { status: 'fail', phase: 'assert', reason: /what the worker received/ },
});

fault({
  scenario: scenario('stats'),
  name: 'the statistics of the channel stand still',
  on: 'answerer',
  page: stuck,
  arg: { types: ['data-channel'] },
  expect: { status: 'timeout', phase: 'sctp', reason: /data-channel statistics that count 7 messages/ },
});
