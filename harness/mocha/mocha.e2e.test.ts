import { expect } from 'chai';
import { execa } from 'execa';
import { access, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../run/environment.ts';

const mocha = (args: string[], browsers = 'chromium') =>
  execa('npx', ['mocha', ...args], {
    cwd: packageRoot,
    reject: false,
    all: true,
    env: { NO_COLOR: '1', WEBRTC_INTEROP_BROWSERS: browsers },
  });

/** For those who know mocha and nothing of the command line. */
describe('mocha by itself', () => {
  it('runs the scenarios that --grep names, a test for each pair', async () => {
    const { all, exitCode } = await mocha(['--grep', 'text-echo']);
    expect(all).to.match(/data-channels\/message\/text-echo\n *✔ chromium → chromium/);
    expect(all).to.contain('1 passing');
    expect(exitCode).to.equal(0);
    const [report = ''] = /reports\/mocha-[\w-]+/.exec(all) ?? [];
    await access(join(packageRoot, report, 'index.html'));
    await rm(join(packageRoot, report), { recursive: true });
  });

  it('is not green where nothing is selected', async () => {
    expect((await mocha(['--grep', 'no such scenario'])).exitCode).to.not.equal(0);
  });

  it('is not green for a spec file that it is given without the setup that runs it', async () => {
    const args = ['--no-config', '--node-option', 'import=tsx', 'harness/canary/canary.spec.ts'];
    const { all, exitCode } = await mocha(args);
    expect(all).to.contain('mocha needs --require harness/mocha/setup.ts');
    expect(exitCode).to.not.equal(0);
  });

  it('is not green where the browser will not start', async () => {
    const { all, exitCode } = await mocha(['--grep', 'text-echo'], 'gone=chromium:/nonexistent/browser');
    expect(all).to.contain('no chromium here; looked for /nonexistent/browser');
    expect(exitCode).to.not.equal(0);
    const [report = ''] = /reports\/mocha-[\w-]+/.exec(all) ?? [];
    await rm(join(packageRoot, report), { recursive: true });
  });
}).timeout(60_000);
