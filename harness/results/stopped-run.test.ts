import { expect } from 'chai';
import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { HarnessError } from '../errors.ts';
import { exampleHeader } from '../report/example.ts';
import type { CellKey } from './cell-key.ts';
import { writePlan } from './plan-file.ts';
import { readRun, wholeOf } from './read-run.ts';
import type { Cell } from './schema.ts';
import { openStopped } from './stopped-run.ts';
import { openStore } from './store.ts';
import { tempDir } from './temp-dir.ts';

const { run, browsers, scenarios } = exampleHeader();
const one: CellKey = { scenario: 'codecs/video/vp8', offerer: 'chromium', answerer: 'firefox' };
const two: CellKey = { ...one, scenario: 'codecs/video/vp9' };
const plan = {
  cells: [one, two, one, two],
  browsers: [],
  scripts: [],
  flags: {},
  latest: false,
};
const cellOf = (key: CellKey, status: 'pass' | 'notrun', evidence: Cell['evidence'] = []): Cell => ({
  ...key,
  status,
  phase: null,
  reason: status === 'pass' ? null : { code: 'interrupted', message: 'the run was interrupted', peer: null },
  signature: null,
  startedAt: '2026-11-22T15:00:00.000Z',
  durationMs: 12,
  flaky: false,
  attempts: [],
  checks: status === 'pass' ? [{ name: 'frames', ok: true, expected: 'above 0', actual: 3 }] : [],
  measurements: {},
  evidence,
  repro: '',
});

describe('a stopped run', () => {
  let dir: string;
  let remove: () => Promise<void>;
  const said: string[] = [];
  const open = () => openStopped(dir, (sentence) => said.push(sentence));
  const codeOf = async (promise: Promise<unknown>): Promise<string> => {
    const error: unknown = await promise.then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    return error instanceof HarnessError ? error.code : `no HarnessError: ${String(error)}`;
  };
  /** A run that was killed after these cells. */
  async function stoppedAfter(cells: (dirStore: Awaited<ReturnType<typeof openStore>>) => Promise<Cell[]>) {
    const store = await openStore(dir);
    await writePlan(dir, plan);
    await store.writeHeader({ ...run, finishedAt: null, complete: false, plannedCells: 4 }, [], scenarios);
    for (const cell of await cells(store)) await store.appendCell(cell);
    return store;
  }

  beforeEach(async () => {
    said.length = 0;
    ({ dir, remove } = await tempDir());
  });
  afterEach(() => remove());

  it('keeps what has an outcome, counts repeated cells, and leaves the rest in the order of the plan', async () => {
    const store = await stoppedAfter(() => Promise.resolve([cellOf(two, 'pass'), cellOf(one, 'notrun')]));
    await store.close();
    const stopped = await open();
    expect(stopped.kept.map(({ scenario }) => scenario)).to.deep.equal([two.scenario]);
    expect(stopped.left).to.deep.equal([one, one, two]);
    expect(stopped.isOver).to.equal(false);
    await stopped.release();
  });

  it('changes nothing until it goes on, and then has the kept cells, their evidence, and no more', async () => {
    const store = await stoppedAfter(async (mine) => {
      const evidence = await mine.writeEvidence(
        [{ kind: 'stats', peer: 'offerer', name: 'stats.json', content: '{}' }],
        one,
      );
      return [cellOf(one, 'pass', evidence), cellOf(two, 'notrun')];
    });
    // of a cell that was under way, in a pack of its own
    await writeFile(join(dir, 'evidence', 'pack-0002.js'), 'half a line');
    await store.finish({ ...run, interrupted: true, complete: false, plannedCells: 4 }, browsers, scenarios);
    await writeFile(join(dir, 'results.jsonl'), '{"scenario":"half', { flag: 'a' });
    const all = async (): Promise<string[]> =>
      (await readdir(dir, { recursive: true, withFileTypes: true }))
        .filter((entry) => entry.isFile() && !entry.name.startsWith('.lock'))
        .map(({ name }) => name)
        .toSorted();
    const before = await all();
    const text = await readFile(join(dir, 'results.jsonl'), 'utf8');
    const stopped = await open();
    expect(await all()).to.deep.equal(before);
    expect(await readFile(join(dir, 'results.jsonl'), 'utf8')).to.equal(text);
    const again = await openStore(dir, { stopped });
    expect(await all()).to.deep.equal(['pack-0001.js', 'plan.json', 'results.jsonl', 'run.json']);
    await again.appendCell(cellOf(two, 'pass'));
    await again.appendCell(cellOf(one, 'pass'));
    await again.appendCell(cellOf(two, 'pass'));
    const results = await wholeOf(await again.finish({ ...run, plannedCells: 4 }, browsers, scenarios));
    expect(results.cells.map(({ scenario, status }) => `${scenario} ${status}`)).to.deep.equal([
      'codecs/video/vp8 pass',
      'codecs/video/vp9 pass',
      'codecs/video/vp8 pass',
      'codecs/video/vp9 pass',
    ]);
    expect(results.run.complete).to.equal(true);
    expect(await readRun(dir)).to.deep.equal(results);
    const over = await open();
    expect(over.isOver).to.equal(true);
    await over.release();
  });

  it('is not over where it was interrupted after its last cell, or killed before its results were written', async () => {
    const cells = plan.cells.map((cell) => cellOf(cell, 'pass'));
    const store = await stoppedAfter(() => Promise.resolve(cells));
    await store.close();
    const killed = await open();
    expect(killed.left).to.deep.equal([]);
    expect(killed.isOver).to.equal(false);
    const again = await openStore(dir, { stopped: killed });
    await again.finish({ ...run, interrupted: true, complete: false, plannedCells: 4 }, browsers, scenarios);
    const interrupted = await open();
    expect(interrupted.isOver).to.equal(false);
    await interrupted.release();
  });

  it('is refused while another run writes there, without a plan, and with cells that are not planned', async () => {
    expect(await codeOf(open())).to.equal('no-plan');
    const store = await stoppedAfter(() => Promise.resolve([1, 2, 3].map(() => cellOf(one, 'pass'))));
    expect(await codeOf(open())).to.equal('out-in-use');
    await store.close();
    expect(await codeOf(open())).to.equal('resume-differs');
    expect((await readdir(dir)).filter((name) => name.startsWith('.lock'))).to.deep.equal([]);
  });

  it('is refused where a link among its evidence leads elsewhere', async function () {
    if (process.platform === 'win32') this.skip();
    const store = await stoppedAfter(() => Promise.resolve([]));
    await store.close();
    await mkdir(join(dir, 'evidence'));
    await symlink('/tmp', join(dir, 'evidence', 'codecs'));
    expect(await codeOf(open())).to.equal('run-has-links');
  });
});
