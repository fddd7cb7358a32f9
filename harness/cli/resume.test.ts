import { expect } from 'chai';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { differentScripts } from '../results/same-run.ts';
import { tempDir } from '../results/temp-dir.ts';
import { planOf } from './resume.ts';

describe('the plan of a run', () => {
  let dir: string;
  let remove: () => Promise<void>;
  const write = (name: string, text: string): Promise<void> => writeFile(join(dir, name), text);
  beforeEach(async () => {
    ({ dir, remove } = await tempDir());
  });
  afterEach(() => remove());

  it('is another one where a step that scenarios import, a module of their pages or a service is', async () => {
    const planned = async ({ module = '1', service = 'run' } = {}) => {
      const selection = {
        browsers: [],
        cells: [],
        scenarios: [],
        files: [join(dir, 'a.spec.ts')],
        pages: {},
        services: { echo: { command: [service] as const } },
        signaling: {},
      };
      const flags = {
        jobs: 1,
        retries: 0,
        repeat: 1,
        timeout: 1,
        inject: [],
        adapter: 'none',
        expectations: 'none',
        format: [],
      };
      const script = { name: 'adapter', source: '' };
      const modules = { bundles: [{ name: 'the modules Own (./own.js)', source: module }] };
      const scripts = { offerer: [], answerer: [] };
      return (await planOf(flags, selection, { scripts, adapter: script, modules })).scripts;
    };
    await write('a.spec.ts', "import { atMost } from './bounds.ts'; console.log(atMost);");
    await write('bounds.ts', 'export const atMost = 1;');
    const before = await planned();
    expect(differentScripts(before, await planned())).to.deep.equal([]);
    expect(differentScripts(before, await planned({ module: '2' }))).to.deep.equal([
      'the modules Own (./own.js) (scenarios) has other content',
    ]);
    expect(differentScripts(before, await planned({ service: 'walk' }))).to.deep.equal([
      'pages, services and signaling (the run) has other content',
    ]);
    await write('bounds.ts', 'export const atMost = 2;');
    expect(differentScripts(before, await planned())).to.deep.equal([
      `${join(dir, 'bounds.ts')} (the run) has other content`,
    ]);
  });
}).timeout(30_000);
