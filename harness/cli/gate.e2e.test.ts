import { expect } from 'chai';
import { execa } from 'execa';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { keyOf } from '../results/cell-key.ts';
import { packageRoot } from '../run/environment.ts';

const { readRun } = await import('../results/read-run.ts');

const bin = join(packageRoot, 'harness/cli/bin.js');
const names = [
  'text-echo',
  'text-ascii',
  'text-every-plane',
  'blob',
  'array-buffer',
  'binary-empty',
  'typed-array-offset',
  'data-view-offset',
];
const selection = ['--browsers', 'chromium', '--scenarios', `data-channels/message/{${names.join(',')}}`];

/** Makes `send` send something else, as a script in a block of its own: injected scripts share a scope. */
const sending = (made: string): string => `{
  const { send } = RTCDataChannel.prototype;
  RTCDataChannel.prototype.send = function (data) { return send.call(this, ${made}); };
}`;

/** Each breaks one scenario of the selection by changing what only that one sends. */
const faults = {
  'text-echo': sending("typeof data === 'string' ? data.replace('Grüße', 'grüße') : data"),
  'text-every-plane': sending(
    "typeof data === 'string' ? data.replace(/[\\u{30000}-\\u{10ffff}]/gu, '?') : data",
  ),
  blob: sending("data instanceof Blob ? new Blob([data, 'x']) : data"),
};

describe('after runs of real browsers', () => {
  let folder: string;
  const cli = (...args: string[]) =>
    execa(process.execPath, [bin, ...args], {
      cwd: folder,
      reject: false,
      all: true,
      env: { NO_COLOR: '1' },
    });
  const run = (out: string, ...flags: string[]) =>
    cli('run', ...selection, '--format', 'junit', '--out', out, ...flags);
  /** Its cells, with the outcome of each. */
  const outcomes = async (out: string): Promise<string[]> =>
    (await readRun(join(folder, out))).cells.map((cell) => `${keyOf(cell)} ${cell.status}`).toSorted();

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'webrtc-interop-gate-'));
    const { exitCode, all } = await run('whole');
    expect(exitCode, all).to.equal(0);
  });
  after(() => rm(folder, { recursive: true, force: true }));

  it('names exactly the three scenarios that three faults broke, in diff and by --baseline', async () => {
    const injected: string[] = [];
    for (const [name, source] of Object.entries(faults)) {
      await writeFile(join(folder, `${name}.js`), source);
      injected.push('--inject', `offerer=${name}.js`);
    }
    const { exitCode, all } = await run('broken', ...injected, '--baseline', 'whole');
    expect(exitCode, all).to.equal(1);
    expect(all).to.contain('3 regressions: 3 newly failing');
    const diff = await cli('diff', 'whole', 'broken', '--json');
    expect(diff.exitCode).to.equal(1);
    const { changes } = JSON.parse(diff.stdout) as { changes: { scenario: string; kind: string }[] };
    expect(changes.map(({ scenario, kind }) => [kind, scenario])).to.have.deep.members(
      Object.keys(faults).map((name) => ['newly-failing', `data-channels/message/${name}`]),
    );
    const failed = await run('again', '--last-failed', 'broken');
    expect(failed.exitCode, failed.all).to.equal(0);
    const { cells } = await readRun(join(folder, 'again'));
    expect(cells.filter(({ scenario }) => !scenario.startsWith('canary/'))).to.have.length(3);
  });

  it('makes of four shards in four processes the cells and outcomes of one run', async () => {
    const shards = [1, 2, 3, 4].map((index) => `shard-${String(index)}`);
    const runs = await Promise.all(shards.map((out, at) => run(out, '--shard', `${String(at + 1)}/4`)));
    for (const { exitCode, all } of runs) expect(exitCode, all).to.equal(0);
    const merged = await cli('merge', ...shards, '--out', 'merged', '--format', 'junit');
    expect(merged.exitCode, merged.all).to.equal(0);
    expect(await outcomes('merged')).to.deep.equal(await outcomes('whole'));
    expect((await readRun(join(folder, 'merged'))).run).to.include({
      complete: true,
      plannedCells: names.length + 2,
    });
    expect((await cli('diff', 'whole', 'merged')).exitCode).to.equal(0);
    const without = await cli('merge', ...shards.slice(1), '--out', 'three', '--format', 'junit');
    expect(without.all).to.contain('Shard 1 of 4 is missing');
    expect(without.exitCode).to.equal(2);
  });

  it('writes for GitHub by itself where a job of it runs', async () => {
    const summary = join(folder, 'step.md');
    const env = { GITHUB_ACTIONS: 'true', GITHUB_STEP_SUMMARY: summary };
    await execa(process.execPath, [bin, 'report', 'whole', '--format', 'junit'], { cwd: folder, env });
    expect(await readFile(summary, 'utf8')).to.match(/^## webrtc-interop/);
  });
}).timeout(300_000);
