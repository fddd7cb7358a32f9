import { expect } from 'chai';
import { tempDir } from '../results/temp-dir.ts';
import type { Cell, Check } from '../results/schema.ts';
import { Claims } from './claims.ts';
import type { ReportClaims } from './data.ts';
import { readChunk, writeExample } from './example.ts';
import { inMemory } from '../results/read-run.ts';
import { writeReports } from './index.ts';

const check = (name: string, actual: number): Check => {
  const [dictionary = '', member = ''] = name.split('.');
  const claim = { peer: 'offerer', dictionary, member, verdict: 'right', unit: '1' } as const;
  return { name, ok: true, expected: actual, actual, claim };
};

describe('claims', () => {
  let cell: Cell;
  let remove: () => Promise<void>;
  let tables: ReportClaims[];
  before(async () => {
    const { dir, remove: removeDir } = await tempDir();
    remove = removeDir;
    const results = await writeExample(dir);
    const [first] = results.cells;
    if (first === undefined) throw new Error('the example has cells');
    cell = first;
    await writeReports(inMemory(results), dir, ['html']);
    tables = await readChunk<ReportClaims[]>(dir, 'claims');
  });
  after(() => remove());

  it('are what cells said of each member, area by area, with the place of the cell', () => {
    const claims = new Claims();
    claims.add({ ...cell, scenario: 'a/b/c', checks: [check('x.one', 1), check('y.two', 2)] }, 7);
    claims.add({ ...cell, scenario: 'd/b/c', checks: [check('x.one', 3)] }, 8);
    claims.add({ ...cell, scenario: 'a/b/e', checks: [check('x.three', 4), check('y.two', 5)] }, 9);
    claims.add({ ...cell, scenario: 'a/b/c', status: 'error', checks: [check('x.one', 6)] }, 10);
    expect(claims.size).to.equal(4);
    expect(
      claims.tables().map(({ area, members }) => ({
        area,
        members: members.map(({ dictionary, member, claims: of }) => [
          `${dictionary}.${member}`,
          ...of.map(({ cell: at, actual }) => `${String(at)}: ${String(actual)}`),
        ]),
      })),
    ).to.deep.equal([
      {
        area: 'a',
        members: [
          ['x.one', '7: 1'],
          ['x.three', '9: 4'],
          ['y.two', '7: 2', '9: 5'],
        ],
      },
      { area: 'd', members: [['x.one', '8: 3']] },
    ]);
  });

  it('leave out members beyond all measure, and count what they leave', () => {
    const claims = new Claims();
    const checks = Array.from({ length: 2500 }, (_, at) => check(`x.${String(at)}`, at));
    claims.add({ ...cell, checks }, 0);
    claims.add({ ...cell, checks: checks.slice(0, 1) }, 1);
    expect([claims.size, claims.left]).to.deep.equal([2000, 500]);
    expect(claims.tables()[0]?.members[0]?.claims).to.have.lengthOf(2);
  });

  it('are in the data of the page, and those of other checks are not', () => {
    expect(tables.map(({ area }) => area)).to.deep.equal(['codecs', 'connection']);
    const [decoded] = tables[0]?.members ?? [];
    expect(decoded?.claims.map(({ verdict }) => verdict)).to.deep.equal([
      'right',
      'absent',
      'right',
      'right',
    ]);
  });
});
