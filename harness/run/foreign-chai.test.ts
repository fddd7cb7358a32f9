import * as chai from 'chai';
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { refuseForeignAssertions } from './foreign-chai.ts';
import { expect, Recorder, recordInto } from './recorder.ts';

const ours = dirname(fileURLToPath(import.meta.resolve('chai')));

describe('a copy of chai that is not ours', () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'webrtc-interop-chai-'));
    await mkdir(join(folder, 'node_modules'));
    await writeFile(join(folder, 'a.spec.ts'), '');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  /** What an assertion that holds throws inside of a cell. */
  const inCell = async (assert: typeof chai.expect): Promise<string> =>
    recordInto(new Recorder(), async () => void assert(1).to.equal(1)).then(
      () => 'nothing',
      (error: unknown) => String(error),
    );

  it('makes the cell that asserts with it an error, although the assertion holds', async () => {
    await cp(ours, join(folder, 'node_modules/chai'), { recursive: true });
    await refuseForeignAssertions([join(folder, 'a.spec.ts')]);
    const copy: typeof chai = await import(pathToFileURL(join(folder, 'node_modules/chai/index.js')).href);
    expect(await inCell(copy.expect)).to.match(
      /HarnessError: A scenario in .* asserts with another copy of chai.*import \{ expect \} from 'webrtc-interop'/,
    );
    // outside of a cell it is nobody's business
    copy.expect(1).to.equal(1);
  });

  it('is none where the project has ours', async () => {
    await symlink(ours, join(folder, 'node_modules/chai'));
    await refuseForeignAssertions([join(folder, 'a.spec.ts')]);
    expect(await inCell(chai.expect)).to.equal('nothing');
  });
});
