import { expect } from 'chai';
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { pulseaudio } from './pulseaudio.ts';
import { findOnPath } from './executables.ts';
import { within } from '../within.ts';
import { xvfb } from './xvfb.ts';
import type { SharedHelper } from './shared-helper.ts';

const helpers: [name: string, command: string, helper: SharedHelper][] = [
  ['PulseAudio', 'pulseaudio', pulseaudio],
  ['Xvfb', 'Xvfb', xvfb],
];

for (const [name, command, helper] of helpers) {
  describe(`${name} as a helper`, () => {
    before(async function () {
      if ((await findOnPath([command])) === undefined) this.skip();
    });

    for (const [signal, how] of [
      ['SIGKILL', /\(process \d+\) was ended by SIGKILL/],
      ['SIGSTOP', /did not answer for 10000 ms and was ended/],
    ] as const) {
      it(`that gets ${signal} is told to be lost, and the next browser gets another`, async () => {
        const lease = await helper.acquire();
        process.kill(lease.pid, signal);
        expect(await within(25_000, 'it to be lost', lease.lost)).to.match(how);
        const next = await helper.acquire();
        expect(next.pid).to.not.equal(lease.pid);
        await lease.release();
        expect(next.lives()).to.equal(true);
        await next.release();
      }).timeout(40_000);
    }
  });
}

it('what a page plays is taken from it at once: the device renders no seconds ahead', async function () {
  if ((await findOnPath(['pactl'])) === undefined) this.skip();
  const lease = await pulseaudio.acquire();
  try {
    const { stdout } = await promisify(execFile)('pactl', ['list', 'sinks'], {
      env: { ...process.env, ...lease.env, LC_ALL: 'C' },
    });
    expect(Number(/configured (\d+) usec/.exec(stdout)?.[1]), stdout).to.be.within(1, 50_000);
  } finally {
    await lease.release();
  }
});
