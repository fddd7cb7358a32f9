import { expect } from 'chai';
import type { Attempt, Check } from '../results/schema.ts';
import { isInDoubt, judgedAlone, mostInDoubt } from './second-look.ts';

const check = (ok: boolean, paced?: true): Check => ({
  name: 'frames a second',
  ok,
  expected: 'be above 20',
  actual: 12,
  ...(paced ? { paced } : {}),
});
const shared = { cellsAtOnce: 3, processorBusy: 0.5 };
const quiet = { cellsAtOnce: 1, processorBusy: 0.5 };
const disturbed = { cellsAtOnce: 1, processorBusy: 0.69 };
const full = { cellsAtOnce: 1, processorBusy: 0.95 };
const attempt = (of: Partial<Attempt>): Attempt => ({
  status: 'timeout',
  phase: 'media',
  reason: { code: 'wait-timeout', message: 'waited 3000 ms for a frame', peer: 'answerer' },
  startedAt: '2026-11-25T12:00:00.000Z',
  durationMs: 3000,
  checks: [],
  measurements: {},
  evidence: [],
  ...of,
});

describe('an outcome that load may have decided', () => {
  it('is a timeout beside other cells or another program, or on full processors', () => {
    expect(isInDoubt(attempt({ load: shared }))).to.equal(true);
    expect(isInDoubt(attempt({ load: disturbed }))).to.equal(true);
    expect(isInDoubt(attempt({ load: full }))).to.equal(true);
  });

  it('is a browser that seemed to hang: it may have opened its page too late', () => {
    const reason = { code: 'browser-hangs', message: 'it opens no page', peer: 'single' } as const;
    expect(isInDoubt(attempt({ reason, load: shared }))).to.equal(true);
  });

  it('is an error where no page came in time', () => {
    const reason = { code: 'deadline', message: 'waited 15000 ms for firefox to open a page', peer: null };
    expect(isInDoubt(attempt({ status: 'error', phase: 'signaling', reason, load: shared }))).to.equal(true);
    expect(isInDoubt(attempt({ status: 'error', phase: 'signaling', reason }))).to.equal(false);
  });

  it('is a failure of bounds of pace alone', () => {
    const fails = (checks: Check[]) => isInDoubt(attempt({ status: 'fail', checks, load: shared }));
    expect(fails([check(true), check(false, true)])).to.equal(true);
    expect(fails([check(false), check(false, true)]), 'with a bound of another kind').to.equal(false);
    expect(fails([check(true, true)]), 'that no check says').to.equal(false);
  });

  it('is none where nothing else wanted the machine', () => {
    expect(isInDoubt(attempt({ load: quiet }))).to.equal(false);
    expect(isInDoubt(attempt({}))).to.equal(false);
  });

  it('is no pass, crash or other error', () => {
    for (const status of ['pass', 'crash', 'error', 'unsupported'] as const)
      expect(isInDoubt(attempt({ status, load: shared })), status).to.equal(false);
  });
});

describe('an attempt that ran alone', () => {
  it('stands as it is on a machine that had time for it', () => {
    const seen = attempt({ load: quiet });
    expect(judgedAlone(seen)).to.equal(seen);
  });

  it('is the failure of a machine whose processors were full even so, and says how full', () => {
    const { status, reason } = judgedAlone(attempt({ load: full }));
    expect(status).to.equal('error');
    expect(reason?.code).to.equal('machine-too-slow');
    expect(reason?.message).to.include('95 % busy').and.include('waited 3000 ms for a frame');
  });

  it('stands on any machine where what did not hold is no bound of pace', () => {
    const seen = attempt({ status: 'fail', checks: [check(false)], load: full });
    expect(judgedAlone(seen)).to.equal(seen);
  });
});

it('few of very many cells get a second look, and ten of any number', () => {
  expect([0, 20, 3400, 100_000].map(mostInDoubt)).to.deep.equal([10, 10, 68, 2000]);
});
