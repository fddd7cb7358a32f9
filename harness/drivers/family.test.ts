import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { access, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { until } from './deadline.ts';
import { Family } from './family.ts';
import { processLives } from './processes.ts';

describe('a family of processes', function () {
  this.timeout(20_000);

  it('ends with all it started, in its group or moved away, stopped or not, and with its folder', async function () {
    if (process.platform !== 'linux') return this.skip();
    const family = await Family.create();
    await writeFile(join(family.directory, 'profile'), 'x');
    const child = spawn('sh', ['-c', 'setsid sleep 61 & echo $!; sleep 62 & echo $!; kill -STOP $!; wait'], {
      env: family.env(),
      detached: true,
    });
    family.adopt(child.pid ?? NaN);
    let said = '';
    while (said.split('\n').length < 3) said += String((await once(child.stdout, 'data'))[0]);
    const pids = [child.pid ?? NaN, ...said.trim().split('\n').map(Number)];
    expect((await family.members()).map(({ pid }) => pid)).to.include.members(pids);
    await family.end();
    expect(pids.filter(processLives)).to.deep.equal([]);
    const gone = await access(family.directory).then(
      () => false,
      () => true,
    );
    expect(gone).to.equal(true);
  });

  it('tells which of it is stopped, until it is continued', async function () {
    if (process.platform === 'win32') return this.skip();
    const family = await Family.create();
    const child = spawn('sleep', ['64'], { env: family.env(), detached: true });
    family.adopt(child.pid ?? NaN);
    expect(await family.stopped()).to.equal(undefined);
    child.kill('SIGSTOP');
    expect(await until(async () => (await family.stopped()) !== undefined, { ms: 5000 })).to.equal(true);
    const name = process.platform === 'linux' ? 'sleep' : 'a process';
    expect(await family.stopped()).to.equal(`${name} (process ${String(child.pid)}) is stopped`);
    child.kill('SIGCONT');
    expect(await until(async () => (await family.stopped()) === undefined, { ms: 5000 })).to.equal(true);
    await family.end();
  });

  it('tells which of it began in the last milliseconds, by its command line', async function () {
    if (process.platform !== 'linux') return this.skip();
    const family = await Family.create();
    const began = performance.now();
    const child = spawn('sleep', ['65'], { env: family.env(), detached: true });
    family.adopt(child.pid ?? NaN);
    const name = `sleep (process ${String(child.pid)})`;
    expect(await family.begunWithin(performance.now() - began + 1000, ['sleep 65'])).to.equal(name);
    expect(await family.begunWithin(performance.now() - began + 1000, ['sleep 66'])).to.equal(undefined);
    expect(
      await until(async () => (await family.begunWithin(50, ['sleep 65'])) === undefined, { ms: 5000 }),
    ).to.equal(true);
    await family.end();
  });

  it('does not touch another one', async () => {
    const [ours, theirs] = await Promise.all([Family.create(), Family.create()]);
    const child = spawn('sleep', ['63'], { env: theirs.env(), detached: true });
    theirs.adopt(child.pid ?? NaN);
    await ours.end();
    expect(processLives(child.pid ?? NaN)).to.equal(true);
    await theirs.end();
    expect(processLives(child.pid ?? NaN)).to.equal(false);
  });
});
