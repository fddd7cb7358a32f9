import { expect } from 'chai';
import { parseBrowserSpec } from '../config/browser-spec.ts';
import { noFilters, planCells, repeated, selectScenarios, type Filters, type PlannedCell } from './plan.ts';
import { makeScenario, type Scenario } from './scenario.ts';

const declared = (id: string, roles: 'pair' | 'single'): Scenario =>
  makeScenario({ id, title: `About ${id}`, asks: '?', level: 'info', specs: [] }, roles, () =>
    Promise.resolve(),
  );

const scenarios = [
  declared('canary/probe/no', 'single'),
  declared('codecs/video/vp8', 'pair'),
  declared('codecs/audio/opus', 'pair'),
  declared('dom-capture/canvas/local', 'single'),
  { ...declared('codecs/draft/new', 'pair'), draft: true },
];
const browsers = ['chromium', 'firefox'].map(parseBrowserSpec);
const named = ({ scenario, offerer, answerer }: PlannedCell): string =>
  answerer === null ? `${scenario} ${offerer}` : `${scenario} ${offerer}:${answerer}`;
const plan = (
  filters: Partial<Filters> = {},
  shard: { index: number; total: number } | null = null,
): string[] => planCells(scenarios, browsers, { ...noFilters, ...filters }, shard).map(named);

describe('a plan', () => {
  it('has every ordered pair, same-browser pairs included, and every browser alone', () => {
    expect(plan()).to.deep.equal([
      'canary/probe/no chromium',
      'canary/probe/no firefox',
      'codecs/video/vp8 chromium:chromium',
      'codecs/video/vp8 chromium:firefox',
      'codecs/video/vp8 firefox:chromium',
      'codecs/video/vp8 firefox:firefox',
      'codecs/audio/opus chromium:chromium',
      'codecs/audio/opus chromium:firefox',
      'codecs/audio/opus firefox:chromium',
      'codecs/audio/opus firefox:firefox',
      'dom-capture/canvas/local chromium',
      'dom-capture/canvas/local firefox',
    ]);
  });

  it('has the canaries of every browser that takes part, whatever is filtered', () => {
    expect(plan({ pairs: ['firefox:firefox'], scenarios: ['codecs/video/*'] })).to.deep.equal([
      'canary/probe/no firefox',
      'codecs/video/vp8 firefox:firefox',
    ]);
  });

  it('has nothing else where a canary is named, as in the command that repeats one', () => {
    expect(plan({ pairs: ['firefox:firefox'], scenarios: ['canary/probe/no'] })).to.deep.equal([
      'canary/probe/no firefox',
    ]);
  });

  it('takes any browser for a star on one side', () => {
    expect(plan({ pairs: ['firefox:*'], scenarios: ['codecs/video/vp8'] }).slice(2)).to.deep.equal([
      'codecs/video/vp8 firefox:chromium',
      'codecs/video/vp8 firefox:firefox',
    ]);
  });

  it('splits into shards that have every cell once', () => {
    const whole = plan().filter((key) => !key.startsWith('canary'));
    const parts = [1, 2, 3].map((index) =>
      plan({}, { index, total: 3 }).filter((key) => !key.startsWith('canary')),
    );
    expect(parts.flat().toSorted()).to.deep.equal(whole.toSorted());
    expect(parts.map((part) => part.length)).to.deep.equal([4, 3, 3]);
  });

  it('is refused when its shard is empty: canaries alone would be green', () => {
    expect(() =>
      plan({ scenarios: ['codecs/video/vp8'], pairs: ['firefox:firefox'] }, { index: 2, total: 2 }),
    )
      .to.throw(/Shard 2 of 2 has no cell: there are 1 in all/)
      .with.property('code', 'empty-shard');
  });

  for (const [what, filters, code] of [
    ['nothing is left', { grep: 'zzz' }, 'nothing-selected'],
    ['a pair names no browser of the run', { pairs: ['chromium:safari'] }, 'unknown-browser'],
    ['a pair is none', { pairs: ['chromium'] }, 'bad-pair'],
    ['an area does not exist', { areas: ['codec'] }, 'unknown-area'],
    ['one scenario of several does not exist', { scenarios: ['codecs/*', 'codec/*'] }, 'unknown-scenario'],
    ['a scenario is a draft', { scenarios: ['codecs/*', 'codecs/draft/*'] }, 'draft-scenario'],
  ] as const) {
    it(`is refused when ${what}`, () => {
      expect(() => plan(filters))
        .to.throw()
        .with.property('code', code);
    });
  }
});

describe('the selection of scenarios', () => {
  const select = (filters: Partial<Filters>): string[] =>
    selectScenarios(scenarios, { ...noFilters, ...filters }).map(({ result }) => result.id);

  it('takes globs that match an id or its beginning', () => {
    expect(select({ scenarios: ['codecs/*'] })).to.deep.equal(['codecs/video/vp8', 'codecs/audio/opus']);
    expect(select({ scenarios: ['**/vp8'] })).to.deep.equal(['codecs/video/vp8']);
    expect(select({ scenarios: ['codecs/video'] })).to.deep.equal(['codecs/video/vp8']);
  });

  it('takes text of the id or the title, whatever its case, and never as a pattern', () => {
    expect(select({ grep: 'ABOUT CODECS/V' })).to.deep.equal(['codecs/video/vp8']);
    expect(select({ grep: '.' })).to.deep.equal([]);
  });

  it('leaves drafts out unless they are asked for', () => {
    const draft = { ...declared('codecs/video/new', 'pair'), draft: true };
    expect(selectScenarios([draft], noFilters)).to.deep.equal([]);
    expect(selectScenarios([draft], { ...noFilters, drafts: true })).to.deep.equal([draft]);
  });

  it("leaves what is about a build of the user's to runs that name one", () => {
    const own = { ...declared('adapter/versions/own', 'pair'), adapterFile: true };
    expect(selectScenarios([own], noFilters)).to.deep.equal([]);
    expect(selectScenarios([own], { ...noFilters, adapterFile: true })).to.deep.equal([own]);
  });

  it('leaves canaries to the plan', () => {
    expect(select({ areas: ['canary'] })).to.deep.equal([]);
  });
});

describe('a declaration', () => {
  it('is refused with an id that is none', () => {
    expect(() => declared('codecs/vp8', 'pair')).to.throw(/no scenario id/);
    expect(() => declared('Codecs/a/b', 'pair')).to.throw(/lower-case/);
  });

  it('is in an area of whatever name', () => {
    expect(declared('checkout/call/starts', 'pair').result.area).to.equal('checkout');
  });

  it('needs a peer connection where there are two sides', () => {
    expect(declared('codecs/a/b', 'pair').result.requires.answerer).to.deep.equal(['RTCPeerConnection']);
    expect(declared('codecs/a/b', 'single').result.requires.offerer).to.deep.equal([]);
  });

  it('has each cell as often as it is repeated, and canaries once', () => {
    const cells = [
      { scenario: 'canary/probe/nonsense-capability', offerer: 'chromium', answerer: null },
      { scenario: 'codecs/video/vp8', offerer: 'chromium', answerer: 'firefox' },
    ];
    expect(repeated(cells, 3).map(({ scenario }) => scenario)).to.deep.equal([
      'canary/probe/nonsense-capability',
      'codecs/video/vp8',
      'codecs/video/vp8',
      'codecs/video/vp8',
    ]);
  });
});
