import { expect } from 'chai';
import { mkdir, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { UsageError } from '../errors.ts';
import { tempDir } from '../results/temp-dir.ts';
import { filesAndImports, ownFiles, type Part } from './made-of.ts';

const byName = ({ name, sha256 }: Part): [string, string] => [name, sha256];

describe('what a run is made of', () => {
  let dir: string;
  let remove: () => Promise<void>;
  const write = async (path: string, text: string): Promise<void> => {
    await mkdir(dirname(join(dir, path)), { recursive: true });
    await writeFile(join(dir, path), text);
  };
  beforeEach(async () => {
    ({ dir, remove } = await tempDir());
  });
  afterEach(() => remove());

  it('is the files of scenarios and all that they import, packages apart', async () => {
    await write('node_modules/installed/index.js', 'export const installed = 1;');
    await write('shared/index.ts', 'export const shared = 1;');
    await symlink(join(dir, 'shared'), join(dir, 'node_modules/shared'));
    await write('bounds.json', '{ "atMost": 1 }');
    await write('page.html', '<p>');
    await write('late.js', 'export const late = 1;');
    await write('types.ts', 'export type T = 1;');
    await write(
      'steps.ts',
      `import bounds from './bounds.json';
export const atMost: number = bounds.atMost;
export const late = () => import('./late.js');`,
    );
    await write(
      'a.spec.ts',
      `import { readFile } from 'node:fs/promises';
import { scenario } from 'webrtc-interop';
import { installed } from 'installed';
import { shared } from 'shared';
import page from './page.html';
import type { T } from './types.ts';
import { atMost } from './steps.ts';
try { await import('./missing.js'); } catch {}
scenario(readFile, installed, shared, page, atMost);`,
    );
    const theirs = async () => new Map((await filesAndImports([join(dir, 'a.spec.ts')])).map(byName));
    const before = await theirs();
    expect([...before.keys()]).to.deep.equal(
      ['a.spec.ts', 'bounds.json', 'late.js', 'page.html', 'shared/index.ts', 'steps.ts'].map((name) =>
        join(dir, name),
      ),
    );
    await write('bounds.json', '{ "atMost": 2 }');
    const after = await theirs();
    expect([...after.keys()].filter((name) => before.get(name) !== after.get(name))).to.deep.equal([
      join(dir, 'bounds.json'),
    ]);
  });

  it('names an import that cannot be parsed', async () => {
    await write('late.js', 'export const = 1;');
    await write('a.spec.ts', "export const late = () => import('./late.js');");
    const refused = await filesAndImports([join(dir, 'a.spec.ts')]).catch((error: unknown) => error);
    expect(refused)
      .to.be.instanceOf(UsageError)
      .with.property('message')
      .that.matches(/late\.js:1:13/);
  });

  it('is every file of the package but its tests and what is known of outcomes', async () => {
    const state = async (): Promise<string> => (await ownFiles(dir)).sha256;
    await write('specs/steps/bounds.ts', '1');
    const first = await state();
    await write('specs/expectations.json', '{}');
    await write('harness/run/classify.test.ts', '');
    expect(await state()).to.equal(first);
    const seen = new Set([first]);
    for (const path of ['specs/steps/bounds.ts', 'fixtures/peer-page/agent.ts', 'harness/run/classify.ts']) {
      await write(path, '2');
      seen.add(await state());
    }
    expect(seen.size).to.equal(4);
  });
});
