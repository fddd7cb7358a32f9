import { expect } from 'chai';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { messageOf } from '../errors.ts';
import { findConfig } from './find-config.ts';
import { moduleLoader } from './module-loader.ts';
import { defineConfig } from './user-config.ts';

describe('the configuration of a folder', () => {
  let folder: string;
  const load = moduleLoader({ 'webrtc-interop': { defineConfig } });
  const write = (name: string, text: string) => writeFile(join(folder, name), text);
  const complaint = (named?: string): Promise<string> =>
    findConfig(named, folder, load).then(() => 'nothing', messageOf);

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'webrtc-interop-config-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  for (const [name, text] of [
    [
      'webrtc-interop.config.ts',
      "import { defineConfig } from 'webrtc-interop';\nexport default defineConfig({ retries: 1 as number });",
    ],
    ['webrtc-interop.config.js', 'module.exports = { retries: 1 };'],
    ['webrtc-interop.config.mjs', 'export default { retries: 1 };'],
    ['webrtc-interop.config.json', '{ "retries": 1 }'],
  ] as const) {
    it(`is read from ${name}`, async () => {
      await write(name, text);
      const { config, file } = await findConfig(undefined, folder, load);
      expect({ config, file }).to.deep.equal({ config: { retries: 1 }, file: join(folder, name) });
    });
  }

  it('is the same whether the package beside it is of CommonJS or of ES modules', async () => {
    await write('package.json', '{ "type": "module" }');
    await write('webrtc-interop.config.js', "import { sep } from 'node:path';\nexport default { out: sep };");
    expect((await findConfig(undefined, folder, load)).config.out).to.be.a('string');
  });

  it('is empty where there is no file', async () => {
    expect(await findConfig(undefined, folder, load)).to.deep.equal({ file: null, folder, config: {} });
  });

  it('that throws says where', async () => {
    await write(
      'webrtc-interop.config.ts',
      "const a: string = 'x';\n\nthrow new Error(`oh ${a}`);\nexport default {};",
    );
    expect(await complaint()).to.match(/webrtc-interop\.config\.ts:3:7 does not load: oh x/);
  });

  it('that does not parse says where', async () => {
    await write('webrtc-interop.config.ts', 'export default {\n  retries 1,\n};');
    expect(await complaint()).to.match(/webrtc-interop\.config\.ts:2:10 does not load: /);
  });

  it('that is asked for and is not there is missed', async () => {
    expect(await complaint('other.config.ts')).to.match(/There is no .*other\.config\.ts\. Correct --config/);
  });

  it('is one: of two it says so', async () => {
    await write('webrtc-interop.config.ts', 'export default {};');
    await write('webrtc-interop.config.json', '{}');
    expect(await complaint()).to.match(/config\.ts and .*config\.json\. Keep one/);
  });

  it('has a default export', async () => {
    await write('webrtc-interop.config.ts', 'export const config = {};');
    expect(await complaint()).to.match(/has no default export\. Write: export default defineConfig/);
  });
});
