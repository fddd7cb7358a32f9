import { expect } from 'chai';
import picomatch from 'picomatch';
import { mutants } from '../../specs/breakages/catalogue.ts';
import { loadScenarios } from '../matrix/load.ts';
import { packageRoot } from '../run/environment.ts';

describe('a break', () => {
  it('names the scenarios that ask about it, by globs that match some', async () => {
    const ids = (await loadScenarios(packageRoot)).map(({ result }) => result.id);
    expect(mutants().filter(({ asked }) => asked.length === 0)).to.deep.equal([]);
    const globs = new Set(mutants().flatMap(({ asked }) => asked));
    const idle = [...globs].filter((glob) => !ids.some((id) => picomatch(glob)(id)));
    expect(idle, 'globs that match no scenario').to.deep.equal([]);
  }).timeout(20_000);
});
