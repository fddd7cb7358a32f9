import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { moduleLoader } from '../config/module-loader.ts';
import { messageOf } from '../errors.ts';
import * as own from '../public/index.ts';
import { loadUserScenarios } from './load.ts';
import { declaredScenarios } from './scenario.ts';

describe('loading scenarios of a project', () => {
  let folder: string;
  const load = moduleLoader({ 'webrtc-interop': own });
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  const declaring = (id: string) =>
    `import { expect, scenario } from 'webrtc-interop';
scenario({ id: '${id}', title: 't', asks: 'a', level: 'info', specs: [] }, async () => { expect(1).to.equal(1); });`;
  const complaint = (...globs: string[]): Promise<string> =>
    loadUserScenarios({ globs, folder, load }).then(() => 'nothing', messageOf);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'webrtc-interop-load-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it('declares them in an area of their own, in this copy of the package', async () => {
    await write('steps.ts', 'export const id: string = "checkout/call/starts";');
    await write(
      'a.spec.ts',
      "import { scenario } from 'webrtc-interop';\nimport { id } from './steps.ts';\nscenario({ id, title: 't', asks: 'a', level: 'info', specs: [] }, async () => {});",
    );
    await write('b.spec.js', declaring('checkout/call/ends'));
    const { ids, files } = await loadUserScenarios({ globs: ['*.spec.{ts,js}'], folder, load });
    expect([...ids]).to.deep.equal(['checkout/call/starts', 'checkout/call/ends']);
    expect(files).to.deep.equal([join(folder, 'a.spec.ts'), join(folder, 'b.spec.js')]);
    const areas = declaredScenarios().map(({ result }) => result.area);
    expect(areas).to.include('checkout');
  });

  it('refuses an id that is there twice, and says where', async () => {
    await write('a.spec.ts', declaring('checkout/call/twice'));
    await write('b.spec.ts', declaring('checkout/call/twice'));
    expect(await complaint('*.spec.ts')).to.match(
      /b\.spec\.ts:2.* does not load: The scenario "checkout\/call\/twice" is declared twice/,
    );
  });

  it('refuses an id that is none, and one that says it is a canary', async () => {
    await write('a.spec.ts', declaring('checkout'));
    expect(await complaint('a.spec.ts')).to.match(/"checkout" is no scenario id: use area\/group\/name/);
    await write('b.spec.ts', declaring('canary/of/mine'));
    expect(await complaint('b.spec.ts')).to.match(/b\.spec\.ts.*canary/);
  });

  it('says which file throws, and where', async () => {
    await write('a.spec.ts', '\nthrow new Error("oh");');
    expect(await complaint('a.spec.ts')).to.match(/a\.spec\.ts:2:\d+ does not load: oh/);
  });

  it('misses a file that no scenario is in, and a glob that no file fits', async () => {
    await write('a.spec.ts', 'export const nothing = 1;');
    expect(await complaint('a.spec.ts')).to.match(/a\.spec\.ts declares no scenario/);
    expect(await complaint('*.test.ts')).to.match(
      /"scenarios" names \*\.test\.ts, and there is no such file/,
    );
  });
});
