import { delay, swapNeighbours } from '../breakages/data.ts';
import { fault } from '../fault.ts';

const scenario = (name: string) => `data-channels/application/${name}`;

for (const name of ['file-16-mib', 'chat-during-file']) {
  fault({
    scenario: scenario(name),
    name: 'two chunks change places',
    on: 'answerer',
    page: swapNeighbours,
    arg: { nth: 100 },
    expect: { status: 'fail', phase: 'assert', reason: /the digest of/ },
    timeoutMs: 40_000,
  });
}

fault({
  scenario: scenario('chat-during-file'),
  name: 'a line of chat is lost',
  on: 'answerer',
  page: (kit) =>
    kit.onSend(({ data, send }) => {
      if (typeof data === 'string' && data.includes('line 7')) kit.bit();
      else send(data);
    }),
  expect: { status: 'timeout', phase: 'sctp', reason: /a message on data channel "chat"/ },
  timeoutMs: 12_000,
});

fault({
  scenario: scenario('game-state'),
  name: 'states are held back for half a second',
  on: 'offerer',
  page: delay,
  arg: { ms: 500 },
  expect: { status: 'fail', phase: 'assert', reason: /age of the newest state/ },
  timeoutMs: 30_000,
});

fault({
  scenario: scenario('game-state'),
  name: 'two of three states are lost',
  on: 'offerer',
  page: (kit) =>
    kit.onSend(({ data, nth, send }) => {
      if (nth % 3 === 0) send(data);
      else kit.bit();
    }),
  expect: { status: 'fail', phase: 'assert', reason: /states that arrived/ },
  timeoutMs: 30_000,
});
