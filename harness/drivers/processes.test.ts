import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect } from 'chai';
import { until } from './deadline.ts';
import { killHard, listProcesses, processLives } from './processes.ts';

describe('the list of processes', () => {
  it('has this process, its parent and its group', async () => {
    const self = (await listProcesses()).find(({ pid }) => pid === process.pid);
    expect(self).to.include({ parent: process.ppid, zombie: false });
    expect(self?.group).to.be.above(0);
  });
});

describe('a process', () => {
  it('lives until it is killed, stopped or not', async () => {
    const child = spawn('sleep', ['60']);
    const { pid = NaN } = child;
    expect(processLives(pid)).to.equal(true);
    child.kill('SIGSTOP');
    expect(processLives(pid)).to.equal(true);
    killHard(pid);
    await once(child, 'exit');
    expect(processLives(pid)).to.equal(false);
    killHard(pid);
  });

  it('does not live when only its parent has yet to notice its end', async () => {
    // The shell turns into a program that never asks for its child's end; once that program answers, it has done so.
    const parent = spawn('sh', ['-c', 'sleep 60 & echo $!; exec cat']);
    const [line] = await once(parent.stdout, 'data');
    const pid = Number(String(line));
    parent.stdin.write('become');
    await once(parent.stdout, 'data');
    killHard(pid);
    const zombie = async (): Promise<boolean> =>
      (await listProcesses()).some((entry) => entry.pid === pid && entry.zombie);
    expect(await until(zombie, { ms: 5000 })).to.equal(true);
    expect(processLives(pid)).to.equal(false);
    parent.kill('SIGKILL');
  });
});
