import { factsOf } from '../config/browsers.ts';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { expect } from 'chai';
import type { BrowserKind } from '../config/browser-spec.ts';
import { until } from './deadline.ts';
import { findDriverProgram, findExecutable } from './executables.ts';
import { driverNameOf } from './index.ts';
import { processesMentioning } from './processes-mentioning.ts';

const root = resolve(import.meta.dirname, '..', '..');
const script = (kind: BrowserKind): string => `
  const { startBrowser } = await import('./harness/drivers/index.ts');
  const browser = await startBrowser({ id: 'victim', kind: '${kind}' }, { headed: false, timeoutMs: 60000 });
  await browser.open('about:blank');
  console.log('running');
`;

/** Tells its reaper of a folder, stops it, and ends. */
const stopsItsReaper = (left: string): string => `
  const { mkdir } = await import('node:fs/promises');
  const { reapDirectory } = await import('./harness/drivers/reaper.ts');
  const { listProcesses } = await import('./harness/drivers/processes.ts');
  const { until } = await import('./harness/drivers/deadline.ts');
  await mkdir(${JSON.stringify(left)});
  reapDirectory(${JSON.stringify(left)});
  const reaper = async () => {
    const own = (await listProcesses()).filter(({ parent }) => parent === process.pid);
    const commands = await Promise.all(own.map(({ pid }) => readFile('/proc/' + pid + '/cmdline', 'utf8')));
    return own.find((_, at) => commands[at].includes('webrtc-interop-reaper'));
  };
  const { readFile } = await import('node:fs/promises');
  process.kill((await reaper()).pid, 'SIGSTOP');
  await until(async () => (await reaper()).stopped, { ms: 5000 });
`;

describe('the reaper of a harness', function () {
  this.timeout(30_000);

  it('ends with the harness though it was stopped, and removes the folders that it was told of', async function () {
    if (process.platform !== 'linux') return this.skip();
    const folder = await mkdtemp(join(tmpdir(), 'wi-reaper-'));
    const left = join(folder, 'left');
    const harness = spawn(
      process.execPath,
      ['--import', 'tsx', '--input-type=module', '--eval', stopsItsReaper(left)],
      { cwd: root, env: { ...process.env, TMPDIR: folder }, stdio: ['ignore', 'inherit', 'inherit'] },
    );
    const [code] = await once(harness, 'exit');
    expect(code).to.equal(0);
    await until(async () => (await processesMentioning(folder)).length === 0, { ms: 5000, everyMs: 100 });
    expect(await processesMentioning(folder)).to.deep.equal([]);
    expect(await readdir(folder)).not.to.include('left');
    await rm(folder, { recursive: true });
  });
});

describe('a harness that is killed by SIGKILL', function () {
  this.timeout(120_000);
  const kinds: BrowserKind[] = ['chromium', 'firefox', 'webkitgtk'];

  for (const kind of kinds) {
    it(`leaves nothing of its ${kind}, and no folder`, async function () {
      const program = driverNameOf({ id: kind, kind }) === 'webdriverio' ? factsOf(kind).program : undefined;
      if ((await findExecutable(kind)) === undefined) return this.skip();
      if (program !== undefined && (await findDriverProgram(program)) === undefined) return this.skip();
      const folder = await mkdtemp(join(tmpdir(), 'wi-reaper-'));
      const harness = spawn(
        process.execPath,
        ['--import', 'tsx', '--input-type=module', '--eval', script(kind)],
        {
          cwd: root,
          env: { ...process.env, TMPDIR: folder },
          stdio: ['ignore', 'pipe', 'inherit'],
        },
      );
      try {
        let said = '';
        harness.stdout.on('data', (data) => (said += String(data)));
        expect(await until(() => said.includes('running'), { ms: 90_000 }), 'the browser runs').to.equal(
          true,
        );
        const before = await processesMentioning(folder);
        expect(before.length, JSON.stringify(before)).to.be.above(3);
      } finally {
        harness.kill('SIGKILL');
      }
      await until(async () => (await processesMentioning(folder)).length === 0, { ms: 5000, everyMs: 100 });
      expect(await processesMentioning(folder)).to.deep.equal([]);
      // tsx keeps its compiled files in a folder of its own.
      const left = (await readdir(folder)).filter((name) => !name.startsWith('tsx-'));
      expect(left).to.deep.equal([]);
      await rm(folder, { recursive: true });
    });
  }
});
