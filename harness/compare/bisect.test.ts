import { expect } from 'chai';
import * as fc from 'fast-check';
import type { Cell } from '../results/schema.ts';
import { standingOf, type Standing } from '../results/standing.ts';
import { areApart, bisect, saysSomething, sideOf, stepsFor, type Side } from './bisect.ts';
import { cell } from './example.ts';

const standing = (...cells: [Cell, ...Cell[]]): Standing => standingOf(cells);
const pass = cell();
const fail = cell({ status: 'fail' }, 'no picture arrived');
const other = cell({ status: 'fail' }, 'no sound arrived');
const unsupported = cell({ status: 'unsupported' }, 'offerer chromium has no X');

describe('a search for the version that changed an outcome', () => {
  it('finds it among any number, looking at each version once and at few of them', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc
          .integer({ min: 2, max: 200 })
          .chain((count) => fc.tuple(fc.constant(count), fc.integer({ min: 1, max: count - 1 }))),
        async ([count, changed]) => {
          const looked: number[] = [];
          const found = await bisect(count, async (at) => {
            looked.push(at);
            return at < changed ? 'first' : 'last';
          });
          expect(found).to.deep.equal({ before: changed - 1, after: changed, untold: [] });
          expect(new Set(looked).size).to.equal(looked.length);
          expect(looked.length).to.be.at.most(stepsFor(count));
        },
      ),
    );
  });

  it('never names a version on the word of one that tells nothing', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc
          .array(fc.boolean(), { minLength: 2, maxLength: 40 })
          .chain((tells) => fc.tuple(fc.constant(tells), fc.integer({ min: 1, max: tells.length - 1 }))),
        async ([tells, changed]) => {
          const sides: Side[] = tells.map((tell, at) => {
            if (at === 0) return 'first';
            if (at === tells.length - 1) return 'last';
            if (!tell) return 'neither';
            return at < changed ? 'first' : 'last';
          });
          const found = await bisect(sides.length, async (at) => sides[at] ?? 'neither');
          expect(sides[found.before]).to.equal('first');
          expect(sides[found.after]).to.equal('last');
          const between = Array.from(
            { length: found.after - found.before - 1 },
            (_, at) => found.before + 1 + at,
          );
          expect(found.untold).to.deep.equal(between);
          expect(between.every((at) => sides[at] === 'neither')).to.equal(true);
        },
      ),
    );
  });

  it('looks at nothing where nothing is between', async () => {
    const found = await bisect(2, () => Promise.reject(new Error('there is nothing to look at')));
    expect(found).to.deep.equal({ before: 0, after: 1, untold: [] });
  });
});

describe('a version between two ends', () => {
  const first = standing(pass);
  const last = standing(fail);
  for (const [what, now, side] of [
    ['passes like the first', standing(pass), 'first'],
    ['fails like the last', standing(fail), 'last'],
    ['fails in another way, which tells nothing', standing(other), 'neither'],
    ['is flaky, which tells nothing', standing(pass, fail), 'neither'],
    ['is unsupported, which tells nothing', standing(unsupported), 'neither'],
    ['was not run, which tells nothing', standing(cell({ status: 'notrun' })), 'neither'],
    ['met an error of the harness, which tells nothing', standing(cell({ status: 'error' })), 'neither'],
    ['passed after an attempt that failed, which tells nothing', standing(cell({ flaky: true })), 'neither'],
  ] as const) {
    it(what, () => expect(sideOf(now, first, last)).to.equal(side));
  }

  it('that fails every time is like an end that fails sometimes in this way', () => {
    const flaky = standing(pass, fail);
    expect(sideOf(standing(fail), first, flaky)).to.equal('last');
    expect(sideOf(standing(pass, fail), first, flaky)).to.equal('last');
    expect(sideOf(standing(pass, other), first, flaky)).to.equal('neither');
  });

  it('may come to be supported', () => {
    expect(sideOf(standing(pass), standing(unsupported), first)).to.equal('last');
    expect(sideOf(standing(unsupported), standing(unsupported), first)).to.equal('first');
  });

  it('tells nothing where the ends are alike', () => {
    expect(areApart(first, last)).to.equal(true);
    expect(areApart(last, standing(other))).to.equal(true);
    expect(areApart(first, standing(pass, pass))).to.equal(false);
    expect(areApart(standing(pass, fail), last)).to.equal(false);
    expect(saysSomething(standing(cell({ status: 'error' })))).to.equal(false);
  });
});
