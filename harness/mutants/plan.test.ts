import { expect } from 'chai';
import type { Mutant } from '../../specs/breakages/catalogue.ts';
import { cellId, checkMutants, nextCell, planMutants, type Healthy, type Wanted } from './plan.ts';

const mutant = (id: string, fields: Partial<Mutant> = {}): Mutant => ({
  id,
  kind: 'data',
  page: () => undefined,
  arg: {},
  on: ['offerer', 'answerer'],
  uses: ['RTCDataChannel.send'],
  asked: [],
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
const scenarioless = { mutant: '', kind: 'data', scenario: '', on: 'offerer', timeoutMs: 0 } as const;
const everything: Wanted = { mutants: [], seed: 1 };

const cellsOf = (catalogue: readonly Mutant[], scenarios: readonly Healthy[], wanted = everything) =>
  planMutants(catalogue, scenarios, wanted).flatMap(({ cells }) => cells);

describe('the plan of mutants', () => {
  it('refuses a glob that no break matches, though others do', () => {
    const catalogue = [mutant('data/x'), mutant('data/y')];
    checkMutants(catalogue, ['data/{x,z}', '*/y']);
    expect(() => checkMutants(catalogue, ['data/x', 'data/{z']))
      .to.throw('No break matches "data/{z"')
      .with.property('code', 'no-such-mutant');
  });

  it('breaks the sides that use what is broken, and no others', () => {
    const scenarios = [healthy('a/b/c', { offerer: ['RTCDataChannel.send'], answerer: [] })];
    const cells = cellsOf([mutant('data/x')], scenarios, everything);
    expect(cells.map(cellId)).to.deep.equal(['data/x a/b/c offerer']);
  });

  it('breaks both sides at once where the break says so and one of them uses it', () => {
    const scenarios = [healthy('a/b/c', { offerer: ['RTCDataChannel.send'], answerer: [] })];
    const cells = cellsOf([mutant('data/x', { on: ['both'] })], scenarios, everything);
    expect(cells.map(({ on }) => on)).to.deep.equal(['both']);
  });

  it('breaks the one browser of a scenario about one', () => {
    const scenarios = [healthy('a/b/c', { single: ['RTCDataChannel.send'] }, 'single')];
    expect(cellsOf([mutant('data/x')], scenarios, everything).map(({ on }) => on)).to.deep.equal(['single']);
  });

  it('takes cells from different groups first, in the same order for the same seed', () => {
    const scenarios = ['a/b/1', 'a/b/2', 'a/b/3', 'a/c/1'].map((id) => healthy(id, both));
    const order = () => cellsOf([mutant('data/x')], scenarios).map(cellId);
    expect(order()).to.deep.equal(order());
    expect(
      order()
        .slice(0, 2)
        .filter((id) => id.includes(' a/c/')),
    ).to.have.length(1);
  });

  it('goes on until a break has bitten so often, and gives it up where it bites nowhere', () => {
    const scenarios = ['a/b/1', 'a/c/2', 'a/d/3', 'a/e/4'].map((id) => healthy(id, both));
    const [plan] = planMutants([mutant('data/x', { on: ['offerer'] })], scenarios, everything);
    if (!plan) throw new Error('there is no plan');
    const tried = (bites: readonly number[]) =>
      new Map(
        bites.map((count, at) => {
          const cell = plan.cells[at] ?? scenarioless;
          return [cellId(cell), { ...cell, status: 'pass', phase: null, reason: '', bites: count }];
        }),
      );
    const limits = { sample: 2, tries: 3, untilSeen: false };
    expect(nextCell(plan, tried([]), limits)).to.equal(plan.cells[0]);
    expect(nextCell(plan, tried([0, 1]), limits)).to.equal(plan.cells[2]);
    expect(nextCell(plan, tried([1, 1]), limits)).to.equal(undefined);
    expect(nextCell(plan, tried([0, 0, 0]), limits)).to.equal(undefined);
  });

  it('is done with a break that one cell has seen, where that is all that is asked', () => {
    const scenarios = ['a/b/1', 'a/c/2'].map((id) => healthy(id, both));
    const [plan] = planMutants([mutant('data/x', { on: ['offerer'] })], scenarios, everything);
    const [cell] = plan?.cells ?? [];
    if (!plan || !cell) throw new Error('there is no plan');
    const came = (status: string) =>
      new Map([[cellId(cell), { ...cell, status, phase: null, reason: 'the text', bites: 1 }]]);
    const limits = { sample: 9, tries: 9, untilSeen: true };
    expect(nextCell(plan, came('fail'), limits)).to.equal(undefined);
    expect(nextCell(plan, came('pass'), limits)).to.equal(plan.cells[1]);
  });

  it('tries the scenarios first that ask about what is broken', () => {
    const scenarios = ['a/b/1', 'a/c/2', 'a/d/3'].map((id) => healthy(id, both));
    const cells = cellsOf([mutant('data/x', { asked: ['a/d/*'] })], scenarios);
    expect(cells.slice(0, 2).map(({ scenario }) => scenario)).to.deep.equal(['a/d/3', 'a/d/3']);
  });

  it('leaves the whole time to a break that is only late, and cuts that of others', () => {
    const scenarios = [healthy('a/b/c', both)];
    const time = (slow: boolean) =>
      cellsOf([mutant('data/x', { slow })], scenarios, everything)[0]?.timeoutMs;
    expect(time(true)).to.equal(10_000);
    expect(time(false)).to.equal(9500);
  });

  it('takes globs over the ids of breaks', () => {
    const scenarios = [healthy('a/b/c', both)];
    const cells = cellsOf([mutant('data/x'), mutant('sound/y')], scenarios, {
      ...everything,
      mutants: ['sound/*'],
    });
    expect(new Set(cells.map((cell) => cell.mutant))).to.deep.equal(new Set(['sound/y']));
  });
});
