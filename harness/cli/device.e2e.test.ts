import { expect } from 'chai';
import { execa } from 'execa';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chromium, type Browser } from 'playwright';
import { until } from '../drivers/deadline.ts';
import { findExecutable } from '../drivers/executables.ts';
import { processesMentioning } from '../drivers/processes-mentioning.ts';
import { chromiumQuirks } from '../drivers/quirks/chromium.ts';
import { settingsOf } from '../drivers/quirks/quirk.ts';
import { packageRoot } from '../own-files.ts';
import { readRun } from '../results/read-run.ts';

/** A Chromium that the test opens by hand, with the flags that a driven one has, so that both meet the same network. */
describe('a browser that nobody drives', function () {
  this.timeout(180_000);
  let folder: string;
  let executable: string;
  let hand: Browser;

  before(async function () {
    const found = await findExecutable('chromium');
    if (found === undefined) return this.skip();
    executable = found.path;
    folder = await mkdtemp(join(tmpdir(), 'webrtc-interop-device-'));
    hand = await chromium.launch({
      executablePath: executable,
      args: settingsOf(chromiumQuirks()).args,
    });
  });

  after(async () => {
    await hand?.close();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  afterEach(() => rm(join(folder, 'out'), { recursive: true, force: true }));

  const start = (args: readonly string[]) => {
    const bin = join(packageRoot, 'harness/cli/bin.js');
    const run = execa(process.execPath, [bin, 'run', '--out', join(folder, 'out'), ...args], {
      cwd: folder,
      reject: false,
      all: true,
      buffer: true,
      env: { NO_COLOR: '1', CI: 'true' },
    });
    let said = '';
    run.all.on('data', (chunk) => (said += String(chunk)));
    const sees = async (pattern: RegExp): Promise<string> => {
      await until(() => pattern.test(said) || run.exitCode !== null, { ms: 90_000 });
      const found = pattern.exec(said);
      expect(found, said).to.not.equal(null);
      return found?.[1] ?? '';
    };
    return { run, sees };
  };

  /** Resolves when a run has stored `count` passes. */
  const passes = async (count: number): Promise<void> => {
    const stored = async (): Promise<number> => {
      const lines = await readFile(join(folder, 'out', 'results.jsonl'), 'utf8').catch(() => '');
      return lines.split('"status":"pass"').length - 1;
    };
    expect(
      await until(async () => (await stored()) >= count, { ms: 90_000 }),
      `${String(count)} passes`,
    ).to.equal(true);
  };

  it('has the outcomes of a driven one', async () => {
    const { run, sees } = start([
      '--browsers',
      'phone=url,chromium',
      '--scenarios',
      'data-channels/message/{text-echo,blob},codecs/video/vp8,codecs/audio/opus,dom-capture/origin/clean-again',
    ]);
    const url = await sees(/phone takes part as soon as it opens: (\S+)/);
    await (await hand.newPage()).goto(url);
    const { exitCode, all } = await run;
    expect(exitCode, all).to.equal(0);
    expect(all).to.match(/phone: Chromium \(Linux\) \d+\.\S+ under url/);
    const { cells, browsers } = await readRun(join(folder, 'out'), () => undefined);
    expect(browsers.find(({ id }) => id === 'phone')).to.include({ kind: 'url', engine: 'chromium' });
    const outcomes = (id: string): string[] =>
      cells
        .filter(({ offerer, answerer }) => offerer === id && (answerer === id || answerer === null))
        .map(({ scenario, status }) => `${scenario} ${status}`)
        .toSorted();
    expect(outcomes('phone')).to.deep.equal(outcomes('chromium')).and.have.length.above(4);
  });

  it('may be what a program shows that opens an address', async () => {
    const program = join(folder, 'kiosk');
    const profile = join(folder, 'profile');
    const flags = [
      ...settingsOf(chromiumQuirks()).args,
      '--headless=new',
      '--no-sandbox',
      `--user-data-dir=${profile}`,
    ];
    const quoted = flags.map((flag) => `'${flag}'`).join(' ');
    const text = `#!/bin/sh\nexec '${executable}' ${quoted} "$@"\n`;
    await writeFile(program, text, { mode: 0o755 });
    const { run } = start(['--browsers', `kiosk=command:${program}`, '--scenarios', 'codecs/video/vp8']);
    const { exitCode, all } = await run;
    expect(exitCode, all).to.equal(0);
    const { cells } = await readRun(join(folder, 'out'), () => undefined);
    const picture = cells.filter(({ scenario }) => scenario === 'codecs/video/vp8');
    expect(
      picture.map(({ offerer, answerer, status }) => `${offerer} ${String(answerer)} ${status}`),
    ).to.deep.equal(['kiosk kiosk pass']);
    expect(await processesMentioning(profile), 'what is left of it').to.deep.equal([]);
  });

  it('goes on after it was loaded again, and after it was closed and opened again', async () => {
    const scenarios = 'codecs/video/vp8,codecs/audio/opus';
    const { run, sees } = start([
      '--browsers',
      'phone=url',
      '--repeat',
      '4',
      '--jobs',
      '1',
      '--scenarios',
      scenarios,
    ]);
    const url = await sees(/phone takes part as soon as it opens: (\S+)/);
    const context = await hand.newContext();
    const page = await context.newPage();
    await page.goto(url);
    const other = await (await hand.newContext()).newPage();
    expect((await other.goto(url))?.status(), 'the address lets one browser in, once').to.equal(403);
    await passes(2);
    await page.reload();
    await passes(4);
    await context.close();
    const again = await sees(/phone has gone\. Open this on it to go on: (\S+)/);
    expect(again).to.not.equal(url);
    await other.goto(again);
    const { exitCode, all } = await run;
    expect(exitCode, all).to.equal(0);
    const { run: told, cells } = await readRun(join(folder, 'out'), () => undefined);
    expect(told.complete).to.equal(true);
    const statuses = new Set(
      cells.filter(({ scenario }) => !scenario.startsWith('canary/')).map(({ status }) => status),
    );
    expect([...statuses]).to.deep.equal(['pass']);
  });
});
