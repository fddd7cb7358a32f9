import { expect } from 'chai';
import type { Cell } from '../results/schema.ts';
import { changedOutcomes } from './outcomes.ts';

const cell = (scenario: string, status: Cell['status'], signature: string | null = null) => ({
  scenario,
  offerer: 'chromium',
  answerer: 'firefox',
  status,
  signature,
});

describe('outcomes that changed', () => {
  it('are none where every cell came out as before, in whatever order', () => {
    const cells = [cell('a/b/c', 'pass'), cell('a/b/d', 'fail', 'it is red')];
    expect(changedOutcomes(cells, cells.toReversed())).to.deep.equal([]);
  });

  it('are none where a wait that ran out has seen something else last', () => {
    const before = [cell('a/b/c', 'timeout', 'waited # ms for a frame; last seen: # frames')];
    const after = [cell('a/b/c', 'timeout', 'waited # ms for a frame; last seen: nothing')];
    expect(changedOutcomes(before, after)).to.deep.equal([]);
  });

  it('are cells of another status, of another failure, and those that one run lacks', () => {
    const before = [cell('a/b/c', 'pass'), cell('a/b/d', 'fail', 'it is red'), cell('a/b/e', 'pass')];
    const after = [cell('a/b/c', 'timeout', 'late'), cell('a/b/d', 'fail', 'it is blue')];
    expect(changedOutcomes(before, after)).to.deep.equal([
      'a/b/c chromium → firefox: pass; then timeout: late',
      'a/b/d chromium → firefox: fail: it is red; then fail: it is blue',
      'a/b/e chromium → firefox: pass; then not there',
    ]);
  });
});
