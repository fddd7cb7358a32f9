import { expect } from 'chai';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import { loadScenarios } from './load.ts';

describe('loading scenarios', () => {
  it('names the file that does not compile, and what is wrong with it', async () => {
    const root = await mkdtemp(join(tmpdir(), 'webrtc-interop-load-'));
    try {
      await mkdir(join(root, 'specs'), { recursive: true });
      await mkdir(join(root, 'harness/canary'), { recursive: true });
      await writeFile(join(root, 'specs/broken.spec.ts'), 'const = 1;');
      const error: unknown = await loadScenarios(root).catch((thrown: unknown) => thrown);
      expect(error).to.be.instanceOf(UsageError);
      expect(String(error)).to.match(/specs\/broken\.spec\.ts does not load: .*Expected identifier/s);
    } finally {
      await rm(root, { recursive: true, force: true });
    }
  });
});
