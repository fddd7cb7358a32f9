import { expect } from 'chai';
import { execa } from 'execa';
import { pathToFileURL } from 'node:url';
import { join } from 'node:path';
import { packageRoot } from '../run/environment.ts';

/** A process that ends a run with that code; `leaves` is what its scenarios leave behind. */
const ended = (code: number, leaves: string) =>
  execa(process.execPath, ['--import=tsx', '--input-type=module'], {
    cwd: packageRoot,
    reject: false,
    input: `
      import { endInTime } from '${pathToFileURL(join(packageRoot, 'harness/cli/end-in-time.ts')).href}';
      ${leaves}
      process.exitCode = ${String(code)};
      endInTime(${String(code)}, 200);
    `,
  });

describe('a run that is over', () => {
  it('ends by itself, with its code', async () => {
    const { exitCode, stderr } = await ended(0, '');
    expect([exitCode, stderr]).to.deep.equal([0, '']);
  });

  it('is incomplete where a timer that no cell knows of keeps its process alive', async () => {
    const { exitCode, stderr } = await ended(0, 'setInterval(() => undefined, 1000);');
    expect(exitCode).to.equal(3);
    expect(stderr).to.match(/something keeps its process alive: .*Timeout/);
  });

  it('keeps its code where something was unexpected already', async () => {
    expect((await ended(1, 'setInterval(() => undefined, 1000);')).exitCode).to.equal(1);
  });
}).timeout(20_000);
