import { expect } from 'chai';
import { execa } from 'execa';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findOnPath, isExecutable } from '../drivers/executables.ts';
import { packageRoot } from '../own-files.ts';

/** Where `go install github.com/rhysd/actionlint/cmd/actionlint@v1.7.12` puts it by default. */
const besideGo = join(homedir(), 'go/bin/actionlint');

describe('the workflows', () => {
  it('are taken by actionlint, where it is here', async function () {
    this.timeout(30_000);
    const path = (await findOnPath(['actionlint'])) ?? besideGo;
    if (!(await isExecutable(path))) this.skip();
    const { all } = await execa(path, ['-no-color'], { cwd: packageRoot, all: true, reject: false });
    expect(all).to.equal('');
  });
});
