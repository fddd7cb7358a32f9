import { repeat } from '../breakages/data.ts';
import { fault } from '../fault.ts';

for (const name of ['loss-1', 'loss-5', 'loss-20', 'delay-200', 'jitter-50', 'reordered', 'duplicated']) {
  fault({
    scenario: `connection/network/${name}`,
    name: 'a message comes twice',
    on: 'offerer',
    page: repeat,
    arg: { nth: 10 },
    expect: { status: 'fail', phase: 'assert', reason: /the numbers of the messages/ },
    timeoutMs: 30_000,
  });
}

fault({
  scenario: 'connection/path/silent-3s',
  name: 'what is sent into the silence comes changed',
  on: 'offerer',
  page: (kit) => kit.changeSent((data) => (data === 'into the silence' ? 'into the void' : data)),
  expect: { status: 'fail', phase: 'assert', reason: /what the answerer received: .*into the void/ },
  timeoutMs: 15_000,
});

for (const side of ['offerer', 'answerer']) {
  fault({
    scenario: `connection/path/${side}-moves`,
    name: 'what is sent after the move comes changed',
    on: 'offerer',
    page: (kit) =>
      kit.changeSent((data) =>
        typeof data === 'string' && data.endsWith('after the move') ? `${data}?` : data,
      ),
    expect: { status: 'fail', phase: 'assert', reason: /what the answerer received after the move/ },
    timeoutMs: 15_000,
  });
}
