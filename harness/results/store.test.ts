import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, readdir, readFile, readlink, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { HarnessError, IncompleteError, UsageError } from '../errors.ts';
import { exampleHeader, writeExample } from '../report/example.ts';
import { openAppendLog } from './append-log.ts';
import { EvidenceReader } from './evidence-reader.ts';
import { packsIn } from './pack-writer.ts';
import { readRun, wholeOf } from './read-run.ts';
import { schemaVersion, type Cell } from './schema.ts';
import { openStore, type NewEvidence } from './store.ts';
import { tempDir } from './temp-dir.ts';

const { run, browsers, scenarios } = exampleHeader();
const key = { scenario: 'codecs/video/vp8', offerer: 'chromium', answerer: 'firefox' };
const passing: Cell = {
  ...key,
  status: 'pass',
  phase: null,
  reason: null,
  signature: null,
  startedAt: '2026-11-22T15:00:00.000Z',
  durationMs: 12,
  flaky: false,
  attempts: [],
  checks: [{ name: 'frames arrived', ok: true, expected: 'above 0', actual: 3 }],
  measurements: {},
  evidence: [],
  repro: 'npx webrtc-interop run --pairs chromium:firefox --scenarios codecs/video/vp8',
};

/** A piece of evidence to be stored. */
const piece = (name: string, content: string | Uint8Array): NewEvidence => ({
  kind: 'stats',
  peer: 'offerer',
  name,
  content,
});

/** The cell as it is read: with the attempt that it stands for. */
const asRead: Cell = {
  ...passing,
  attempts: [
    {
      status: passing.status,
      phase: passing.phase,
      reason: passing.reason,
      startedAt: passing.startedAt,
      durationMs: passing.durationMs,
      checks: passing.checks,
      measurements: passing.measurements,
      evidence: passing.evidence,
    },
  ],
};

async function errorOf(promise: Promise<unknown>): Promise<HarnessError> {
  const error = await promise.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof HarnessError)) throw new Error(`expected a HarnessError, got ${String(error)}`);
  return error;
}

