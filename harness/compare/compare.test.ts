import { expect } from 'chai';
import { UsageError } from '../errors.ts';
import { Baseline } from '../results/baseline.ts';
import { Expectations, type Expectation } from '../results/expectations.ts';
import type { Cell } from '../results/schema.ts';
import { isUnexpected } from '../results/totals.ts';
import { compareRuns, isWorse } from './compare.ts';
import { browser, cell, runOf } from './example.ts';

const fails = cell({ status: 'fail' });
const unsupported = cell(
  { status: 'unsupported' },
  'answerer firefox has no codec:video/VP8:send, says its probe',
);
const known: Expectation = {
  scenarios: 'a/**',
  offerer: '*',
  answerer: 'gecko',
  status: 'fail',
  says: 'it did not hold',
  why: 'It is known.',
};
const knowing = (changes: Partial<Expectation> = {}): Expectations =>
  new Expectations({ expectations: [{ ...known, ...changes }] }, runOf([]).browsers);

/** What became of the one key, and whether it got worse. */
function became(before: readonly Cell[], after: readonly Cell[], expectations?: Expectations) {
  const other = cell({ scenario: 'a/b/other' });
  const comparison = compareRuns(runOf([...before, other]), runOf([...after, other]), expectations);
  expect(comparison.changes.length).to.be.at.most(1);
  expect(comparison.unchanged).to.equal(
    2 - comparison.changes.length - (before.length + after.length === 0 ? 1 : 0),
  );
  const [change] = comparison.changes;
  expect(isWorse(comparison)).to.equal(change?.worse ?? false);
  return change === undefined ? 'the same' : `${change.kind}${change.worse ? ', worse' : ''}`;
}

describe('a comparison of two runs', () => {
  for (const [what, before, after, becomes] of [
    ['a pass that is one still', cell(), cell(), 'the same'],
    ['a pass that fails', cell(), fails, 'newly-failing, worse'],
    ['a pass that runs into a timeout', cell(), cell({ status: 'timeout' }), 'newly-failing, worse'],
    ['a pass that became an error of the harness', cell(), cell({ status: 'error' }), 'newly-failing, worse'],
    ['a pass that became unsupported', cell(), unsupported, 'lost-support, worse'],
    ['a failure that became unsupported', fails, unsupported, 'lost-support, worse'],
    ['a failure that is unchanged', fails, fails, 'the same'],
    ['a failure that passes', fails, cell(), 'newly-passing'],
    ['a failure for another reason', fails, cell({ status: 'fail' }, 'other words'), 'other-reason, worse'],
    ['what is unsupported still', unsupported, unsupported, 'the same'],
    ['what is supported now', unsupported, cell(), 'newly-passing'],
    ['what is supported now and fails', unsupported, fails, 'newly-failing, worse'],
    ['a cell that was not reached', cell(), cell({ status: 'notrun' }), 'not-run'],
    ['a cell that was not reached before', cell({ status: 'notrun' }), cell(), 'new'],
  ] as const) {
    it(`says of ${what}: ${becomes}`, () => {
      expect(became([before], [after])).to.equal(becomes);
    });
  }

  it('tells flaky from failing', () => {
    const retried = cell({ flaky: true, attempts: [{ ...fails, evidence: [] }, cell()] });
    expect(became([cell()], [retried])).to.equal('flaky');
    expect(became([cell(), cell()], [cell(), fails])).to.equal('flaky, worse');
    expect(became([cell(), fails], [fails, cell()])).to.equal('the same');
    expect(became([cell(), fails], [fails, fails])).to.equal('the same');
    expect(became([cell(), fails], [cell(), cell()])).to.equal('the same');
    expect(became([retried], [retried])).to.equal('the same');
    expect(became([retried], [fails])).to.equal('newly-failing, worse');
  });

  it('names what is new and what is gone, and takes neither for a regression', () => {
    expect(became([], [fails])).to.equal('new');
    expect(became([cell()], [])).to.equal('gone');
  });

  it('takes a scenario with another version for judged otherwise', () => {
    const { changes } = compareRuns(runOf([cell()]), runOf([fails], { versions: { 'a/b/c': 2 } }));
    expect(changes.map(({ kind, worse }) => [kind, worse])).to.deep.equal([['judged-otherwise', false]]);
  });

  it('excuses a failure that comes sometimes, and none that is expected but did not come before', () => {
    expect(became([cell()], [fails], knowing({ sometimes: true }))).to.equal('newly-failing');
    expect(became([cell()], [fails], knowing())).to.equal('newly-failing, worse');
  });

  it('excuses another reason that is known, and takes one expectation for one reason', () => {
    const other = cell({ status: 'fail' }, 'something else');
    expect(became([other], [fails], knowing())).to.equal('other-reason');
    expect(became([cell({ status: 'fail' }, 'so it did not hold')], [fails], knowing())).to.equal('the same');
  });

  it('counts a canary that no longer says no as failing', () => {
    const canary = (status: Cell['status'], code: string): Cell => ({
      ...cell({ scenario: 'canary/agent/unknown-command', status }),
      reason: { code, message: '', peer: null },
    });
    expect(became([canary('error', 'unknown-command')], [canary('error', 'other')])).to.equal(
      'newly-failing, worse',
    );
  });

  it('tells browsers by name and version', () => {
    const after = runOf([cell()], { browsers: [browser('chromium', '2.0'), browser('nightly', '3.0')] });
    expect(compareRuns(runOf([cell()]), after).browsers).to.deep.equal([
      { id: 'chromium', before: 'Chromium 1.0', after: 'Chromium 2.0' },
      { id: 'nightly', before: null, after: 'Chromium 3.0' },
      { id: 'firefox', before: 'Firefox 153.7.0', after: null },
    ]);
  });

  it('puts the most pressing first', () => {
    const ids = ['a/b/1', 'a/b/2', 'a/b/3'] as const;
    const before = [fails, cell(), cell()].map((each, at): Cell => ({ ...each, scenario: ids[at] ?? '' }));
    const after = [cell(), unsupported, fails].map((each, at): Cell => ({
      ...each,
      scenario: ids[at] ?? '',
    }));
    expect(compareRuns(runOf(before), runOf(after)).changes.map(({ kind }) => kind)).to.deep.equal([
      'newly-failing',
      'lost-support',
      'newly-passing',
    ]);
  });

  it('agrees with the gate of a run that has the other as its baseline', () => {
    const outcomes = [
      cell(),
      fails,
      unsupported,
      cell({ status: 'fail' }, 'other words'),
      cell({ status: 'crash' }),
    ];
    for (const expectations of [knowing(), knowing({ sometimes: true }), knowing({ says: 'other' })]) {
      for (const was of outcomes) {
        for (const is of outcomes) {
          const [before, after] = [runOf([was]), runOf([is])];
          const gate = expectations.against(new Baseline(before, after.scenarios), after.browsers);
          const worse = isWorse(compareRuns(before, after, expectations));
          expect(worse, `${was.signature ?? 'pass'} to ${is.signature ?? 'pass'}`).to.equal(
            isUnexpected(is, gate),
          );
        }
      }
    }
  });

  it('refuses runs without a cell in common', () => {
    expect(() => compareRuns(runOf([cell()]), runOf([cell({ offerer: 'firefox' })]))).to.throw(
      UsageError,
      /no cell in common/,
    );
  });

  it('refuses an id that stands for another kind of browser', () => {
    const after = runOf([cell()], { browsers: [browser('chromium', '1', 'firefox')] });
    expect(() => compareRuns(runOf([cell()]), after)).to.throw(
      UsageError,
      '"chromium" is chromium in the earlier run and firefox in the later one',
    );
  });
});

