import { expect } from 'chai';
import type { Mutant } from '../../specs/breakages/catalogue.ts';
import { idle, judge, tallyKinds, tallyMutants, unseen, type MutantOutcome } from './tally.ts';

const outcome = (fields: Partial<MutantOutcome> = {}): MutantOutcome => ({
  mutant: 'data/x',
  kind: 'data',
  scenario: 'a/b/c',
  on: 'offerer',
  timeoutMs: 5000,
  status: 'fail',
  phase: 'assert',
  reason: 'the text that arrived',
  bites: 1,
  ...fields,
});

describe('the judgement of a mutant', () => {
  for (const [what, fields, due] of [
    ['a red cell that speaks of what is broken has seen it', {}, 'seen'],
    ['a red cell that speaks of something else has not', { reason: 'the picture' }, 'wrong-reason'],
    ['an error of the harness is no verdict', { status: 'error' }, 'wrong-reason'],
    ['a crash is no verdict', { status: 'crash' }, 'wrong-reason'],
    ['a green cell has let it through', { status: 'pass' }, 'survived'],
    ['a cell that says unsupported is not red', { status: 'unsupported' }, 'survived'],
    ['a cell in which it changed nothing does not count', { bites: 0 }, 'no-bite'],
    ['a green cell whose page nobody could ask does not count', { status: 'pass', bites: null }, 'no-bite'],
    ['a red cell whose page nobody could ask does', { bites: null }, 'seen'],
  ] as const) {
    it(what, () => {
      expect(judge(outcome(fields), /text/)).to.equal(due);
    });
  }
});

describe('the tally of mutants', () => {
  const of = (id: string): Mutant => ({
    id,
    kind: 'data',
    page: () => undefined,
    arg: {},
    on: ['offerer'],
    uses: [],
    asked: [],
    words: /text/,
    slow: false,
  });
  const tallies = tallyMutants(
    [of('data/x'), of('data/y'), of('data/z')],
    [
      outcome(),
      outcome({ scenario: 'a/b/d', status: 'pass' }),
      outcome({ mutant: 'data/y', status: 'pass' }),
      outcome({ mutant: 'data/z', bites: 0 }),
    ],
  );

  it('counts breaks that were tried, and of them those that some scenario saw and those that bit nowhere', () => {
    expect(tallyKinds(tallies)).to.deep.equal([
      { kind: 'data', mutants: 3, idle: 1, seen: 1, cells: 3, cellsSeen: 1, cellsWrong: 0 },
    ]);
  });

  it('names the breaks that no scenario sees', () => {
    expect(unseen(tallies).map(({ id }) => id)).to.deep.equal(['data/y']);
  });

  it('names the breaks that bit nowhere', () => {
    expect(idle(tallies).map(({ id }) => id)).to.deep.equal(['data/z']);
  });
});
