import { expect } from 'chai';
import { execa } from 'execa';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../drivers/deadline.ts';
import { processesMentioning } from '../drivers/processes-mentioning.ts';
import { keyOf } from '../results/cell-key.ts';
import { readRun } from '../results/read-run.ts';
import type { Cell } from '../results/schema.ts';
import { packageRoot } from '../run/environment.ts';

const bin = join(packageRoot, 'harness/cli/bin.js');
const scenarios = 'data-channels/message/text-echo,dom-capture/canvas/2d-captured-and-received';
/** Each of two cells eight times, and two canaries. */
const small = ['--browsers', 'chromium', '--scenarios', scenarios, '--repeat', '8', '--jobs', '2'];
const planned = 18;

/** A scenario that is about a module. */
const ownSpec = `
import { expect, pageModule, single } from 'webrtc-interop';
import { letters } from './bounds.ts';
const modules = { Own: pageModule<{ name: string }>('./a.js') };
single(
  { id: 'own/module/name', title: 'Module', asks: 'Is it loaded?', level: 'info', specs: [], modules },
  async ({ peer }) => {
    expect(await peer.run(({ modules }) => modules.Own.name), 'its name').to.have.length(letters);
  },
);
`;

describe('--resume', () => {
  let folder: string;
  const started: { kill: (signal: 'SIGKILL') => boolean }[] = [];
  const out = (name: string): string => join(folder, name);
  function cli(...args: string[]) {
    const env = { NO_COLOR: '1', WEBRTC_INTEROP_TEST: folder };
    const run = execa(process.execPath, [bin, 'run', ...args], {
      cwd: folder,
      reject: false,
      all: true,
      env,
    });
    started.push(run);
    return run;
  }
  const lines = async (dir: string): Promise<string[]> =>
    (await readFile(join(dir, 'results.jsonl'), 'utf8').catch(() => '')).split('\n').filter(Boolean);
  const outcomes = (cells: readonly Cell[]): string[] =>
    cells.map((cell) => `${keyOf(cell)} ${cell.status}`).toSorted();

  /** Starts a run and ends it by a signal when some of its cells are stored. */
  async function cutOff(dir: string, signal: NodeJS.Signals): Promise<number | undefined> {
    const run = cli(...small, '--out', dir);
    await until(async () => (await lines(dir)).length >= 5, { ms: 60_000 });
    run.kill(signal);
    const { exitCode } = await run;
    await until(async () => (await processesMentioning(folder)).length === 0, { ms: 10_000 });
    return exitCode;
  }

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'webrtc-interop-resume-'));
  });
  after(async () => {
    for (const run of started) run.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  it('goes on after SIGKILL, and has every cell once, with the outcomes of an unbroken run', async () => {
    const dir = out('killed');
    await cutOff(dir, 'SIGKILL');
    const before = await lines(dir);
    expect(before.length).to.be.within(5, planned - 1);
    await writeFile(join(dir, 'results.jsonl'), '{"scenario":"half', { flag: 'a' });
    const { exitCode, all } = await cli('--resume', dir);
    expect(exitCode, all).to.equal(0);
    expect(all).to.include(
      `${String(before.length)} cells are kept, ${String(planned - before.length)} are left`,
    );
    const { run, cells } = await readRun(dir);
    expect(run).to.include({ complete: true, interrupted: false, plannedCells: planned });
    expect((await lines(dir)).slice(0, before.length)).to.deep.equal(before);
    const whole = cli(...small, '--out', out('whole'));
    expect((await whole).exitCode).to.equal(0);
    expect(outcomes(cells)).to.deep.equal(outcomes((await readRun(out('whole'))).cells));

    const over = await cli('--resume', dir);
    expect(over.exitCode).to.equal(0);
    expect(over.all).to.include('no cell is left to run');
  });

  it('goes on with a column for each of several modules, but not with another module or import', async () => {
    const specs = join(folder, 'modules');
    await mkdir(specs);
    await Promise.all(
      ['a', 'b'].map((name) => writeFile(join(specs, `${name}.js`), `export const name = '${name}';`)),
    );
    const bounds = join(specs, 'bounds.ts');
    await writeFile(bounds, 'export const letters = 1;');
    await writeFile(join(specs, 'own.spec.ts'), ownSpec);
    await writeFile(
      join(specs, 'webrtc-interop.config.ts'),
      "export default { scenarios: ['./own.spec.ts'] };",
    );
    const dir = join(specs, 'run');
    const given = [
      '--config',
      join(specs, 'webrtc-interop.config.ts'),
      '--browsers',
      'chromium',
      '--jobs',
      '1',
    ];
    const modules = `Own=${join(specs, 'a.js')},${join(specs, 'b.js')}`;
    const run = cli(...given, '--module', modules, '--repeat', '4', '--out', dir);
    await until(async () => (await lines(dir)).length >= 5, { ms: 60_000 });
    run.kill('SIGKILL');
    await run;
    await until(async () => (await processesMentioning(folder)).length === 0, { ms: 10_000 });
    for (const [path, named] of [
      [bounds, `${bounds} (the run) has other content`],
      [join(specs, 'b.js'), `b.js) (scenarios) has other content`],
    ] as const) {
      const text = await readFile(path, 'utf8');
      await writeFile(path, text.replace(/1|'b'/, "'other'"));
      const changed = await cli('--resume', dir);
      expect(changed.all).to.include(named);
      expect(changed.exitCode).to.equal(2);
      await writeFile(path, text);
    }
    const { exitCode, all } = await cli('--resume', dir);
    expect(exitCode, all).to.equal(0);
    const { run: whole, cells } = await readRun(dir);
    expect(whole).to.include({ complete: true, plannedCells: 12 });
    const own = cells.filter(({ scenario }) => scenario === 'own/module/name');
    expect(own.map(({ offerer, status }) => `${offerer} ${status}`).toSorted()).to.deep.equal([
      ...Array.from({ length: 4 }, () => 'chromium-a.js pass'),
      ...Array.from({ length: 4 }, () => 'chromium-b.js pass'),
    ]);
  });

  it('goes on after Ctrl+C, but not with another browser, script or flag: then nothing is changed', async () => {
    const dir = out('interrupted');
    expect(await cutOff(dir, 'SIGINT')).to.equal(130);
    const path = join(dir, 'results.json');
    const text = await readFile(path, 'utf8');
    const [{ version } = { version: '' }] = (await readRun(dir)).browsers;

    const otherFlag = await cli('--resume', dir, '--repeat', '3');
    expect(otherFlag.all).to.include('--repeat was 8 and is 3');
    expect(otherFlag.exitCode).to.equal(2);

    const other = text.replaceAll(version, '1.2.3');
    await writeFile(path, other);
    const stored = await lines(dir);
    const otherBrowser = await cli('--resume', dir);
    expect(otherBrowser.all).to.match(
      /the browser chromium was Chromium 1\.2\.3 under .* and is Chromium \d/,
    );
    expect(otherBrowser.exitCode).to.equal(2);
    expect(await readFile(path, 'utf8')).to.equal(other);
    expect(await lines(dir)).to.deep.equal(stored);

    await writeFile(path, text);
    const { exitCode, all } = await cli('--resume', dir, '--jobs', '1');
    expect(exitCode, all).to.equal(0);
    const { run, cells } = await readRun(dir);
    expect(run).to.include({ complete: true, interrupted: false });
    expect(cells).to.have.length(planned);
    expect(cells.some(({ status }) => status === 'notrun')).to.equal(false);
  });
}).timeout(180_000);
