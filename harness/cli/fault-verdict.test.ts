import { expect } from 'chai';
import { faultVerdict } from './fault-verdict.ts';

const due = { status: 'fail', phase: 'assert', reason: /the text that arrived/g } as const;
const red = {
  status: 'fail',
  phase: 'assert',
  reason: { code: 'assertion', message: 'the text that arrived: expected a to equal b', peer: null },
} as const;

describe('a cell that is broken on purpose', () => {
  it('is as it must be when status, phase and reason are, time and again', () => {
    expect([faultVerdict(red, due).isDue, faultVerdict(red, due).isDue]).to.deep.equal([true, true]);
  });

  it('is not when it stays green', () => {
    const { isDue, came } = faultVerdict({ status: 'pass', phase: null, reason: null }, due);
    expect({ isDue, came }).to.deep.equal({ isDue: false, came: 'pass' });
  });

  it('is not when it is red in another phase or for another reason', () => {
    expect(faultVerdict({ ...red, phase: 'sdp' }, due).isDue).to.equal(false);
    expect(faultVerdict(red, { ...due, reason: /something else/ }).isDue).to.equal(false);
  });

  it('passes where the fault spares its scenario', () => {
    expect(faultVerdict({ status: 'pass', phase: null, reason: null }, null).isDue).to.equal(true);
    expect(faultVerdict(red, null).isDue).to.equal(false);
  });

  it('says when it was not run', () => {
    expect(faultVerdict({ ...red, status: 'notrun' }, due).wasRun).to.equal(false);
  });
});
