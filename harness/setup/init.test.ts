import { expect } from 'chai';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findConfig } from '../config/find-config.ts';
import { moduleLoader } from '../config/module-loader.ts';
import { init } from './init.ts';

describe('what init writes', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'webrtc-interop-init-'));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  const all = [
    'webrtc-interop.config.ts',
    'interop/sample.spec.ts',
    'interop/sample.faults.ts',
    '.github/workflows/webrtc-interop.yml',
  ];
  const load = moduleLoader({ 'webrtc-interop': { defineConfig: (config: unknown) => config } });

  it('is a configuration that holds, a sample with its fault and a workflow', async () => {
    const report = await init(folder, { browsers: ['chrome', 'firefox'], workflow: true });
    expect(report).to.deep.equal({ written: all, leftAlone: [] });
    const { config } = await findConfig(undefined, folder, load);
    expect(config.browsers).to.deep.equal(['chrome', 'firefox']);
    expect(config.scenarios).to.deep.equal(['interop/**/*.spec.ts']);
  });

  it('names no browser where none is asked for, and no workflow where none is wanted', async () => {
    const { written } = await init(folder, { browsers: [], workflow: false });
    expect(written).to.deep.equal(all.slice(0, 3));
    expect((await findConfig(undefined, folder, load)).config.browsers).to.equal(undefined);
  });

  it('leaves alone what is there, a configuration of another kind included', async () => {
    await writeFile(join(folder, 'webrtc-interop.config.json'), '{}');
    await init(folder, { browsers: [], workflow: true });
    const again = await init(folder, { browsers: ['chrome'], workflow: true });
    expect(again).to.deep.equal({
      written: [],
      leftAlone: ['webrtc-interop.config.json', ...all.slice(1)],
    });
    expect(await readFile(join(folder, 'webrtc-interop.config.json'), 'utf8')).to.equal('{}');
  });
});
