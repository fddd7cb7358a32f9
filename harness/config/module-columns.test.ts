import { expect } from 'chai';
import { resolve } from 'node:path';
import { moduleChoice, moduleColumns, parseModule } from './module-columns.ts';

const browsers = [
  { id: 'chromium', kind: 'chromium' },
  { id: 'old', kind: 'firefox' },
] as const;

describe('--module', () => {
  it('makes a column for each browser and version', () => {
    const columns = moduleColumns(browsers, [parseModule('sp=simple-peer@9.11,simple-peer@9.10')]);
    expect(columns.map(({ id, modules, variantOf }) => [id, modules?.['sp'], variantOf])).to.deep.equal([
      ['chromium-simple-peer-9.11', 'simple-peer@9.11', 'chromium'],
      ['chromium-simple-peer-9.10', 'simple-peer@9.10', 'chromium'],
      ['old-simple-peer-9.11', 'simple-peer@9.11', 'old'],
      ['old-simple-peer-9.10', 'simple-peer@9.10', 'old'],
    ]);
  });

  it('makes no column of one alone, which all load', () => {
    const columns = moduleColumns(browsers, [parseModule('sp=./build/sp.js')]);
    expect(columns.map(({ id, modules }) => [id, modules?.['sp']])).to.deep.equal([
      ['chromium', resolve('build/sp.js')],
      ['old', resolve('build/sp.js')],
    ]);
  });

  it('may be given for several modules', () => {
    const choices = ['a=x@1,x@2', 'b=y'].map(parseModule);
    expect(moduleColumns(browsers.slice(0, 1), choices)).to.deep.equal([
      { id: 'chromium-x-1', kind: 'chromium', variantOf: 'chromium', modules: { a: 'x@1', b: 'y' } },
      { id: 'chromium-x-2', kind: 'chromium', variantOf: 'chromium', modules: { a: 'x@2', b: 'y' } },
    ]);
  });

  it('stands in a configuration as well, whose paths begin there', () => {
    expect(moduleChoice('sp', ['./a.js', 'b'], '/project').specifiers).to.deep.equal(['/project/a.js', 'b']);
  });

  it('says what it does not understand', () => {
    expect(() => parseModule('simple-peer')).to.throw('Write NAME=PACKAGE');
    expect(() => parseModule('sp=a,a')).to.throw('names one twice');
  });
});
