import { expect } from 'chai';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { compareRuns, isWorse } from '../compare/compare.ts';
import { browser, cell, runOf } from '../compare/example.ts';
import { updateExpectations } from '../compare/update-expectations.ts';
import { mergeParts } from '../merge/merge.ts';
import { writeMerged } from '../merge/write.ts';
import { exampleHeader } from '../report/example.ts';
import { publishRun } from '../report/publish.ts';
import { Baseline } from './baseline.ts';
import { Expectations } from './expectations.ts';
import { outlineOf } from './outline.ts';
import { writePlan } from './plan-file.ts';
import { openStoredRun, readRun, wholeOf } from './read-run.ts';
import type { Cell, Results } from './schema.ts';
import { openStopped } from './stopped-run.ts';
import { openStore } from './store.ts';
import { everyCellOf } from './stored-cell.ts';
import { tempDir } from './temp-dir.ts';
import { exitCodeOf, isUnexpected } from './totals.ts';

const pair = { offerer: 'webkitgtk', answerer: 'chromium' };
const standsFor = ['a/b/one', 'a/b/two', 'c/d/three'];
const reproOf = (scenario: string): string =>
  `npx webrtc-interop run --browsers webkitgtk,chromium --pairs webkitgtk:chromium --scenarios ${scenario}`;
const lacks = 'offerer webkitgtk has no RTCPeerConnection, says its probe';

/** The cell that stands for a pair, as a run stores it. */
const entry = (changes: Partial<Cell> = {}): Cell => ({
  ...cell({ ...pair, scenario: 'a/b/one', status: 'unsupported', repro: reproOf('a/b/one') }, lacks),
  standsFor,
  ...changes,
});
/** The same as separate cells, as runs up to schemaVersion 1.1.0 have them. */
const apart = (status: Cell['status'] = 'unsupported'): Cell[] =>
  standsFor.map((scenario) => cell({ ...pair, scenario, status, repro: reproOf(scenario) }, lacks));
const browsers = [browser('webkitgtk', '2.50.6', 'webkitgtk'), browser('chromium')];
const whole = (cells: Cell[]): Results => runOf(cells, { browsers });

