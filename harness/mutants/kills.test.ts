import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { mutants } from '../../specs/breakages/catalogue.ts';
import { packageRoot } from '../run/environment.ts';
import { readKills, withRates, withRecord } from './kills.ts';

/** Number of breaks that are seen: it may rise, never fall. */
const leastSeen = 534;

describe('the kill rate', () => {
  it('of specs/README.md is that of the record', async () => {
    const readme = await readFile(join(packageRoot, 'specs/README.md'), 'utf8');
    expect(withRates(readme, await readKills())).to.equal(readme);
  });

  it('does not fall, and is of breaks that the catalogue has', async () => {
    const { seen, survived, idle } = await readKills();
    const known = new Set(mutants().map(({ id }) => id));
    const recorded = [...Object.keys(seen), ...Object.keys(survived), ...idle];
    expect(recorded.filter((id) => !known.has(id))).to.deep.equal([]);
    expect(recorded.filter((id, at) => recorded.indexOf(id) < at)).to.deep.equal([]);
    expect(Object.keys(seen).length).to.be.at.least(leastSeen);
  });

  it('counts a break as seen once one place has seen it, and as surviving until then', async () => {
    const [mutant] = mutants();
    if (!mutant) throw new Error('the catalogue is empty');
    const { id, kind } = mutant;
    const cell = { mutant: id, kind, on: 'offerer', timeoutMs: 0, phase: null, bites: 1 } as const;
    const green = { ...cell, scenario: 'a/b/c', status: 'pass', reason: '' };
    const red = { ...cell, scenario: 'a/b/d', status: 'fail', reason: 'the message that arrived' };
    const none = { before: (await readKills()).before, seen: {}, survived: {}, idle: [] };
    const first = withRecord(none, { pair: 'x:y', outcomes: [green] });
    expect(first.survived).to.deep.equal({ [id]: ['x:y a/b/c offerer'] });
    const second = withRecord(first, { pair: 'y:x', outcomes: [red] });
    expect([second.seen, second.survived]).to.deep.equal([{ [id]: 'y:x a/b/d offerer' }, {}]);
  });
});
