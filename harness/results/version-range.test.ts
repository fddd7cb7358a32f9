import { expect } from 'chai';
import { browserPattern, sidePattern } from './version-range.ts';

describe('a browser with bounds of its version', () => {
  for (const [bounds, versions, others] of [
    ['<158', ['157.0.9999.99', '153.7.0', '9'], ['158.0.1', '158', '1000.1']],
    ['<=153', ['153.7.0', '153.0esr', '152'], ['154.0a1']],
    ['=153', ['153.7.0', '153'], ['152.9', '154', '1530']],
    ['>153', ['154.0a1'], ['153.9.9', '153']],
    ['>=153.7', ['153.7.0', '153.10', '154'], ['153.6.9', '153']],
    ['>=153 <158', ['153', '157.9'], ['152', '158']],
    ['<156.0.8078.108', ['156.0.8078.99', '155.9'], ['156.0.8078.108', '156.1']],
  ] as const) {
    it(`means by ${bounds} ${versions.join(', ')}, and not ${others.join(', ')}`, () => {
      const { name, takes } = browserPattern(`gecko ${bounds}`);
      expect(name).to.equal('gecko');
      expect(versions.filter((version) => !takes(version))).to.deep.equal([]);
      expect(others.filter((version) => takes(version))).to.deep.equal([]);
    });
  }

  it('is any version where there is no bound', () => {
    expect(browserPattern('gecko').takes('1')).to.equal(true);
    expect(browserPattern('gecko').hasRange).to.equal(false);
  });

  it('is written in one way', () => {
    for (const text of ['*', 'firefox', 'gecko <158', 'my.nightly-1 >=1.2 <2'])
      expect(sidePattern.test(text), text).to.equal(true);
    for (const text of [
      '',
      'gecko <',
      'gecko 158',
      'gecko  <158',
      'gecko <158 ',
      'gecko < 158',
      'gecko <158esr',
      'gecko =>1',
    ])
      expect(sidePattern.test(text), text).to.equal(false);
  });
});
