import { expect } from 'chai';
import { dueInWords, offBy } from './claim.ts';

describe('a claim', () => {
  it('says what it has to be: a value, the ends, or what words say', () => {
    const words = [46, 'a number', { least: 0.19, most: 0.32 }, { least: 1 }, { most: 3 }, { red: 200 }].map(
      (expected) => dueInWords(expected, (value) => JSON.stringify(value)),
    );
    expect(words).to.deep.equal([
      '46',
      '"a number"',
      '0.19 to 0.32',
      'at least 1',
      'at most 3',
      '{"red":200}',
    ]);
  });

  it('is off by how many times as much it is, or by the difference where that is small or of nothing', () => {
    expect(offBy(46, 92)).to.deep.equal({ times: 2 });
    expect(offBy({ least: 0.5, most: 2 }, 1000)).to.deep.equal({ times: 500 });
    expect(offBy({ least: 0.5, most: 2 }, 0.25)).to.deep.equal({ times: 0.5 });
    expect(offBy(46, 49)).to.deep.equal({ more: 3 });
    expect(offBy(0, 3)).to.deep.equal({ more: 3 });
    expect(offBy(46, 0)).to.deep.equal({ more: -46 });
    expect(offBy('a number', 3)).to.equal(null);
    expect(offBy({ least: 1 }, 'x')).to.equal(null);
  });
});
