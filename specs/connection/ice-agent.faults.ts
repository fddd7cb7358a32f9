import { rewriteText } from '../breakages/data.ts';
import { rewriteLines } from '../breakages/sdp.ts';
import { fault } from '../fault.ts';

for (const [side, other] of [
  ['offerer', 'answerer'],
  ['answerer', 'offerer'],
] as const) {
  for (const by of ['487', 'check']) {
    fault({
      scenario: `connection/path/conflict-${by}-${side}`,
      name: 'what it sends comes changed',
      on: side,
      page: rewriteText,
      arg: { from: '^from', to: 'not from' },
      expect: {
        status: 'fail',
        phase: 'assert',
        reason: new RegExp(`what the ${other} received: .*not from`),
      },
    });
    fault({
      scenario: `connection/path/conflict-${by}-${side}`,
      name: 'it signs its checks with another password',
      on: side,
      page: rewriteLines,
      arg: { at: 'heard', from: '^a=ice-pwd:.*\\r\\n', to: 'a=ice-pwd:thisIsNotItsPasswordAtAll00\r\n' },
      expect: { status: 'timeout', phase: 'ice', reason: /waited \d+ ms for data channel "proof" to open/ },
      timeoutMs: 8000,
    });
  }
}

fault({
  scenario: 'connection/path/lite-offerer',
  name: 'the answerer does not read that the offerer has ICE lite',
  on: 'answerer',
  page: rewriteLines,
  arg: { at: 'heard', from: '^a=ice-lite\\r\\n' },
  expect: { status: 'fail', phase: 'assert', reason: /the roles of the answerer: .*controlled/ },
  timeoutMs: 8000,
});

fault({
  scenario: 'connection/path/lite-answerer',
  name: 'the offerer signs its checks with another password',
  on: 'offerer',
  page: rewriteLines,
  arg: { at: 'heard', from: '^a=ice-pwd:.*\\r\\n', to: 'a=ice-pwd:thisIsNotItsPasswordAtAll00\r\n' },
  expect: { status: 'timeout', phase: 'ice', reason: /waited \d+ ms for data channel "proof" to open/ },
  timeoutMs: 8000,
});

for (const side of ['offerer', 'answerer']) {
  fault({
    scenario: `connection/path/lite-${side}`,
    name: 'what the offerer sends comes changed',
    on: 'offerer',
    page: rewriteText,
    arg: { from: '^from', to: 'not from' },
    expect: { status: 'fail', phase: 'assert', reason: /what the answerer received: .*not from/ },
  });
}
