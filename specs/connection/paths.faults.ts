import { rewriteText } from '../breakages/data.ts';
import { rewriteLines } from '../breakages/sdp.ts';
import { fault } from '../fault.ts';

/** The candidates of the better path, and those of the other. */
const candidates = { better: '[^+ ]+', other: '[^ ]+\\+1' } as const;

for (const [name, lost, reason, timeoutMs] of [
  ['better', 'better', /the pair in use to be that of the better path; last seen: the remote port/, 8000],
  ['better-dead', 'other', /waited \d+ ms for the connection/, 8000],
  ['better-dies', 'other', /waited \d+ ms for a message on data channel "proof"/, 15_000],
  [
    'better-dies-restart',
    'other',
    /a candidate pair of the ICE restart to be in use; last seen: old credentials here/,
    8000,
  ],
] as const)
  fault({
    scenario: `connection/path/${name}`,
    name: `neither side reads the candidate of the ${lost} path`,
    on: 'both',
    page: rewriteLines,
    arg: { at: 'heard', from: `^a=candidate:${candidates[lost]} .*\\r\\n` },
    expect: { status: 'timeout', phase: 'ice', reason },
    timeoutMs,
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