describe('a cell that stands for a pair', () => {
  let dir: string;
  let remove: () => Promise<void>;
  beforeEach(async () => {
    ({ dir, remove } = await tempDir());
  });
  afterEach(() => remove());

  const header = (plannedCells: number) => ({ ...exampleHeader().run, plannedCells, complete: true });
  /** A run of the entry, with a probe of its own. */
  async function stored(name: string, more: Cell[] = []): Promise<string> {
    const folder = join(dir, name);
    const store = await openStore(folder);
    const probe = { kind: 'trace', peer: 'offerer', name: 'probe.json', content: '{"has":{}}' } as const;
    await store.appendCell(entry({ evidence: await store.writeEvidence([probe], entry()) }));
    for (const each of more) await store.appendCell(each);
    const run = { ...header(standsFor.length + more.length), id: name };
    await store.finish(run, browsers, whole(apart()).scenarios);
    return folder;
  }
  const linesIn = async (folder: string): Promise<string[]> =>
    (await readFile(join(folder, 'results.jsonl'), 'utf8')).trim().split('\n');

  it('is each of its cells when it is read, with the command that runs that one', async () => {
    const folder = await stored('run');
    expect(await linesIn(folder)).to.have.length(1);
    const { run, cells } = await readRun(folder);
    expect(run.complete).to.equal(true);
    expect(cells.map(({ scenario }) => scenario)).to.deep.equal(standsFor);
    expect(cells.map(({ repro }) => repro)).to.deep.equal(standsFor.map(reproOf));
    for (const each of cells) {
      expect(each.evidence).to.have.length(1);
      expect(each.attempts).to.have.length(1);
    }
    const outline = await outlineOf(await openStoredRun(folder));
    expect(outline.cells.map((each) => each.standsFor)).to.deep.equal([standsFor, standsFor, standsFor]);
  });

  it('leaves a run incomplete that planned more than it stands for', async () => {
    const store = await openStore(join(dir, 'run'));
    await store.appendCell(entry());
    const { header: of } = await store.finish(header(4), browsers, []);
    expect(of.run.complete).to.equal(false);
  });

  it('is refused where it contradicts itself', async () => {
    const store = await openStore(dir);
    const wrong: [Partial<Cell>, RegExp][] = [
      [{ standsFor: ['a/b/one', 'a/b/two', 'a/b/two'] }, /each scenario is there once/],
      [{ standsFor: ['a/b/one'] }, /standsFor/],
      [{ answerer: null }, /only a pair that is unsupported/],
      [{ status: 'fail' }, /only a pair that is unsupported/],
    ];
    for (const [changes, says] of wrong) {
      const error = await store.appendCell(entry(changes)).then(
        () => undefined,
        (thrown: unknown) => thrown,
      );
      expect(error).to.be.an('error').with.property('message').that.matches(says);
    }
    await store.close();
    // a cell that stands for others is trusted only as the store wrote it
    const folder = await stored('edited');
    const path = join(folder, 'results.json');
    const text = await readFile(path, 'utf8');
    await writeFile(path, text.replace('"standsFor":["a/b/one",', '"standsFor":["a/b/other",'));
    const said: string[] = [];
    expect((await readRun(folder, (warning) => said.push(warning))).run.complete).to.equal(false);
    expect(said.join()).to.match(/the first scenario is that of the cell/);
  });

  it('is one line after a resume, and its cells are not run again', async () => {
    const folder = join(dir, 'stopped');
    const store = await openStore(folder);
    const planned = everyCellOf(entry()).map(({ scenario }) => ({ scenario, ...pair }));
    const left = { scenario: 'a/b/left', ...pair };
    await writePlan(folder, {
      cells: [...planned, left],
      browsers: [],
      scripts: [],
      flags: {},
      latest: false,
    });
    await store.writeHeader({ ...header(4), finishedAt: null, complete: false }, [], []);
    await store.appendCell(entry());
    await store.close();
    const stopped = await openStopped(folder, () => undefined);
    expect(stopped.kept).to.have.length(3);
    expect(stopped.left).to.deep.equal([left]);
    await stopped.clear();
    await stopped.release();
    expect(await linesIn(folder)).to.have.length(1);
    expect((await readRun(folder, () => undefined)).cells).to.have.length(3);
  });

  it('is one in a merged run and in a published one, with its evidence', async () => {
    const parts = await Promise.all(
      [1, 2].map(async (index) => {
        const folder = await stored(`shard-${index}`);
        const results = await readRun(folder);
        const scenarios = results.cells.map((each) => `${each.scenario}-${index}`);
        const cells = results.cells.map((each, at) => ({
          ...each,
          scenario: scenarios[at] ?? '',
          standsFor: scenarios,
        }));
        return { dir: folder, results: { ...results, cells } };
      }),
    );
    const merged = join(dir, 'merged');
    await writeMerged(mergeParts(parts, ['merge']), merged);
    expect(await linesIn(merged)).to.have.length(2);
    const { run, cells } = await readRun(merged);
    expect(run).to.include({ complete: true, plannedCells: 6 });
    expect(cells).to.have.length(6);

    const out = join(dir, 'published');
    const machine = { hostName: 'machine', userName: 'somebody' };
    await publishRun(await openStoredRun(merged), merged, out, machine, () => undefined);
    expect(await linesIn(out)).to.have.length(2);
    expect((await readRun(out)).cells.map(({ scenario }) => scenario)).to.deep.equal(
      cells.map(({ scenario }) => scenario),
    );
  });

  it('is no change from a run that had each cell by itself, nor to one', async () => {
    const now = await wholeOf(await openStoredRun(await stored('run')));
    for (const [before, after] of [
      [whole(apart()), now],
      [now, whole(apart())],
    ] as const) {
      const comparison = compareRuns(before, after);
      expect(comparison.changes).to.deep.equal([]);
      expect(comparison.unchanged).to.equal(3);
    }
  });

  it('is lost support, of each cell, where the pair passed in a baseline', async () => {
    const now = await wholeOf(await openStoredRun(await stored('run')));
    const before = whole([...apart('pass').slice(0, 2), ...apart().slice(2)]);
    const comparison = compareRuns(before, now);
    expect(isWorse(comparison)).to.equal(true);
    expect(comparison.changes.map(({ kind, scenario }) => `${kind} ${scenario}`)).to.deep.equal([
      'lost-support a/b/one',
      'lost-support a/b/two',
    ]);
    const judge = new Expectations(
      { expectations: [] },
      now.browsers,
      {},
      new Baseline(before, now.scenarios),
    );
    expect(now.cells.filter((each) => isUnexpected(each, judge))).to.have.length(2);
    expect(exitCodeOf(now, judge)).to.equal(1);
  });

  it('is lost support where nobody knows that the browser cannot connect, and not where they do', async () => {
    const now = await wholeOf(await openStoredRun(await stored('run')));
    const judged = (names: string[]): 0 | 1 | 3 | 130 =>
      exitCodeOf(
        now,
        new Expectations(
          { expectations: [], lacks: [{ browser: 'webkitgtk', names, why: 'It does.' }] },
          now.browsers,
        ),
      );
    expect(judged(['MediaRecorder'])).to.equal(1);
    expect(judged(['RTCPeerConnection'])).to.equal(0);
    const { newLacks } = updateExpectations({ expectations: [], lacks: [] }, [now]);
    expect(newLacks).to.deep.equal([{ browser: 'webkitgtk', names: ['RTCPeerConnection'] }]);
  });
});
