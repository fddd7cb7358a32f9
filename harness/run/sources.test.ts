import { expect } from 'chai';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { packageRoot } from '../own-files.ts';
import { makeScenario } from '../matrix/scenario.ts';
import { forgeUrl, withSources } from './sources.ts';

describe('the source of a scenario', () => {
  for (const [remote, url] of [
    ['https://github.com/a/b.git', 'https://github.com/a/b/blob/c0ffee/specs/a%20b.ts'],
    ['git@github.com:a/b.git', 'https://github.com/a/b/blob/c0ffee/specs/a%20b.ts'],
    ['https://user:secret@gitlab.com/a/b/c', 'https://gitlab.com/a/b/c/-/blob/c0ffee/specs/a%20b.ts'],
    ['ssh://git@gitlab.example.org/a/b.git', 'https://gitlab.example.org/a/b/-/blob/c0ffee/specs/a%20b.ts'],
    ['https://example.org/a/b.git', undefined],
    ['/srv/git/github.com/a/b', undefined],
    ['javascript://github.com/a/b', undefined],
  ] as const) {
    it(`is ${url === undefined ? 'no address' : 'an address without credentials'} for ${remote}`, () => {
      expect(forgeUrl(remote, 'c0ffee', 'specs/a b.ts')).to.equal(url);
    });
  }

  it('is a path that tells nothing of the machine', async () => {
    const scenario = makeScenario(
      { id: 'a/b/c', title: 'A', asks: 'B?', level: 'info', specs: [] },
      'single',
      async () => undefined,
    );
    const paths = async (path: string) =>
      (await withSources([{ ...scenario, file: pathToFileURL(path) }])).map(({ source }) => source?.path);
    expect(await paths(join(packageRoot, 'specs/a/b.spec.ts'))).to.deep.equal(['specs/a/b.spec.ts']);
    expect(await paths('/elsewhere/of/somebody/c.spec.ts')).to.deep.equal(['c.spec.ts']);
  });
});
