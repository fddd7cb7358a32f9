import { rewriteText } from '../breakages/data.ts';
import { missing, twice } from '../breakages/events.ts';
import { fault } from '../fault.ts';

const scenario = (name: string) => `data-channels/opening/${name}`;

for (const name of ['after-connecting', 'made-by-the-answerer-first', 'data-section-added-later']) {
  fault({
    scenario: scenario(name),
    name: 'a message is changed on its way',
    on: 'offerer',
    page: rewriteText,
    arg: { from: '^.', to: '' },
    expect: { status: 'fail', phase: 'assert', reason: /what the answerer received/ },
  });
}

fault({
  scenario: scenario('after-connecting'),
  name: 'channels that are made later are not announced',
  on: 'answerer',
  page: missing,
  arg: { on: 'RTCPeerConnection', type: 'datachannel', nth: 2 },
  expect: { status: 'timeout', phase: 'sctp', reason: /data channel "later" to open/ },
});

fault({
  scenario: scenario('in-order-with-data'),
  name: 'the open event comes twice',
  on: 'answerer',
  page: twice,
  arg: { on: 'RTCDataChannel', type: 'open' },
  expect: { status: 'fail', phase: 'assert', reason: /the order of events/ },
});

for (const count of [100, 1000]) {
  fault({
    scenario: scenario(`${String(count)}-channels`),
    name: 'one channel swallows its message',
    on: 'offerer',
    page: (kit) =>
      kit.onSend(({ channel, data, send }) => {
        if (channel.label === 'channel 66') kit.bit();
        else send(data);
      }),
    expect: {
      status: 'timeout',
      phase: 'sctp',
      reason: /a message back over each.*last seen: \d+ messages, none over \d+ \([^)]*channel 66\b/,
    },
    timeoutMs: 6000,
  });
}
