import { expect } from 'chai';
import { execa } from 'execa';
import { access, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../drivers/deadline.ts';
import { processesMentioning } from '../drivers/processes-mentioning.ts';
import { isCanary } from '../matrix/plan.ts';
import { readRun } from '../results/read-run.ts';
import { isUnexpected } from '../results/totals.ts';
import { packageRoot } from '../run/environment.ts';

const bin = join(packageRoot, 'harness/cli/bin.js');
const echo = ['--browsers', 'chromium', '--scenarios', 'data-channels/message/text-echo'];
/** One thread through each area: small enough for every check-in, and it goes through every layer. */
const firstScenarios = [
  'data-channels/message/text-echo',
  'codecs/video/vp8',
  'codecs/audio/opus',
  'dom-capture/canvas/2d-captured-and-received',
  'adapter/negotiation/offerer-shimmed-answerer-native',
  'connection/trickle/on',
  'connection/trickle/off',
].join(',');

/** The browsers of a run inherit its environment, so they can be recognised by the folder of the test. */
const start = (cwd: string, args: readonly string[]) =>
  execa(process.execPath, [bin, ...args], {
    cwd,
    reject: false,
    all: true,
    env: { NO_COLOR: '1', WEBRTC_INTEROP_TEST: cwd },
  });

describe('the command line', () => {
  let folder: string;
  const started: ReturnType<typeof start>[] = [];
  const cli = (args: readonly string[]) => {
    const run = start(folder, args);
    started.push(run);
    return run;
  };
  const out = (name: string): string => join(folder, name);
  /** Nothing of a run may be alive after it has ended, in order or not; the reaper takes a second. */
  const nothingIsLeft = async (): Promise<void> => {
    await until(async () => (await processesMentioning(folder)).length === 0, { ms: 10_000 });
    expect(await processesMentioning(folder)).to.deep.equal([]);
  };

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'webrtc-interop-cli-'));
  });

  after(async () => {
    // A test that failed while its run went on must not leave it to the tests that follow.
    for (const run of started) run.kill('SIGKILL');
    await rm(folder, { recursive: true, force: true });
  });

  it('runs the first scenarios over every ordered pair of Chromium, Firefox and WebKitGTK, and nothing is unexpected', async () => {
    const browsers = ['--browsers', 'chromium,firefox,webkitgtk'];
    const { exitCode, all } = await cli([
      'run',
      ...browsers,
      '--scenarios',
      firstScenarios,
      '--out',
      out('matrix'),
    ]);
    const results = await readRun(out('matrix'));
    const red = results.cells
      .filter((cell) => isUnexpected(cell))
      .map(({ scenario, offerer, answerer, reason }) => ({
        scenario,
        offerer,
        answerer,
        reason,
      }));
    expect(red).to.deep.equal([]);
    expect(exitCode, all).to.equal(0);
    expect(results.run.complete).to.equal(true);
    const gtk = results.cells.filter(
      ({ offerer, answerer }) => answerer !== null && [offerer, answerer].includes('webkitgtk'),
    );
    expect(new Set(gtk.map(({ status }) => status))).to.deep.equal(new Set(['unsupported']));
    expect(
      gtk.every(({ reason }) => reason?.message.includes('webkitgtk has no RTCPeerConnection')),
    ).to.equal(true);
    expect(
      gtk.every(({ scenario, standsFor }) => isCanary({ id: scenario }) || standsFor !== undefined),
    ).to.equal(true);
    for (const file of ['index.html', 'summary.md', 'junit.xml', 'results.jsonl']) {
      await access(join(out('matrix'), file));
    }
    expect(all).to.include(join(out('matrix'), 'index.html'));
  }).timeout(240_000);

  it('repeats exactly one cell with the command that the cell names', async () => {
    await cli(['run', ...echo, '--out', out('first')]);
    const [cell] = (await readRun(out('first'))).cells.filter(({ answerer }) => answerer !== null);
    const words = (cell?.repro ?? '').split(' ').slice(2);
    const { exitCode } = await cli([...words, '--out', out('again')]);
    expect(exitCode).to.equal(0);
    const again = (await readRun(out('again'))).cells.filter(({ answerer }) => answerer !== null);
    expect(again.map(({ scenario, offerer, answerer }) => [scenario, offerer, answerer])).to.deep.equal([
      [cell?.scenario, cell?.offerer, cell?.answerer],
    ]);
    const [canary] = (await readRun(out('first'))).cells.filter(({ scenario }) =>
      scenario.startsWith('canary/'),
    );
    expect((await cli(['plan', ...(canary?.repro ?? '').split(' ').slice(3)])).exitCode).to.equal(0);
  });

  it('ends with 1 when a fault is injected, and names the cell, its cause and the command that repeats it', async () => {
    const fault = join(folder, 'fault.js');
    await writeFile(
      fault,
      'const { send } = RTCDataChannel.prototype; RTCDataChannel.prototype.send = function () { send.call(this, "other"); };',
    );
    const { exitCode, all } = await cli([
      'run',
      ...echo,
      '--inject',
      `answerer=${fault}`,
      '--out',
      out('fault'),
    ]);
    expect(exitCode).to.equal(1);
    expect(all).to.match(/the text that came back/);
    expect(all).to.include(`--inject answerer=${fault}`);
  });

  for (const [what, args, message] of [
    ['an unknown option', ['run', '--bogus'], /unknown option '--bogus'/],
    ['an unknown browser', ['run', '--browsers', 'netscape'], /Unknown browser "netscape"\. Use chrome, /],
    [
      'an unknown area',
      ['plan', '--browsers', 'chromium', '--areas', 'codec'],
      /no area "codec"\. There are /,
    ],
    ['filters that leave nothing', ['run', '--browsers', 'chromium', '--grep', 'zzz'], /Nothing is selected/],
    ['a shard that does not exist', ['plan', '--browsers', 'chromium', '--shard', '4/3'], /Write I\/N/],
    [
      'a script that is not there',
      ['run', ...echo, '--inject', 'both=/nonexistent.js'],
      /\/nonexistent\.js cannot be read/,
    ],
    ['an unknown browser to list for', ['list', '--browsers', 'netscape'], /Unknown browser "netscape"/],
    [
      'a scenario that does not exist, beside others',
      ['plan', '--browsers', 'chromium', '--scenarios', 'codecs/*,codec/x'],
      /No scenario is called "codec\/x"/,
    ],
    ['an unknown format', ['run', ...echo, '--format', 'pdf'], /no report format "pdf"/],
    [
      'a pair of no browser',
      ['plan', '--browsers', 'chromium', '--pairs', 'chromium:safari'],
      /--pairs names "safari"/,
    ],
  ] as const) {
    it(`ends with 2 for ${what}, and says what is accepted`, async () => {
      const { exitCode, all } = await cli(args);
      expect(all).to.match(message);
      expect(exitCode).to.equal(2);
    });
  }

  it('tells its version', async () => {
    const { exitCode, all } = await cli(['--version']);
    expect(all).to.match(/^\d+\.\d+\.\d+$/);
    expect(exitCode).to.equal(0);
  });

  it('lists and plans as JSON', async () => {
    const list: unknown = JSON.parse((await cli(['list', '--json', '--grep', 'text-echo'])).stdout);
    expect(list).to.have.nested.property('[0].id', 'data-channels/message/text-echo');
    const plan: unknown = JSON.parse(
      (await cli(['plan', '--json', '--browsers', 'chromium,firefox', '--grep', 'text-echo'])).stdout,
    );
    expect(plan).to.have.property('cells').with.lengthOf(8);
  });

  it('starts the signaling fixture alone, names a port that is taken, and ends on Ctrl+C', async () => {
    const first = cli(['signal']);
    const [, port = ''] = await seen(first, /signaling at http:\/\/127\.0\.0\.1:(\d+)\n/);
    const second = await cli(['signal', '--port', port]);
    expect(second.all).to.contain(`Port ${port} on 127.0.0.1 is in use. Use another port`);
    expect(second.exitCode).to.equal(2);
    first.kill('SIGINT');
    expect((await first).exitCode).to.equal(0);
  });

  it('is not upset by a reader that has read enough', async () => {
    const list = start(folder, ['list', '--drafts']);
    list.stdout.destroy();
    const { exitCode, stderr } = await list;
    expect(stderr).to.equal('');
    expect(exitCode).to.equal(0);
  });

  it('ends with 3 when a browser is not there, and runs the cells of the others', async () => {
    const browsers = ['--browsers', 'chromium,gone=firefox:/nonexistent/firefox'];
    const { exitCode, all } = await cli([
      'run',
      ...browsers,
      '--scenarios',
      'data-channels/message/text-echo',
      '--out',
      out('gone'),
    ]);
    expect(exitCode).to.equal(3);
    expect(all).to.include('/nonexistent/firefox');
    const { cells } = await readRun(out('gone'));
    expect(
      cells.find(({ offerer, answerer }) => offerer === 'chromium' && answerer === 'chromium')?.status,
    ).to.equal('pass');
  });

  it('ends with 3 when the results cannot be written, and launches nothing', async () => {
    const { exitCode, all } = await cli(['run', ...echo, '--out', '/dev/null/here']);
    expect(exitCode).to.equal(3);
    expect(all).to.include('/dev/null/here');
  });

  it('ends with 3 and a reason where a file may not grow further, and keeps what was stored', async () => {
    const args = ['run', '--browsers', 'gone=chromium:/nonexistent/chromium', '--repeat', '400'];
    args.push('--scenarios', 'data-channels/message/text-echo');
    const limited = await execa(
      'bash',
      ['-c', 'ulimit -f 128; exec "$@"', 'bash', process.execPath, bin, ...args, '--out', out('limited')],
      {
        cwd: folder,
        reject: false,
        all: true,
        env: { NO_COLOR: '1', WEBRTC_INTEROP_TEST: folder },
      },
    );
    expect(limited.all).to.match(/EFBIG.* The file may not grow further \(see ulimit -f\)/);
    expect(limited.exitCode).to.equal(3);
    const stored = await readRun(out('limited'), () => undefined);
    expect(stored.cells.length).to.be.above(10);
  });

  it('ends with 130 on Ctrl+C, with what had finished on disk and no process left', async () => {
    const run = cli(['run', ...echo, '--repeat', '500', '--jobs', '1', '--out', out('interrupted')]);
    await oneIsStored(out('interrupted'));
    expect((await processesMentioning(folder)).length).to.be.above(3);
    run.kill('SIGINT');
    const { exitCode } = await run;
    expect(exitCode).to.equal(130);
    const { run: about, cells } = await readRun(out('interrupted'));
    expect(about.interrupted).to.equal(true);
    expect(cells.some(({ status }) => status === 'pass')).to.equal(true);
    await nothingIsLeft();
  });

  it('ends at once on a second Ctrl+C, and leaves no process', async () => {
    const run = cli(['run', ...echo, '--repeat', '500', '--jobs', '1', '--out', out('twice')]);
    await oneIsStored(out('twice'));
    run.kill('SIGINT');
    await seen(run, /again to stop/);
    run.kill('SIGINT');
    const { exitCode } = await run;
    expect(exitCode).to.equal(130);
    await nothingIsLeft();
    const { cells } = await readRun(out('twice'), () => undefined);
    expect(cells.some(({ status }) => status === 'pass')).to.equal(true);
    const report = await cli(['report', out('twice')]);
    expect(report.exitCode).to.equal(0);
    expect(report.stderr).to.match(
      /^warning: .* has no results\.json: the run was killed\. \d+ of 502 cells/,
    );
    await access(join(out('twice'), 'index.html'));
  });

  it('refuses a second run into the same folder, and does not disturb the first', async () => {
    const first = cli(['run', ...echo, '--repeat', '40', '--jobs', '1', '--out', out('shared')]);
    await oneIsStored(out('shared'));
    const second = await cli(['run', ...echo, '--out', out('shared')]);
    expect(second.exitCode).to.equal(2);
    expect(second.all).to.include('--out');
    expect((await first).exitCode).to.equal(0);
  });

  it('writes the same reports again from the results alone', async () => {
    const before = await readFile(join(out('matrix'), 'summary.md'), 'utf8');
    await rm(join(out('matrix'), 'summary.md'));
    const { exitCode } = await cli(['report', out('matrix')]);
    expect(exitCode).to.equal(0);
    expect(await readFile(join(out('matrix'), 'summary.md'), 'utf8')).to.equal(before);
  });
}).timeout(120_000);

/** Resolves when a command has written something, with what the expression found. */
function seen(child: ReturnType<typeof start>, text: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let heard = '';
    child.all.on('data', (chunk: Buffer) => {
      heard += String(chunk);
      const found = text.exec(heard);
      if (found) resolve(found);
    });
    void child.then(({ exitCode }) =>
      reject(new Error(`it ended with ${String(exitCode)} before ${String(text)}: ${heard}`)),
    );
  });
}

/** Resolves when a run has stored a pass. */
async function oneIsStored(dir: string): Promise<void> {
  const lines = async (): Promise<string> => readFile(join(dir, 'results.jsonl'), 'utf8').catch(() => '');
  const stored = await until(async () => (await lines()).includes('"status":"pass"'), { ms: 60_000 });
  expect(stored, `${dir} has a pass`).to.equal(true);
}
