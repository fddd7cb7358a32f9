import { expect } from 'chai';
import { UsageError } from '../errors.ts';
import { between, renamed } from './between.ts';
import { compareRuns } from './compare.ts';
import { browser, cell, runOf } from './example.ts';

const [old, now] = ['chrome@150', 'chrome@156'];
const browsers = [
  browser(old, '150.0.1.1'),
  browser(now, '156.0.1.1'),
  browser('firefox', '153.7.0', 'firefox'),
];
const lacks = (id: string) => `offerer ${id} has no X, says its probe`;
const run = runOf(
  [
    cell({ scenario: 'a/b/new', offerer: old, status: 'fail' }, `seen at the offerer (${old}): it broke`),
    cell({ scenario: 'a/b/new', offerer: now }),
    cell({ scenario: 'a/b/broken', offerer: old }),
    cell({ scenario: 'a/b/broken', offerer: now, status: 'fail' }),
    cell({ scenario: 'a/b/same', offerer: old, answerer: old, status: 'unsupported' }, lacks(old)),
    cell({ scenario: 'a/b/same', offerer: now, answerer: now, status: 'unsupported' }, lacks(now)),
    cell({ scenario: 'a/b/fails', offerer: old, status: 'fail' }, `seen at the offerer (${old}): no`),
    cell({ scenario: 'a/b/fails', offerer: now, status: 'fail' }, `seen at the offerer (${now}): no`),
    cell({ scenario: 'a/b/fails', offerer: old, answerer: now, status: 'fail' }),
    cell({ scenario: 'a/b/fails', offerer: 'firefox', answerer: 'firefox', status: 'fail' }),
  ],
  { browsers },
);

describe('the difference between two versions of a browser', () => {
  it('is that between their cells with the same others; what they have in common is none', () => {
    const two = between(run, run, [old, now]);
    const { changes, unchanged, browsers: steps } = compareRuns(two.before, two.after);
    expect(changes.map(({ scenario, offerer, kind }) => [scenario, offerer, kind])).to.deep.equal([
      ['a/b/broken', now, 'newly-failing'],
      ['a/b/new', now, 'newly-passing'],
    ]);
    expect(unchanged).to.equal(2);
    expect(steps.find(({ id }) => id === now)).to.deep.equal({
      id: now,
      before: 'Chromium 150.0.1.1',
      after: 'Chromium 156.0.1.1',
    });
  });

  it('may be of two kinds, and of two runs', () => {
    const other = runOf([cell({ offerer: 'old' })], { browsers: [browser('old', '1', 'firefox')] });
    const later = runOf([cell({ offerer: now, status: 'fail' })], { browsers });
    const two = between(other, later, ['old', now]);
    expect(compareRuns(two.before, two.after).changes.map(({ kind }) => kind)).to.deep.equal([
      'newly-failing',
    ]);
  });

  it('is none of a browser that is not there', () => {
    expect(() => between(run, run, ['chrome@151', now])).to.throw(
      UsageError,
      'about "chrome@151". Its browsers are chrome@150, firefox',
    );
  });
});

describe('another name of a browser', () => {
  it('replaces the name, and no part of another', () => {
    const text = 'offerer chrome@15 has no X; answerer chrome@150 has no Y: chrome@15.0, chrome@15.';
    const one = renamed(
      cell({ offerer: 'chrome@15', answerer: 'chrome@150', status: 'fail' }, text),
      'chrome@15',
      'chrome',
    );
    expect(one.reason?.message).to.equal(
      'offerer chrome has no X; answerer chrome@150 has no Y: chrome@15.0, chrome.',
    );
    expect([one.offerer, one.answerer]).to.deep.equal(['chrome', 'chrome@150']);
  });
});
