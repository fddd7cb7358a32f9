import { expect } from 'chai';
import type { Mutant } from '../../specs/breakages/catalogue.ts';
import { cellId, planMutants, type Healthy } from './plan.ts';

const mutant = (id: string, fields: Partial<Mutant> = {}): Mutant => ({
  id,
  kind: 'data',
  page: () => undefined,
  arg: {},
  on: ['offerer', 'answerer'],
  uses: ['RTCDataChannel.send'],
  words: /./,
  slow: false,
  ...fields,
});

const healthy = (scenario: string, uses: Healthy['uses'], roles: Healthy['roles'] = 'pair'): Healthy => ({
  scenario,
  roles,
  ms: 3000,
  timeoutMs: 10_000,
  uses,
});

const both = { offerer: ['RTCDataChannel.send'], answerer: ['RTCDataChannel.send'] };
const everything = { mutants: [], sample: Infinity, seed: 1 };

describe('the plan of mutants', () => {
  it('breaks the sides that use what is broken, and no others', () => {
    const scenarios = [healthy('a/b/c', { offerer: ['RTCDataChannel.send'], answerer: [] })];
    const cells = planMutants([mutant('data/x')], scenarios, everything);
    expect(cells.map(cellId)).to.deep.equal(['data/x a/b/c offerer']);
  });

  it('breaks both sides at once where the break says so and one of them uses it', () => {
    const scenarios = [healthy('a/b/c', { offerer: ['RTCDataChannel.send'], answerer: [] })];
    const cells = planMutants([mutant('data/x', { on: ['both'] })], scenarios, everything);
    expect(cells.map(({ on }) => on)).to.deep.equal(['both']);
  });

  it('breaks the one browser of a scenario about one', () => {
    const scenarios = [healthy('a/b/c', { single: ['RTCDataChannel.send'] }, 'single')];
    expect(planMutants([mutant('data/x')], scenarios, everything).map(({ on }) => on)).to.deep.equal([
      'single',
    ]);
  });

  it('takes a sample from different groups first, the same for the same seed, and part of a larger one', () => {
    const scenarios = ['a/b/1', 'a/b/2', 'a/b/3', 'a/c/1'].map((id) => healthy(id, both));
    const sample = (size: number) =>
      planMutants([mutant('data/x')], scenarios, { ...everything, sample: size }).map(cellId);
    expect(new Set(sample(2).map((id) => id.includes('a/c'))).size).to.equal(2);
    expect(sample(2)).to.deep.equal(sample(2));
    expect(sample(5)).to.include.members(sample(2));
  });

  it('leaves the whole time to a break that is only late, and cuts that of others', () => {
    const scenarios = [healthy('a/b/c', both)];
    const time = (slow: boolean) =>
      planMutants([mutant('data/x', { slow })], scenarios, everything)[0]?.timeoutMs;
    expect(time(true)).to.equal(10_000);
    expect(time(false)).to.equal(9500);
  });

  it('takes globs over the ids of breaks', () => {
    const scenarios = [healthy('a/b/c', both)];
    const cells = planMutants([mutant('data/x'), mutant('sound/y')], scenarios, {
      ...everything,
      mutants: ['sound/*'],
    });
    expect(new Set(cells.map((cell) => cell.mutant))).to.deep.equal(new Set(['sound/y']));
  });
});
