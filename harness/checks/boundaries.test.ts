import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { packageRoot } from '../run/environment.ts';
import { sourceFiles } from './source-files.ts';

/**
 * What each folder may import, in the order in which data flows (see ARCHITECTURE.md). `types` are imports that leave
 * no trace at run time: page code may share types with the harness, never code.
 */
const boundaries = {
  'harness/errors.ts': [],
  'harness/plain.ts': [],
  'harness/own-files.ts': [],
  'harness/own-key.ts': [],
  'harness/within.ts': ['harness/errors.ts'],
  'harness/under-way.ts': [],
  'harness/console-lines.ts': [],
  'harness/protocol': [],
  'harness/config': ['harness/errors.ts'],
  'harness/matrix': [
    'harness/errors.ts',
    'harness/own-files.ts',
    'harness/config',
    'harness/results/cell-key.ts',
    'types:harness/protocol',
    'types:harness/results',
  ],
  'harness/drivers': [
    'harness/errors.ts',
    'harness/own-key.ts',
    'harness/under-way.ts',
    'harness/within.ts',
    'harness/console-lines.ts',
    'harness/config',
  ],
  'harness/peers': [
    'harness/errors.ts',
    'harness/own-files.ts',
    'harness/under-way.ts',
    'harness/within.ts',
    'harness/console-lines.ts',
    'fixtures/signaling',
    'fixtures/media',
    'harness/config/browsers.ts',
    'types:harness/config',
    'types:harness/drivers',
    'types:harness/matrix',
    'types:harness/protocol',
  ],
  'harness/results': ['harness/errors.ts', 'harness/config/browsers.ts'],
  'harness/run': [
    'harness/errors.ts',
    'harness/own-files.ts',
    'harness/own-key.ts',
    'harness/within.ts',
    'harness/config',
    'harness/matrix',
    'harness/drivers',
    'harness/peers',
    'harness/results',
    'fixtures/signaling',
    'types:harness/protocol',
  ],
  'harness/compare': ['harness/errors.ts', 'harness/results'],
  'harness/merge': ['harness/errors.ts', 'harness/results'],
  'harness/report': ['harness/errors.ts', 'harness/plain.ts', 'harness/results', 'harness/compare'],
  'harness/history': [
    'harness/errors.ts',
    'harness/plain.ts',
    'harness/results',
    'harness/compare',
    'harness/report',
  ],
  'harness/setup': [
    'harness/errors.ts',
    'harness/plain.ts',
    'harness/own-files.ts',
    'harness/config',
    'harness/drivers',
    'harness/peers/page-server.ts',
    'harness/report/html/page-files.ts',
    'harness/history/html/page.ts',
  ],
  'harness/canary': ['harness/matrix'],
  'harness/mocha': ['harness'],
  'harness/public': [
    'harness/config',
    'harness/matrix',
    'harness/results',
    'harness/run',
    'specs',
    'types:harness/protocol',
    'types:harness/report',
    'types:fixtures/peer-page',
  ],
  'harness/cli': ['harness', 'fixtures/signaling'],
  'harness/checks': ['harness'],
  'harness/chaos': ['harness'],
  'harness/bench': ['harness', 'fixtures'],
  'harness/mutants': ['harness', 'specs'],
  'fixtures/signaling': ['harness/errors.ts', 'types:harness/protocol'],
  'fixtures/peer-page': ['types:harness/protocol'],
  'fixtures/network': ['harness/own-key.ts', 'types:harness/protocol', 'fixtures/signaling/certificate.ts'],
  'fixtures/sfu': ['types:harness/protocol', 'fixtures/network'],
  'fixtures/media': ['fixtures/signaling', 'fixtures/peer-page'],
  'specs/api/update-known.ts': ['harness/results', 'specs'],
  specs: [
    'types:harness',
    'harness/matrix',
    'fixtures/peer-page',
    'fixtures/media',
    'fixtures/network',
    'fixtures/sfu',
  ],
} as const satisfies Record<string, readonly string[]>;

const isIn = (path: string, folder: string): boolean => path === folder || path.startsWith(`${folder}/`);

/** Everything a file imports from this repository, and whether it imports only types. */
async function importsOf(path: string): Promise<{ path: string; types: boolean }[]> {
  const text = await readFile(join(packageRoot, path), 'utf8');
  const statements = text.matchAll(
    /^(?:import|export) (type )?[^;]*?from '(\.[^']+)'|import\('(\.[^']+)'\)/gm,
  );
  return [...statements].map(([, type, from, dynamic]) => ({
    path: relative(packageRoot, resolve(packageRoot, dirname(path), from ?? dynamic ?? '')),
    types: type !== undefined,
  }));
}

/** Code that runs in a browser: the peer page, the report's page and the history's page. */
const isPage = (path: string): boolean =>
  ['fixtures/peer-page', 'harness/report/page', 'harness/history/page'].some((folder) => isIn(path, folder));

describe('the folders', () => {
  it('import along the way of the data only', async () => {
    const wrong: string[] = [];
    for (const path of await sourceFiles()) {
      const home = Object.keys(boundaries).find((folder) => isIn(path, folder));
      const allowed: readonly string[] =
        Object.entries(boundaries).find(([folder]) => folder === home)?.[1] ?? [];
      for (const target of await importsOf(path)) {
        const fits =
          (home !== undefined && isIn(target.path, home)) ||
          allowed.some(
            (may) => isIn(target.path, may) || (target.types && isIn(target.path, may.replace('types:', ''))),
          );
        if (!fits) wrong.push(`${path} imports ${target.path}`);
      }
    }
    expect(wrong).to.deep.equal([]);
  });

  it('are all named here', async () => {
    const homeless = (await sourceFiles()).filter(
      (path) => !Object.keys(boundaries).some((folder) => isIn(path, folder)),
    );
    expect(homeless).to.deep.equal([]);
  });

  it('keep Node out of the page', async () => {
    const wrong: string[] = [];
    for (const path of (await sourceFiles()).filter((source) => isPage(source))) {
      if (/from 'node:/.test(await readFile(join(packageRoot, path), 'utf8'))) wrong.push(path);
    }
    expect(wrong).to.deep.equal([]);
  });
});