describe('ResultStore', () => {
  let dir: string;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    ({ dir, remove } = await tempDir());
  });
  afterEach(() => remove());

  it('reads back what a whole run wrote', async () => {
    const written = await writeExample(dir);
    expect(await readRun(dir)).to.deep.equal(written);
    expect(written.run.complete).to.equal(true);
    expect(written.cells).to.have.length(written.run.plannedCells);
  });

  it('reads a run of 1.1.0, too, in which no engine was a library', async () => {
    const written = await writeExample(dir);
    const path = join(dir, 'results.json');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace(`"schemaVersion":"${schemaVersion}"`, '"schemaVersion":"1.1.0"'));
    expect(await readRun(dir)).to.deep.equal({ ...written, schemaVersion: '1.1.0' });
  });

  it('has a cell on the disk, whole, once its append resolved', async () => {
    const store = await openStore(dir);
    await store.appendCell(passing);
    const text = await readFile(join(dir, 'results.jsonl'), 'utf8');
    expect(text.endsWith('\n')).to.equal(true);
    expect(JSON.parse(text)).to.deep.equal(passing);
    await store.close();
  });

  it('keeps the order and the lines of appends made at once', async () => {
    const store = await openStore(dir);
    const names = Array.from({ length: 50 }, (_, index) => `a/b/c${index}`);
    await Promise.all(names.map((scenario) => store.appendCell({ ...passing, scenario })));
    const results = await wholeOf(await store.finish({ ...run, plannedCells: 50 }, browsers, scenarios));
    expect(results.cells.map((cell) => cell.scenario)).to.deep.equal(names);
  });

  it('refuses a pass that has a check that did not hold, or none at all', async () => {
    const store = await openStore(dir);
    const broken = { ...passing, checks: [{ name: 'picture', ok: false, expected: 1, actual: 2 }] };
    for (const cell of [broken, { ...passing, checks: [] }]) {
      const error = await errorOf(store.appendCell(cell));
      expect(error.code).to.equal('invalid-cell');
      expect(error.message).to.contain('codecs/video/vp8, chromium to firefox').and.contain('checks');
    }
    expect(await readFile(join(dir, 'results.jsonl'), 'utf8')).to.equal('');
    await store.close();
  });

  it('is not complete when fewer cells than planned were reported, whatever the caller says', async () => {
    const store = await openStore(dir);
    await store.appendCell(passing);
    const { header } = await store.finish({ ...run, complete: true, plannedCells: 2 }, browsers, scenarios);
    expect(header.run.complete).to.equal(false);
  });

  it('keeps a killed run: the header and every cell but the torn one, and says so', async () => {
    const store = await openStore(dir);
    await store.writeHeader({ ...run, complete: false, finishedAt: null }, browsers, scenarios);
    await store.appendCell(passing);
    await store.close();
    await writeFile(join(dir, 'results.jsonl'), JSON.stringify(passing).slice(0, 90), { flag: 'a' });
    const warnings: string[] = [];
    const results = await readRun(dir, (warning) => warnings.push(warning));
    expect(results.cells).to.deep.equal([asRead]);
    expect(results.run.complete).to.equal(false);
    expect(warnings.join('\n')).to.contain('half a line').and.contain(`1 of ${run.plannedCells}`);
  });

  it('names file, cell and field of a cell that does not follow the format, and goes on without it', async () => {
    const { cells } = await writeExample(dir);
    const path = join(dir, 'results.json');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('"status":"timeout"', '"status":"green"'));
    const warnings: string[] = [];
    const read = await readRun(dir, (warning) => warnings.push(warning));
    expect(warnings).to.have.length(1);
    expect(warnings[0])
      .to.contain(path)
      .and.match(/cells\[\d+\] \([\w/-]+, \w+ to \w+\), .*status/);
    expect(read.cells).to.have.length(cells.length - 1);
    expect(read.run.complete).to.equal(false);
  });

  it('names the line of a results.jsonl that was damaged in the middle, and reads the others', async () => {
    const store = await openStore(dir);
    await store.writeHeader(run, browsers, scenarios);
    await store.close();
    await writeFile(
      join(dir, 'results.jsonl'),
      `${JSON.stringify(passing)}\n{"scenario"\n${JSON.stringify(passing)}\n`,
    );
    const warnings: string[] = [];
    const read = await readRun(dir, (warning) => warnings.push(warning));
    expect(warnings.join('\n')).to.contain('line 2');
    expect(read.cells).to.deep.equal([asRead, asRead]);
    expect(read.run.complete).to.equal(false);
  });

  it('refuses evidence paths that lead out of the run', async () => {
    const evidence = { kind: 'console', peer: null, sha256: '0'.repeat(64), bytes: 0 } as const;
    const store = await openStore(dir);
    for (const path of [
      '/etc/passwd',
      '../x',
      'evidence/../x',
      'evidence//x',
      'evidence/a\\b',
      'index.html',
      'evidence/a/..',
    ]) {
      const error = await errorOf(store.appendCell({ ...passing, evidence: [{ ...evidence, path }] }));
      expect(error.code, path).to.equal('invalid-cell');
    }
    await store.close();
  });

  it('says that a folder without a run is none', async () => {
    expect((await errorOf(readRun(dir))).code).to.equal('no-results');
  });

  it('stores each content of evidence once, with its size and hash, and gives each piece a name of its own', async () => {
    const store = await openStore(dir);
    const texts = ['one', 'two', 'one', ''];
    const files = await store.writeEvidence(
      texts.map((text) => piece('stats.json', text)),
      passing,
    );
    expect(files.map(({ path }) => path)).to.deep.equal([
      'offerer-stats.json',
      'offerer-stats.2.json',
      'offerer-stats.3.json',
      'offerer-stats.4.json',
    ]);
    const again = await store.writeEvidence([piece('stats.json', 'two')], passing);
    expect(again).to.deep.equal([{ ...files[1], path: 'offerer-stats.json' }]);
    await store.close();
    const reader = new EvidenceReader(dir);
    for (const [index, file] of files.entries()) {
      const text = texts[index] ?? '';
      const sha256 = createHash('sha256').update(text).digest('hex');
      expect(file).to.include({ bytes: text.length, sha256, pack: 1 });
      const found = await reader.find(file);
      expect(found).to.include({ state: 'whole' });
      expect('content' in found && found.content.toString()).to.equal(text);
    }
    const { lines, problems } = await reader.pack(1);
    expect(lines).to.have.length(1);
    expect(problems).to.deep.equal([]);
  });

  it('compresses what the same browsers leave with what they left before, and reads it back', async () => {
    const store = await openStore(dir);
    // Random, so that it can be compressed only with the earlier one.
    const numbers = randomBytes(6000).toString('hex');
    const sdp = randomBytes(6000).toString('hex');
    const left = (round: number) => [
      { ...piece('offer.sdp', `${sdp} ${String(round)}`), kind: 'offer' as const },
      piece('stats.json', `${numbers} ${String(round)}`),
    ];
    const first = await store.writeEvidence(left(1), passing);
    const second = await store.writeEvidence(left(2), passing);
    const other = await store.writeEvidence(left(3), { ...passing, answerer: 'another' });
    await store.close();
    const { lines } = await new EvidenceReader(dir).pack(1);
    expect(lines.map(({ base }) => base)).to.deep.equal([null, null, 0, 1, null, null]);
    const lengths = lines.map(({ encoded }) => encoded.length);
    expect(Math.max(...lengths.slice(2, 4))).to.be.below(Math.min(...lengths.slice(0, 2)) / 50);
    const reader = new EvidenceReader(dir);
    for (const [round, files] of [first, second, other].entries())
      for (const [at, file] of files.entries()) {
        const found = await reader.find(file);
        expect(found.state).to.equal('whole');
        expect('content' in found && found.content.toString()).to.equal(left(round + 1)[at]?.content);
      }
  });

  it('lets what is short be no measure of what comes', async () => {
    const store = await openStore(dir);
    for (const text of ['short', 'x'.repeat(5000), 'y'.repeat(5000)])
      await store.writeEvidence([piece('stats.json', text)], passing);
    await store.close();
    const { lines } = await new EvidenceReader(dir).pack(1);
    expect(lines.map(({ base }) => base)).to.deep.equal([null, null, 1]);
  });

  it('keeps pictures as they are, and begins a new pack after a megabyte', async () => {
    const store = await openStore(dir);
    const picture = (fill: number) => ({
      ...piece('screenshot.png', randomBytes(400_000).fill(fill, 0, 1)),
      kind: 'screenshot' as const,
    });
    for (let round = 0; round < 4; round += 1) await store.writeEvidence([picture(round)], passing);
    await store.close();
    expect(await readdir(join(dir, 'evidence'))).to.deep.equal(['pack-0001.js', 'pack-0002.js']);
    const { lines } = await new EvidenceReader(dir).pack(1);
    expect(lines.map(({ encoding }) => encoding)).to.deep.equal(['identity', 'identity']);
  });

  it('leaves a pack that a killed run wrote alone, and goes on with another', async () => {
    const first = await openStore(dir);
    await first.writeEvidence([piece('stats.json', 'one')], passing);
    await first.close();
    const pack = join(dir, 'evidence', 'pack-0001.js');
    await writeFile(pack, 'evidence("deflate-raw","', { flag: 'a' });
    const before = await readFile(pack, 'utf8');
    const second = await openStore(dir);
    const [file] = await second.writeEvidence([piece('stats.json', 'two')], passing);
    await second.close();
    expect(file?.pack).to.equal(2);
    expect(await readFile(pack, 'utf8')).to.equal(before);
    const { lines, problems } = await new EvidenceReader(dir).pack(1);
    expect(lines).to.have.length(1);
    expect(problems.join('\n')).to.match(/pack-0001\.js ends in half a line/);
  });

  it('keeps evidence inside the folder whatever its name is', async () => {
    const store = await openStore(join(dir, 'run'));
    const evidence = await store.writeEvidence([piece('../../../../escaped.html', 'text')], passing);
    expect(evidence[0]?.path).to.match(/^[\w~.-]+\.txt$/);
    expect(await readdir(dir)).to.deep.equal(['run']);
    await store.appendCell({ ...passing, evidence });
    await store.close();
  });

  it('does not write the attempt twice that a cell stands for, and reads it back', async () => {
    const [attempt] = asRead.attempts;
    if (attempt === undefined) throw new Error('it has an attempt');
    const failed = { ...attempt, status: 'fail' as const, reason: { code: 'a', message: 'b', peer: null } };
    const store = await openStore(dir);
    await store.appendCell({ ...passing, attempts: [attempt] });
    await store.appendCell({ ...passing, flaky: true, attempts: [failed, attempt] });
    const read = await wholeOf(await store.finish({ ...run, plannedCells: 2 }, browsers, scenarios));
    expect(read.cells.map(({ attempts }) => attempts)).to.deep.equal([[attempt], [failed, attempt]]);
    const lines = (await readFile(join(dir, 'results.jsonl'), 'utf8')).trimEnd().split('\n');
    const stored = lines.map((line) => (JSON.parse(line) as Cell).attempts);
    expect(stored).to.deep.equal([[], [failed]]);
  });

  it('lets no second run into the folder while one writes there', async () => {
    const store = await openStore(dir);
    const error = await errorOf(openStore(dir));
    expect(error).to.be.instanceOf(UsageError);
    expect(error.code).to.equal('out-in-use');
    expect(error.message).to.contain(String(process.pid)).and.contain('--out');
    await store.close();
    await (await openStore(dir)).close();
  });

  it('lets exactly one of many runs that start at once into a folder with a stale lock', async () => {
    const stale = await staleLock();
    for (let round = 0; round < 25; round += 1) {
      await writeFile(join(dir, '.lock-1'), stale);
      const outcomes = await Promise.allSettled(Array.from({ length: 12 }, () => openStore(dir)));
      const stores = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
      expect(stores).to.have.length(1);
      await Promise.all(stores.map((store) => store.close()));
      expect((await readdir(dir)).filter((name) => name.startsWith('.lock'))).to.deep.equal([]);
    }
  });

  it('takes over the lock of a process that is dead', async () => {
    await writeFile(join(dir, '.lock-1'), await staleLock());
    await (await openStore(dir)).close();
  });

  it('refuses a folder that holds an earlier run, so that two are never mixed', async () => {
    await writeExample(dir);
    const error = await errorOf(openStore(dir));
    expect(error.code).to.equal('out-has-results');
    expect((await readdir(dir)).filter((name) => name.startsWith('.lock'))).to.deep.equal([]);
  });

  it('says what to do when the disk is full', async function () {
    if (process.platform !== 'linux') this.skip();
    const log = await openAppendLog('/dev/full');
    const error = await errorOf(log.append('{}'));
    expect(error).to.be.instanceOf(IncompleteError);
    expect(error.code).to.equal('results-not-writable');
    expect(error.message).to.contain('ENOSPC').and.contain('--out');
    await log.close();
  });

  for (const [what, harm, says] of [
    ['removed', () => rm(dir, { recursive: true }), /stored in it \(1\) are gone/],
    ['moved', () => rename(dir, `${dir}-moved`), /It was moved, and holds the cells that were stored \(1\)/],
    [
      'removed and made again',
      async () => {
        await rm(dir, { recursive: true });
        await mkdir(dir);
        await writeFile(join(dir, 'results.jsonl'), '');
      },
      /are gone with it/,
    ],
  ] as const) {
    it(`notices with the next cell that its folder was ${what}, and does not make it again`, async function () {
      if (process.platform === 'win32') this.skip();
      const store = await openStore(dir);
      await store.appendCell(passing);
      await harm();
      for (const next of [
        () => store.appendCell(passing),
        () => store.writeEvidence([piece('console.json', '[]')], passing),
      ]) {
        const error = await errorOf(next());
        expect(error).to.be.instanceOf(IncompleteError).and.include({ code: 'results-gone' });
        expect(error.message).to.match(says);
      }
      await store.close();
      expect(await readdir(dir).catch(() => [])).not.to.include('evidence');
      await rm(`${dir}-moved`, { recursive: true, force: true });
    });
  }

  it('notices that its packs went away, although what comes next is in them already', async () => {
    const store = await openStore(dir);
    const same = piece('console.json', '[]');
    await store.writeEvidence([same], passing);
    await rm(join(dir, 'evidence'), { recursive: true });
    expect((await errorOf(store.writeEvidence([same], passing))).code).to.equal('results-gone');
    expect((await errorOf(store.finish(run, browsers, scenarios))).code).to.equal('results-gone');
  });

  it('misses no pack that begins while it looks', async () => {
    const store = await openStore(dir);
    const same = piece('console.json', '[]');
    await store.writeEvidence([same], passing);
    for (let pack = 1; pack <= 8; pack += 1) {
      // a pack is full with one of these
      const large = piece('large.bin', randomBytes(1_100_000).toString('base64'));
      const fresh = { isStored: false };
      const storing = store.writeEvidence([large], passing).then(() => (fresh.isStored = true));
      const look = async (): Promise<void> => {
        while (!fresh.isStored) await store.writeEvidence([same], passing);
      };
      await Promise.all([storing, ...Array.from({ length: 8 }, look)]);
    }
    expect((await packsIn(join(dir, 'evidence'))).length).to.be.at.least(8);
    await store.close();
  });

  it('appends to no file behind a link', async function () {
    if (process.platform === 'win32') this.skip();
    await writeFile(join(dir, 'elsewhere'), '');
    await mkdir(join(dir, 'run'));
    await symlink(join(dir, 'elsewhere'), join(dir, 'run', 'results.jsonl'));
    expect((await errorOf(openStore(join(dir, 'run')))).code).to.equal('results-not-writable');
    expect(await readdir(join(dir, 'run'))).to.deep.equal(['results.jsonl']);
  });

  it('cuts off the half of a line that a full disk let through, so that later cells are readable', async function () {
    this.timeout(60_000); // it starts a process
    if (process.platform !== 'linux') this.skip();
    // A limit on the file size acts like a full disk, without the need to mount one.
    const script = `
      import { openStore } from ${JSON.stringify(new URL('store.ts', import.meta.url).href)};
      process.on('SIGXFSZ', () => undefined);
      const cell = JSON.parse(process.env.CELL);
      const store = await openStore(process.env.DIR);
      await store.appendCell(cell);
      const failure = await store.appendCell({ ...cell, repro: 'x'.repeat(20000) }).catch((error) => error);
      console.log(failure.code);
      await store.appendCell(cell);
      await store.close();`;
    const child = spawn(
      'bash',
      ['-c', 'ulimit -f 8; exec "$0" --import tsx --input-type=module -e "$SCRIPT"', process.execPath],
      {
        env: { ...process.env, SCRIPT: script, DIR: dir, CELL: JSON.stringify(passing) },
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    let printed = '';
    child.stdout.on('data', (chunk: Buffer) => (printed += chunk.toString()));
    await once(child, 'close');
    expect(printed.trim()).to.equal('results-not-writable');
    const lines = (await readFile(join(dir, 'results.jsonl'), 'utf8')).trimEnd().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).to.deep.equal([passing, passing]);
  });

  it('says what to do when the folder cannot be made', async () => {
    await writeFile(join(dir, 'file'), '');
    const error = await errorOf(openStore(join(dir, 'file', 'run')));
    expect(error).to.be.instanceOf(IncompleteError);
    expect(error.code).to.equal('results-not-writable');
    expect(error.message).to.contain('--out');
  });

  it('points latest at the run it finished, and moves it with the next', async function () {
    if (process.platform === 'win32') this.skip();
    for (const name of ['one', 'two']) {
      const store = await openStore(join(dir, name), { latest: join(dir, 'latest') });
      await store.finish(run, browsers, scenarios);
      expect(await readlink(join(dir, 'latest'))).to.equal(name);
    }
  });

  it('leaves a real folder named latest alone, and says so after the results are written', async function () {
    if (process.platform === 'win32') this.skip();
    await mkdir(join(dir, 'latest'));
    const store = await openStore(join(dir, 'one'), { latest: join(dir, 'latest') });
    expect((await errorOf(store.finish(run, browsers, scenarios))).code).to.equal('latest-is-a-folder');
    expect((await readRun(join(dir, 'one'))).run.id).to.equal(run.id);
  });
});

/** A lock left by a process that has ended since. */
async function staleLock(): Promise<string> {
  const child = spawn(process.execPath, ['-e', '']);
  await once(child, 'close');
  const { hostname } = await import('node:os');
  return JSON.stringify({ pid: child.pid, host: hostname(), token: 'gone' });
}
