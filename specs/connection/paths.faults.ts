import { rewriteText } from '../breakages/data.ts';
import { rewriteLines } from '../breakages/sdp.ts';
import { fault } from '../fault.ts';

fault({
  scenario: 'connection/path/better',
  name: 'the offerer does not read the candidate of the better path',
  on: 'both',
  page: rewriteLines,
  arg: { at: 'heard', from: '^a=candidate:[^+ ]+ .*\\r\\n' },
  expect: {
    status: 'timeout',
    phase: 'ice',
    reason: /the pair in use to be that of the better path; last seen: the remote port/,
  },
  timeoutMs: 8000,
});

fault({
  scenario: 'connection/path/better-dead',
  name: 'neither side reads the candidate of the other path',
  on: 'both',
  page: rewriteLines,
  arg: { at: 'heard', from: '^a=candidate:[^ ]+\\+1 .*\\r\\n' },
  expect: { status: 'timeout', phase: 'ice', reason: /waited \d+ ms for the connection/ },
  timeoutMs: 8000,
});

fault({
  scenario: 'connection/path/better-dies',
  name: 'neither side reads the candidate of the other path',
  on: 'both',
  page: rewriteLines,
  arg: { at: 'heard', from: '^a=candidate:[^ ]+\\+1 .*\\r\\n' },
  expect: { status: 'timeout', phase: 'ice', reason: /waited \d+ ms for a message on data channel "proof"/ },
  timeoutMs: 15_000,
});

fault({
  scenario: 'connection/path/better-dies-restart',
  name: 'neither side reads the candidate of the other path',
  on: 'both',
  page: rewriteLines,
  arg: { at: 'heard', from: '^a=candidate:[^ ]+\\+1 .*\\r\\n' },
  expect: {
    status: 'timeout',
    phase: 'ice',
    reason: /a candidate pair of the ICE restart to be in use; last seen: old credentials here/,
  },
  timeoutMs: 8000,
});

for (const name of ['better', 'better-dead', 'better-dies', 'better-dies-restart']) {
  fault({
    scenario: `connection/path/${name}`,
    name: 'long texts are cut on their way',
    on: 'offerer',
    page: rewriteText,
    arg: { from: '^x{1000}', to: '' },
    expect: { status: 'fail', phase: 'assert', reason: /length of what the answerer received/ },
  });
}
