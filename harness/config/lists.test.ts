import { expect } from 'chai';
import { commaList, jobs } from './lists.ts';

describe('a list on the command line', () => {
  for (const [text, parts] of [
    ['a', ['a']],
    ['a, b,c', ['a', 'b', 'c']],
    ['codecs/{video,audio}/*,connection', ['codecs/{video,audio}/*', 'connection']],
    ['{a,{b,c}},d', ['{a,{b,c}}', 'd']],
    ['a},b', ['a}', 'b']],
    ['a},{b,c}', ['a}', '{b,c}']],
  ] as const) {
    it(`is parted at commas that stand in no braces: ${text}`, () => {
      expect(commaList(text)).to.deep.equal(parts);
    });
  }

  for (const text of ['', ',a', 'a,', 'a,,b']) {
    it(`has no empty part: "${text}"`, () => {
      expect(() => commaList(text)).to.throw(/comma/);
    });
  }
});

describe('--jobs', () => {
  it('is auto or a whole number of at least 1', () => {
    expect([jobs('auto'), jobs('3')]).to.deep.equal(['auto', 3]);
    for (const wrong of ['0', '-1', '1.5', 'many', '']) expect(() => jobs(wrong), wrong).to.throw();
  });
});
