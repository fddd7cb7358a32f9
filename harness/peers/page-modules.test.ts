import { expect } from 'chai';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { UsageError } from '../errors.ts';
import { bundleModules } from './page-modules.ts';

describe('the modules of a scenario', () => {
  let folder: string;
  let from: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'webrtc-interop-modules-'));
    from = join(folder, 'specs', 'a.spec.ts');
    const files = {
      'specs/own.ts': `import { shout } from './helper.ts'; export const says: string = shout('own');`,
      'specs/helper.ts': `export const shout = (text: string) => text.toUpperCase();`,
      'specs/broken.ts': `import './missing.ts';`,
      'node_modules/old/package.json': JSON.stringify({ name: 'lib', version: '1.2.3', main: 'index.js' }),
      'node_modules/old/index.js': `module.exports = class { version = '1.2.3' };`,
      'node_modules/lib/package.json': JSON.stringify({ name: 'lib', version: '1.12.0', main: 'index.js' }),
      'node_modules/lib/index.js': `process.nextTick(() => {}); module.exports = class { version = '1.12.0' };`,
    };
    for (const [name, text] of Object.entries(files)) {
      await mkdir(join(folder, dirname(name)), { recursive: true });
      await writeFile(join(folder, name), text);
    }
  });

  after(() => rm(folder, { recursive: true, force: true }));

  const load = async (modules: Record<string, string>): Promise<Record<string, unknown>> => {
    const requests = Object.entries(modules).map(([name, specifier]) => ({ name, specifier, from }));
    const page: Record<string, unknown> = { queueMicrotask };
    runInNewContext((await bundleModules(requests)).source, page);
    return page;
  };
  const versionOf = async (specifier: string): Promise<unknown> => {
    const { webrtcInteropModules: found } = await load({ Lib: specifier });
    const { Lib } = found as { Lib: new () => { version: string } };
    return new Lib().version;
  };

  it('are what CommonJS exports, and the namespace of an ES module with what it imports', async () => {
    const page = await load({ Lib: 'lib', own: './own.ts' });
    const { Lib, own } = page['webrtcInteropModules'] as {
      Lib: new () => { version: string };
      own: { says: string };
    };
    expect(new Lib().version).to.equal('1.12.0');
    expect(own.says).to.equal('OWN');
  });

  it('leave nothing else in the page', async () => {
    expect(Object.keys(await load({ Lib: 'lib' }))).to.have.members([
      'queueMicrotask',
      'webrtcInteropModules',
    ]);
  });

  it('are found by their version, whatever their folder is called', async () => {
    expect(await versionOf('lib@1.2')).to.equal('1.2.3');
    expect(await versionOf('lib@1.12.0')).to.equal('1.12.0');
  });

  it('say what is missing, and what to do', async () => {
    const said = async (specifier: string): Promise<string> =>
      bundleModules([{ name: 'Lib', specifier, from }]).then(
        () => 'nothing',
        (error: unknown) => (error instanceof UsageError ? `${error.code}: ${error.message}` : String(error)),
      );
    expect(await said('lib@2')).to.match(
      /^module-not-installed: lib 2 is not installed .*1\.2\.3 as old.*npm i -D lib-2@npm:lib@2$/,
    );
    expect(await said('nothing-of-that-name')).to.match(/^module-does-not-bundle: .*nothing-of-that-name/);
    expect(await said('./broken.ts')).to.match(/^module-does-not-bundle: [^]*missing\.ts/);
  });
});
