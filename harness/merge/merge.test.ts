import { expect } from 'chai';
import { mkdir, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { browser, cell, runOf } from '../compare/example.ts';
import { compareRuns } from '../compare/compare.ts';
import { UsageError } from '../errors.ts';
import { changeEvidence, writeExample } from '../report/example.ts';
import { readRun } from '../results/read-run.ts';
import type { BrowserResult, Cell, Results, Run } from '../results/schema.ts';
import { tempDir } from '../results/temp-dir.ts';
import { EvidenceReader } from '../results/evidence-reader.ts';
import { mergeParts } from './merge.ts';
import type { Part } from './parts.ts';
import { writeMerged } from './write.ts';

const canary = (code = 'unknown-command'): Cell => ({
  ...cell({ scenario: 'canary/agent/unknown-command', status: 'error', answerer: null }),
  reason: { code, message: '', peer: null },
});

/** Shard number `index` of `total`, with a cell of its own and the canary. */
function shard(
  index: number,
  total: number,
  {
    run = {},
    cells = [cell({ scenario: `a/b/${String(index)}` })],
    browsers,
    plan = 'p',
    os = 'linux',
  }: { run?: Partial<Run>; cells?: Cell[]; browsers?: BrowserResult[]; plan?: string; os?: string } = {},
): Part {
  const results = runOf([canary(), ...cells], browsers ? { browsers } : {});
  const environment = { ...results.run.environment, os };
  const id = `${os}-${String(index)}-${plan}`;
  return {
    dir: `runs/${id}`,
    results: { ...results, run: { ...results.run, id, environment, shard: { index, total, plan }, ...run } },
  };
}

const merge = (...parts: Part[]) => mergeParts(parts, ['merge']);
const scenariosOf = ({ cells }: ReturnType<typeof merge>): string[] =>
  cells.map(({ cell: { scenario } }) => scenario);

describe('merging', () => {
  it('makes one run of all shards, canaries counted once', () => {
    const merged = merge(shard(2, 3), shard(1, 3), shard(3, 3));
    expect(scenariosOf(merged)).to.have.members(['canary/agent/unknown-command', 'a/b/1', 'a/b/2', 'a/b/3']);
    expect(merged.run).to.include({ shard: null, plannedCells: 4, complete: true, interrupted: false });
    expect(merged.run.parts?.map((part) => part.shard?.index)).to.deep.equal([2, 1, 3]);
    expect(merged.scenarios.map(({ id }) => id)).to.have.members([...new Set(scenariosOf(merged))]);
  });

  it('keeps the canary that is not as it must be', () => {
    const bad = shard(2, 3);
    const { cells } = merge(
      shard(1, 3),
      { ...bad, results: { ...bad.results, cells: [canary('other'), ...bad.results.cells.slice(1)] } },
      shard(3, 3),
    );
    expect(cells[0]?.cell.reason?.code).to.equal('other');
  });

  it('keeps what --repeat made within a shard', () => {
    const twice = [cell({ scenario: 'a/b/1' }), cell({ scenario: 'a/b/1', status: 'fail' })];
    expect(scenariosOf(merge(shard(1, 2, { cells: twice }), shard(2, 2)))).to.have.length(4);
  });

  it('is complete only where every part is', () => {
    expect(merge(shard(1, 2, { run: { complete: false } }), shard(2, 2)).run.complete).to.equal(false);
    expect(merge(shard(1, 2, { run: { interrupted: true } }), shard(2, 2)).run.interrupted).to.equal(true);
  });

  describe('tells browsers apart', () => {
    const idsIn = (...parts: Part[]): string[] => merge(...parts).browsers.map(({ id }) => id);

    it('by nothing where they are the same', () => {
      expect(idsIn(shard(1, 2), shard(2, 2))).to.deep.equal(['chromium', 'firefox']);
    });

    it('by version, in the cells too', () => {
      const newer = shard(2, 2, { browsers: [browser('chromium'), browser('firefox', '154.0', 'firefox')] });
      const { browsers, cells } = merge(shard(1, 2), newer);
      expect(browsers.map(({ id }) => id)).to.deep.equal(['chromium', 'firefox-153.7.0', 'firefox-154.0']);
      expect(cells.slice(1).map(({ cell: { offerer, answerer } }) => [offerer, answerer])).to.deep.equal([
        ['chromium', 'firefox-153.7.0'],
        ['chromium', 'firefox-154.0'],
      ]);
    });

    it('by system, and each system has all shards', () => {
      const all = [shard(1, 2), shard(2, 2), shard(1, 2, { os: 'darwin' }), shard(2, 2, { os: 'darwin' })];
      expect(idsIn(...all)).to.deep.equal([
        'chromium-linux',
        'firefox-linux',
        'chromium-darwin',
        'firefox-darwin',
      ]);
      expect(merge(...all).run).to.deep.include({ plannedCells: 6 });
    });

    it('where one plan is spread over systems', () => {
      expect(idsIn(shard(1, 2), shard(2, 2, { os: 'win32' }))).to.have.length(4);
    });

    it('and takes one that did not start for the one that did', () => {
      const without = shard(2, 2, { browsers: [browser('chromium')], run: { complete: false } });
      expect(merge(shard(1, 2), without).cells.map(({ cell: { answerer } }) => answerer)).to.deep.equal([
        null,
        'firefox',
        'firefox',
      ]);
    });
  });

  for (const [what, parts, code, says] of [
    [
      'a shard that is missing',
      () => [shard(1, 4), shard(3, 4)],
      'shard-missing',
      'Shard 2 and 4 of 4 is missing',
    ],
    [
      'a shard that is missing on one system',
      () => [shard(1, 2), shard(2, 2), shard(1, 2, { os: 'darwin' })],
      'shard-missing',
      'Shard 2 of 2 is missing on darwin-x64',
    ],
    [
      'a shard that is there twice',
      () => [shard(1, 2), shard(2, 2), shard(2, 2, { run: { id: 'again' } })],
      'shard-twice',
      'A shard is there twice',
    ],
    [
      'shards of different plans',
      () => [shard(1, 2), shard(2, 2, { plan: 'q' })],
      'other-plan',
      'different plans',
    ],
    ['shards of different numbers', () => [shard(1, 2), shard(2, 3)], 'other-plan', '(1 of 2)'],
    ['a run twice', () => [shard(1, 2), shard(1, 2)], 'run-twice', 'are the same run'],
    [
      'another harness',
      () => [shard(1, 2), shard(2, 2, { run: { harness: { version: '0.2.0', commit: null } } })],
      'other-harness',
      '0.2.0',
    ],
    [
      'whole runs of one system',
      () => [shard(1, 1, { run: { shard: null } }), shard(1, 1, { plan: 'q', run: { shard: null } })],
      'cell-twice',
      'a/b/1, chromium to firefox, is in runs/linux-1-p and in runs/linux-1-q',
    ],
  ] as const) {
    it(`refuses ${what}`, () => {
      let thrown: unknown;
      try {
        merge(...parts());
      } catch (error) {
        thrown = error;
      }
      expect(thrown).to.be.instanceOf(UsageError).with.property('code', code);
      expect(String(thrown)).to.contain(says);
    });
  }

  it('refuses a scenario of two versions', () => {
    const [one, two] = [shard(1, 2), shard(2, 2)];
    const scenarios = two.results.scenarios.map((each) => ({ ...each, version: 2 }));
    expect(() => merge(one, { ...two, results: { ...two.results, scenarios } })).to.throw(
      UsageError,
      'canary/agent/unknown-command has version 1 in runs/linux-1-p and 2 in runs/linux-2-p',
    );
  });
});

describe('a merged run on the disk', () => {
  let dir: string;
  let remove: () => Promise<void>;
  let whole: Results;
  before(async () => {
    ({ dir, remove } = await tempDir());
    whole = await writeExample(join(dir, 'whole'));
  });
  after(() => remove());

  /** The example as two shards, whose evidence is in the folder of the whole. */
  const halves = (): Part[] =>
    [1, 2].map((index) => ({
      dir: join(dir, 'whole'),
      results: {
        ...whole,
        run: { ...whole.run, id: `half-${String(index)}`, shard: { index, total: 2, plan: 'p' } },
        cells: whole.cells.filter(
          ({ scenario }, at) => scenario.startsWith('canary/') || at % 2 === index - 1,
        ),
      },
    }));

  it('has the cells, outcomes and evidence of one run', async () => {
    const merged = mergeParts(halves(), ['merge']);
    await writeMerged(merged, join(dir, 'merged'));
    const read = await readRun(join(dir, 'merged'));
    expect(read.cells).to.have.length(whole.cells.length);
    const { changes, unchanged } = compareRuns(whole, read);
    expect(changes).to.deep.equal([]);
    expect(unchanged).to.equal(whole.cells.length);
    const files = read.cells.flatMap(({ evidence }) => evidence);
    expect(files).to.have.length(whole.cells.flatMap(({ evidence }) => evidence).length);
    const reader = new EvidenceReader(join(dir, 'merged'));
    for (const file of files) expect((await reader.find(file)).state).to.equal('whole');
  });

  for (const [what, spoil] of [
    ['is gone', (path: string) => rm(path)],
    ['is of another form', (path: string) => writeFile(path, 'v=1\r\n')],
    [
      'was changed',
      async () => {
        const [offer] = whole.cells.flatMap(({ evidence }) => evidence);
        if (offer !== undefined) await changeEvidence(join(dir, 'whole'), offer, 'v=1\r\n');
      },
    ],
    [
      'is a link',
      async (path: string) => {
        await rm(path);
        await symlink('/etc/hostname', path);
      },
    ],
  ] as const) {
    it(`is not written where evidence ${what}`, async () => {
      const pack = join(dir, 'whole/evidence/pack-0001.js');
      const before = await readFile(pack);
      await spoil(pack);
      const out = join(dir, `not-${what.replaceAll(' ', '-')}`);
      const error: unknown = await writeMerged(mergeParts(halves(), []), out).catch(
        (thrown: unknown) => thrown,
      );
      expect(error)
        .to.be.instanceOf(UsageError)
        .with.property('code')
        .that.match(/^evidence-(?:missing|not-whole)$/);
      expect(await readdir(dir)).not.to.include(basename(out));
      await rm(pack, { force: true });
      await writeFile(pack, before);
    });
  }

  it('is not written over an earlier one', async () => {
    const out = join(dir, 'taken');
    await mkdir(out);
    await writeFile(join(out, 'results.json'), '{}');
    const error: unknown = await writeMerged(mergeParts(halves(), []), out).catch(
      (thrown: unknown) => thrown,
    );
    expect(error).to.be.instanceOf(UsageError).with.property('code', 'out-has-results');
    expect(await readFile(join(out, 'results.json'), 'utf8')).to.equal('{}');
  });
}).timeout(60_000);
