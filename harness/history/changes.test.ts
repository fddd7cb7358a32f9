import { expect } from 'chai';
import * as fc from 'fast-check';
import { cell } from '../compare/example.ts';
import { compareRuns } from '../compare/compare.ts';
import { Expectations, type Expectation } from '../results/expectations.ts';
import type { Cell } from '../results/schema.ts';
import { signatureOf } from '../results/signature.ts';
import { changesBetween } from './changes.ts';
import { historyDay, resultsOfDay } from './example.ts';
import { countsText, newsOf, versionsText } from './words.ts';

const failed = cell({ status: 'fail' });
const lacking = cell(
  { status: 'unsupported' },
  'answerer firefox has no codec:video/VP8:send, says its probe',
);
const other = cell({ scenario: 'a/b/other' });

/** What diff and a site say about a key, each in the same words. */
function bothWays(
  before: readonly Cell[],
  after: readonly Cell[],
  { expectations, versions }: { expectations?: Expectations; versions?: [number, number] } = {},
) {
  const about = (day: number, version = 1) => ({
    day,
    scenarioVersions: { 'a/b/c': version },
    ...(expectations === undefined ? {} : { expectations }),
  });
  const [was, is] = [about(1, versions?.[0]), about(2, versions?.[1])];
  const [cellsBefore, cellsAfter] = [
    [...before, other],
    [...after, other],
  ];
  const comparison = compareRuns(resultsOfDay(cellsBefore, was), resultsOfDay(cellsAfter, is), expectations);
  const site = changesBetween(historyDay(cellsBefore, was), historyDay(cellsAfter, is));
  return {
    diff: comparison.changes
      .filter(({ kind }) => kind !== 'slower')
      .map(({ scenario, kind, worse, known }) => `${scenario} ${kind} ${String(worse)} ${known?.why ?? ''}`),
    site: site.groups
      .flatMap(({ changes }) => changes)
      .map(({ scenario, kind, worse, known }) => `${scenario} ${kind} ${String(worse)} ${known?.why ?? ''}`),
    unchanged: [comparison.unchanged, site.unchanged],
  };
}

