import { expect } from 'chai';
import type { BrowserSpec } from '../config/browser-spec.ts';
import { drivenSpec } from '../drivers/driven.example.ts';
import { endsOf, parseCell, searched, versionsBetween, versionSpec, withSide } from './bisect-plan.ts';

const chrome = drivenSpec('chrome');
const configured: BrowserSpec[] = [
  { id: 'mine', kind: 'chrome', args: ['--x'], executable: '/opt/mine', configured: true },
  { id: 'phone', kind: 'url', configured: true },
];
const idsOf = (specs: readonly BrowserSpec[]): string[] => specs.map(({ id }) => id);

describe('the cell of a search', () => {
  it('is named as everywhere, whichever of its repeats', () => {
    const pair = { scenario: 'codecs/video/vp8', offerer: 'chrome@150', answerer: 'firefox' };
    expect(parseCell('codecs/video/vp8/chrome@150:firefox')).to.deep.equal(pair);
    expect(parseCell('codecs/video/vp8/chrome@150:firefox/2')).to.deep.equal(pair);
    expect(parseCell('api/a/b/chrome')).to.deep.equal({
      scenario: 'api/a/b',
      offerer: 'chrome',
      answerer: null,
    });
    expect(withSide(pair, 'chrome@150', 'chrome@152').offerer).to.equal('chrome@152');
    for (const text of ['codecs/video/vp8', 'chrome:firefox', 'a/b/c/d:e:f', 'a/b/c/'])
      expect(() => parseCell(text), text)
        .to.throw()
        .with.property('code', 'bad-cell');
  });

  for (const [cell, named, side] of [
    ['a/b/c/chrome:firefox', 'chrome', 'chrome'],
    ['a/b/c/chrome:firefox', 'firefox', 'firefox'],
    ['a/b/c/chrome@150:firefox', 'chrome', 'chrome@150'],
    ['a/b/c/chrome@150:chrome@156', 'chrome@156', 'chrome@156'],
    ['a/b/c/mine:firefox', 'chrome', 'mine'],
    ['a/b/c/chrome:chrome', undefined, 'chrome'],
    ['a/b/c/firefox@esr', undefined, 'firefox@esr'],
    ['a/b/c/deb150:firefox', 'chrome', undefined],
    ['a/b/c/chrome:firefox', undefined, undefined],
    ['a/b/c/chrome@150:chrome@156', 'chrome', undefined],
    ['a/b/c/phone:firefox', 'phone', undefined],
  ] as const) {
    it(`${cell} with ${named ?? 'no name'} is about ${side ?? 'nobody knows what'}`, () => {
      const find = () => searched(parseCell(cell), named, configured);
      if (side === undefined) expect(find).to.throw().with.property('code', 'which-browser');
      else expect(find().side).to.equal(side);
    });
  }
});

describe('the versions of a search', () => {
  it('are those from one end to the other, each milestone between', () => {
    const ends = endsOf({ good: '150', bad: 'beta' }, chrome, configured);
    const versions = versionsBetween(ends, { good: '150.0.7871.100', bad: '154.0.1.1' });
    expect(idsOf(versions)).to.deep.equal([
      'chrome@150',
      'chrome@151',
      'chrome@152',
      'chrome@153',
      'chrome@beta',
    ]);
    const back = versionsBetween(endsOf({ good: 'beta', bad: '150' }, chrome, configured), {
      good: '152.0.1.1',
      bad: '150.0.1.1',
    });
    expect(idsOf(back)).to.deep.equal(['chrome@150', 'chrome@151', 'chrome@beta']);
  });

  it('of one milestone are in the order of their numbers', () => {
    const ends = endsOf({ good: '150.0.1.9', bad: '150.0.1.10' }, chrome, configured);
    expect(idsOf(versionsBetween(ends, { good: '150.0.1.9', bad: '150.0.1.10' }))).to.deep.equal([
      'chrome@150.0.1.9',
      'chrome@150.0.1.10',
    ]);
  });

  it('may be listed, and keep all else that the browser has', () => {
    const base = drivenSpec('chrome+webdriverio@156');
    const flags = { versions: ['old=/old', '152', 'mine', 'new=/new'] };
    const ends = endsOf(flags, { ...base, args: ['--y'] }, configured);
    const versions = versionsBetween(ends, { good: '0', bad: '0' });
    expect(
      versions.map(({ id, driver, version, executable, args }) => [id, driver, version ?? executable, args]),
    ).to.deep.equal([
      ['old', 'webdriverio', '/old', ['--y']],
      ['chrome@152', 'webdriverio', '152', ['--y']],
      ['mine', undefined, '/opt/mine', ['--x']],
      ['new', 'webdriverio', '/new', ['--y']],
    ]);
    const part = endsOf({ ...flags, good: 'mine', bad: '152' }, base, configured);
    expect(idsOf(versionsBetween(part, { good: '0', bad: '0' }))).to.deep.equal(['chrome@152', 'mine']);
  });

  for (const [what, flags] of Object.entries({
    'without an end': { good: '150' },
    'with one end twice': { good: '150', bad: '150' },
    'of a channel that there is not': { good: '150', bad: 'gold' },
    'with an end that is not listed': { versions: ['a=/a', 'b=/b'], bad: 'c' },
    'between an executable and nothing': { good: 'mine', bad: '150' },
  })) {
    it(`${what} are an error of usage`, () => {
      expect(() => endsOf(flags, chrome, configured))
        .to.throw()
        .with.property('code', 'bad-version');
    });
  }

  it('have names that can be part of file names', () => {
    expect(() => versionSpec('../x=/y', chrome, []))
      .to.throw()
      .with.property('code', 'bad-browser-name');
  });
});