describe('what takes longer', () => {
  /** Thirty scenarios whose times differ by a fifth from run to run, and by what `factor` says for the first. */
  const times = (factor: number, repeat = 1, machine = 1): Cell[] =>
    Array.from({ length: 30 * repeat }, (_, at) =>
      cell({
        scenario: `a/b/${String(at % 30)}`,
        durationMs: machine * 1000 * (1 + (at % 5) / 20) * (at % 30 === 0 ? factor : 1),
      }),
    );
  const slowerIn = (before: Cell[], after: Cell[]): string[] =>
    compareRuns(runOf(before), runOf(after))
      .changes.filter(({ kind }) => kind === 'slower')
      .map(({ scenario }) => scenario);

  it('is named with its times before and now, and is no regression', () => {
    const comparison = compareRuns(runOf(times(1)), runOf(times(4)));
    expect(comparison.changes.map(({ scenario, kind, pace }) => [scenario, kind, pace])).to.deep.equal([
      ['a/b/0', 'slower', { before: 1000, after: 4000 }],
    ]);
    expect(isWorse(comparison)).to.equal(false);
  });

  it('is not what varies as other cells do', () => {
    expect(slowerIn(times(1), times(1.2))).to.deep.equal([]);
    const faster = times(1).map((each, at) =>
      at === 5 ? { ...each, durationMs: each.durationMs / 5 } : each,
    );
    expect(
      slowerIn(
        times(1),
        times(4).map((each, at) => (at === 5 ? (faster[at] ?? each) : each)),
      ),
    ).to.deep.equal([]);
  });

  it('is not every cell of a slow machine', () => {
    expect(slowerIn(times(1), times(1, 1, 3))).to.deep.equal([]);
  });

  it('is no key whose cells were as slow before now and then', () => {
    const before = times(1, 3).map((each, at) => (at === 30 ? { ...each, durationMs: 5000 } : each));
    expect(slowerIn(before, times(4, 3))).to.deep.equal([]);
    expect(slowerIn(times(1, 3), times(4, 3))).to.deep.equal(['a/b/0']);
  });

  it('is not said of a few cells, which do not tell how much times vary', () => {
    expect(slowerIn(times(1).slice(0, 5), times(4).slice(0, 5))).to.deep.equal([]);
  });
});