describe('what changed between two runs of a site', () => {
  const messages = ['it did not hold', 'it was black', 'it was late'];
  const attempt = (message: string): Cell['attempts'][number] => {
    const { status, phase, reason, startedAt, durationMs, checks, measurements, evidence } = cell(
      { status: 'fail' },
      message,
    );
    return { status, phase, reason, startedAt, durationMs, checks, measurements, evidence };
  };
  const message = fc.constantFrom(...messages);
  const someCell: fc.Arbitrary<Cell> = fc.oneof(
    fc.constant(cell()),
    message.map((text) => cell({ flaky: true, attempts: [attempt(text)] })),
    fc
      .record({
        status: fc.constantFrom('fail' as const, 'timeout' as const, 'crash' as const, 'error' as const),
        message,
      })
      .map(({ status, message: text }) => cell({ status }, text)),
    fc.constant(lacking),
    fc.constantFrom('skipped' as const, 'notrun' as const).map((status) => cell({ status })),
  );
  const someCells = fc.array(someCell, { minLength: 0, maxLength: 3 });
  const someExpectation: fc.Arbitrary<Expectation> = fc.record({
    scenarios: fc.constant('a/**'),
    offerer: fc.constant('*'),
    answerer: fc.constantFrom('*', 'firefox'),
    status: fc.constantFrom('fail' as const, 'timeout' as const),
    says: fc.constantFrom('it', ...messages),
    why: fc.constantFrom('It is known.', 'It is known, too.'),
    sometimes: fc.constant(true as const),
  });

  it('is what diff says, whatever came of the cells and whatever is known', function () {
    this.timeout(120_000);
    fc.assert(
      fc.property(
        someCells,
        someCells,
        fc.array(
          fc
            .tuple(someExpectation, fc.boolean())
            .map(([{ sometimes, ...rest }, now]): Expectation =>
              now && sometimes !== undefined ? { ...rest, sometimes } : rest,
            ),
          { maxLength: 2 },
        ),
        fc.boolean(),
        (before, after, known, judgedOtherwise) => {
          const expectations = new Expectations(
            { expectations: known },
            resultsOfDay([], { day: 1 }).browsers,
          );
          const both = bothWays(before, after, { expectations, versions: [1, judgedOtherwise ? 2 : 1] });
          // For what the earlier run excuses, diff uses words of its own.
          const plain = (lines: readonly string[]) =>
            lines.map((line) => line.replace(/ It failed so in .*$/, ' '));
          expect(plain(both.site)).to.deep.equal(plain(both.diff));
          expect(both.unchanged[1]).to.equal(both.unchanged[0]);
        },
      ),
      { numRuns: 4000 },
    );
  });

  it('is nothing where two expectations say the same of both failures', () => {
    const known = ['it was black', 'it was late'].map((says): Expectation => ({
      scenarios: 'a/**',
      offerer: '*',
      answerer: '*',
      status: 'fail',
      says,
      why: 'It is known.',
    }));
    const expectations = new Expectations({ expectations: known }, resultsOfDay([], { day: 1 }).browsers);
    const [black, late] = ['it was black', 'it was late'].map((text) => cell({ status: 'fail' }, text));
    const both = bothWays(black ? [black] : [], late ? [late] : [], { expectations });
    expect([both.diff, both.site]).to.deep.equal([[], []]);
  });

  it('is told by the browser whose version is another', () => {
    const mend = cell({ scenario: 'a/b/mended', status: 'fail' });
    const before = historyDay([mend, cell(), cell({ answerer: 'chromium' })], { day: 1, firefox: '153.7.0' });
    const after = historyDay(
      [cell({ scenario: 'a/b/mended' }), failed, cell({ answerer: 'chromium', status: 'fail' })],
      { day: 2, firefox: '154.0' },
    );
    const { groups } = changesBetween(before, after);
    expect(groups.map((group) => `${versionsText(group)}: ${countsText(group)}`)).to.deep.equal([
      'Firefox 153.7 → 154.0: 1 new, 1 fixed',
      'No browser changed: 1 new',
    ]);
  });

  it('names versions in full where they are alike in short, and browsers that come and go', () => {
    const before = historyDay([failed], { day: 1, chromium: '156.0.8078.79' });
    const after = historyDay([cell()], { day: 2, chromium: '156.0.8078.108' });
    expect(changesBetween(before, after).groups.map(versionsText)).to.deep.equal([
      'Chromium 156.0.8078.79 → 156.0.8078.108',
    ]);
  });

  it('tells a new version that changed nothing', () => {
    const news = newsOf(
      changesBetween(historyDay([cell()], { day: 1 }), historyDay([cell()], { day: 2, firefox: '154.0' })),
    );
    expect(news?.groups).to.deep.equal([
      { versions: 'Firefox 153.7 → 154.0', counts: 'nothing changed', cells: [], more: 0 },
    ]);
  });

  it('compares no cells of a browser whose name stands for another kind', () => {
    const before = historyDay([failed], { day: 1 });
    const after = historyDay([cell()], { day: 2 });
    const kinds = after.entry.browsers.map((each) =>
      each.id === 'firefox' ? { ...each, kind: 'webkit' } : each,
    );
    Object.assign(after.entry, { browsers: kinds });
    const { groups, strangers } = changesBetween(before, after);
    expect(strangers).to.deep.equal(['firefox']);
    expect(groups).to.deep.equal([]);
  });

  it('keeps a failure by the signature that results have', () => {
    const stood = historyDay([failed], { day: 1 }).of('a/b/c', 'chromium:firefox');
    expect([...(stood?.failures ?? [])]).to.deep.equal([signatureOf(failed)]);
  });
});
