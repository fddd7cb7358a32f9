import { expect } from 'chai';
import { execa } from 'execa';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../drivers/deadline.ts';
import { processesMentioning } from '../drivers/processes-mentioning.ts';
import { killHard } from '../drivers/processes.ts';
import { readRun } from '../results/read-run.ts';
import { packageRoot } from '../run/environment.ts';

/** Runs `npm start` as from a terminal: it leads a process group of its own. */
function npmStart(folder: string, out: string) {
  const args = ['--browsers', 'chromium', '--scenarios', 'data-channels/message/text-echo'];
  args.push('--repeat', '200', '--jobs', '1', '--format', 'summary,junit', '--out', out);
  return execa('npm', ['start', '--', ...args], {
    cwd: packageRoot,
    env: { TMPDIR: folder, NO_COLOR: '1' },
    reject: false,
    all: true,
    detached: true,
  });
}

describe('npm start', function () {
  let folder: string;
  let run: ReturnType<typeof npmStart>;
  before(function () {
    if (process.platform !== 'linux') this.skip();
  });
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'webrtc-interop-start-'));
  });
  afterEach(async function () {
    this.timeout(30_000);
    for (const { pid } of await processesMentioning(folder)) killHard(pid);
    await rm(folder, { recursive: true, force: true, maxRetries: 5 });
  });

  const group = (signal: NodeJS.Signals): void => void process.kill(-(run.pid ?? 0), signal);
  const npm = (signal: NodeJS.Signals): void => void process.kill(run.pid ?? 0, signal);
  async function bootstrap(signal: NodeJS.Signals): Promise<void> {
    const all = await processesMentioning(folder);
    const found = all.filter(({ command }) => /^\S*node harness\/setup\/bootstrap\.js/.test(command));
    expect(found).to.have.length(1);
    for (const { pid } of found) process.kill(pid, signal);
  }

  for (const [what, end, code] of [
    ['Ctrl+C', () => group('SIGINT'), undefined],
    ['the end of its terminal', () => group('SIGHUP'), undefined],
    ['SIGTERM to npm', () => npm('SIGTERM'), undefined],
    ['SIGKILL of npm', () => npm('SIGKILL'), undefined],
    ['SIGINT to what npm started', () => bootstrap('SIGINT'), 130],
    ['SIGKILL of what npm started', () => bootstrap('SIGKILL'), undefined],
  ] as const) {
    it(`ends its run in order by ${what}: results are written, nothing is left`, async () => {
      const out = join(folder, 'run');
      run = npmStart(folder, out);
      const stored = async (): Promise<number> =>
        (await readFile(join(out, 'results.jsonl'), 'utf8').catch(() => '')).split('\n').length - 1;
      expect(await until(async () => (await stored()) >= 3, { ms: 60_000 })).to.equal(true);
      await end();
      const { exitCode, all } = await run;
      if (code !== undefined) expect(exitCode, all).to.equal(code);
      await until(async () => (await processesMentioning(folder)).length === 0, { ms: 20_000 });
      expect((await processesMentioning(folder)).map(({ command }) => command)).to.deep.equal([]);
      const { run: about, cells } = await readRun(out, (warning) => expect.fail(warning));
      expect(about.interrupted).to.equal(true);
      expect(cells.some(({ status }) => status === 'pass')).to.equal(true);
      const left = (await readdir(folder)).filter((name) => name.startsWith('webrtc-interop-'));
      expect(left, 'profiles that are left').to.deep.equal([]);
      expect(await readdir(out)).to.include.members(['summary.md', 'junit.xml']);
    });
  }
}).timeout(120_000);
