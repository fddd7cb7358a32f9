import { execFileSync } from 'node:child_process';
import {
  link,
  lstat,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  truncate,
  writeFile,
} from 'node:fs/promises';
import { join } from 'node:path';
import { expect } from 'chai';
import { messageOf, UsageError } from '../errors.ts';
import { readRun } from '../results/read-run.ts';
import type { Cell, Evidence } from '../results/schema.ts';
import { openStore } from '../results/store.ts';
import { tempDir } from '../results/temp-dir.ts';
import { within } from '../within.ts';
import { exampleHeader } from './example.ts';
import { formatNames } from './formats.ts';
import { writeReports } from './index.ts';

/** Every report that is a file. */
const formats = formatNames.filter((name) => name !== 'github');

const secret = 'THE-SECRET-OF-ANOTHER-FOLDER';
const victim = 'untouched';
const healthy = 'cells/codecs/video/vp8/chromium--chromium.html';
const harmedPage = 'cells/codecs/video/vp8/chromium--firefox.html';
const evidence = 'evidence/codecs/video/vp8/chromium--firefox';
const files = {
  console: `${evidence}/answerer-console.jsonl`,
  stats: `${evidence}/offerer-stats.json`,
  log: `${evidence}/signaling.jsonl`,
  inventory: 'evidence/codecs/video/vp8/chromium/inventory.json',
};

/** Two folders: that of a run, which somebody has prepared, and one beside it that is none of the run's business. */
interface Place {
  run: string;
  outside: string;
}

interface Case {
  name: string;
  harm: (place: Place) => Promise<unknown>;
  /** What names the damage. */
  says: RegExp;
  /** What is not written; by default everything is. `all`: it is no run. */
  lost?: 'all' | readonly string[];
}

type Json = Record<string, unknown>;
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** Edits the failing cell in `results.json`, whatever becomes of it. */
async function edit({ run }: Place, change: (cell: Json, whole: Json) => void): Promise<void> {
  const path = join(run, 'results.json');
  const whole: unknown = JSON.parse(await readFile(path, 'utf8'));
  if (!isJson(whole) || !Array.isArray(whole['cells'])) throw new Error('no results');
  const cell: unknown = whole['cells'][1];
  if (!isJson(cell)) throw new Error('no cell');
  change(cell, whole);
  await writeFile(path, JSON.stringify(whole));
}

const evidenceAt = (path: string): Evidence => ({
  kind: 'console',
  peer: null,
  path,
  sha256: '0'.repeat(64),
  bytes: 5,
});
const pointAt = (path: string) => (place: Place) =>
  edit(place, (cell) => {
    cell['evidence'] = [evidenceAt(path)];
    cell['attempts'] = [];
  });

const replace =
  (path: string, make: (to: string, place: Place) => unknown) =>
  async (place: Place): Promise<void> => {
    const to = join(place.run, path);
    await rm(to, { recursive: true, force: true });
    await make(to, place);
  };
const fifo = (to: string): unknown => execFileSync('mkfifo', [to]);
const folder = (to: string): unknown => mkdir(join(to, 'in-the-way'), { recursive: true });
const toSecret = (to: string, { outside }: Place): unknown => symlink(join(outside, 'secret'), to);
const toVictim = (to: string, { outside }: Place): unknown => symlink(join(outside, 'victim'), to);
const toOutside = (to: string, { outside }: Place): unknown => symlink(outside, to);
const deep = '['.repeat(200_000) + ']'.repeat(200_000);

/** Makes it the run of a process that was killed: its cells are in `results.jsonl` alone. */
const killed =
  (change: (lines: string[], place: Place) => unknown) =>
  async (place: Place): Promise<void> => {
    await rm(join(place.run, 'results.json'));
    const path = join(place.run, 'results.jsonl');
    const lines = (await readFile(path, 'utf8')).split('\n');
    await change(lines, place);
    await writeFile(path, lines.join('\n'));
  };

const left = /is left out, and the run counts as incomplete/;
const isLink = /is not read: it is a link/;
const behind = /is not read: it lies behind a link/;
const noFile = /is not read: it is no regular file/;

const cases: readonly Case[] = [
  // paths of evidence
  ...[
    ['with a line break before ..', 'evidence/a\n/../../../outside/secret'],
    ['with .. first', '../outside/secret'],
    ['with .. in the middle', 'evidence/../../outside/secret'],
    ['with .. at the end', 'evidence/codecs/..'],
    ['with a carriage return', 'evidence/\r/../../../outside/secret'],
    ['with a line separator of C1', 'evidence/\u0085/../../outside/secret'],
    ['with NUL', 'evidence/a\0b'],
    ['with a backslash', 'evidence\\..\\..\\outside\\secret'],
    ['that is absolute', '/etc/passwd'],
    ['with an empty step', 'evidence//etc/passwd'],
    ['with an escape sequence', 'evidence/\u001B]0;owned\u0007'],
    ['outside evidence/', 'results.json'],
  ].map(([what, path = '']): Case => ({
    name: `a path of evidence ${what}`,
    harm: pointAt(path),
    says: left,
    lost: [harmedPage],
  })),
  {
    name: 'a path of evidence that is too long',
    harm: pointAt(`evidence/${'a'.repeat(5000)}`),
    says: /not read/,
  },
  { name: 'evidence below a file', harm: pointAt(`${files.console}/x`), says: /^$/ },
  // evidence
  { name: 'evidence that is a link to a file', harm: replace(files.console, toSecret), says: isLink },
  { name: 'statistics that are a link to a file', harm: replace(files.stats, toSecret), says: isLink },
  { name: 'a signaling log that is a link', harm: replace(files.log, toSecret), says: isLink },
  {
    name: 'an inventory that is a link',
    harm: replace(files.inventory, toSecret),
    says: isLink,
  },
  {
    name: 'evidence that is a link to an endless device',
    harm: replace(files.console, (to) => symlink('/dev/zero', to)),
    says: isLink,
  },
  {
    name: 'evidence that is a link to itself',
    harm: replace(files.console, (to) => symlink(to, to)),
    says: isLink,
  },
  { name: 'a folder of evidence that is a link', harm: replace(evidence, toOutside), says: behind },
  {
    name: 'a folder of evidence that is a link to one with such files',
    harm: replace(evidence, async (to, { outside }) => {
      await writeFile(join(outside, 'answerer-console.jsonl'), secret);
      await symlink(outside, to);
    }),
    says: behind,
  },
  {
    name: 'an evidence/ that is a link elsewhere',
    harm: async ({ run, outside }) => {
      await rename(join(run, 'evidence'), join(outside, 'evidence'));
      await symlink(join(outside, 'evidence'), join(run, 'evidence'));
    },
    says: behind,
  },
  { name: 'evidence that is a FIFO', harm: replace(files.console, fifo), says: noFile },
  { name: 'an inventory that is a FIFO', harm: replace(files.inventory, fifo), says: noFile },
  { name: 'evidence that is a folder', harm: replace(files.console, folder), says: /it is a folder/ },
  {
    name: 'evidence that is deep JSON',
    harm: replace(files.stats, (to) =>
      writeFile(to, `{"connections":[{"stats":[{"type":"x","v":${deep}}]}]}`),
    ),
    says: /is not as the run wrote it/,
  },
  {
    name: 'an inventory that is deep JSON',
    harm: replace(files.inventory, (to) => writeFile(to, `{"table":"x","rows":${deep}}`)),
    says: /^$/,
  },
  {
    name: 'evidence of a size that cannot be read',
    harm: replace(files.console, async (to) => {
      await writeFile(to, '');
      await truncate(to, 2 ** 40);
    }),
    says: /is not as the run wrote it/,
  },
  // what is written
  ...['index.html', 'report.css', 'summary.md', 'junit.xml'].flatMap((name): Case[] => [
    { name: `${name} that is a link to a file elsewhere`, harm: replace(name, toVictim), says: /^$/ },
    {
      name: `${name} that is another name of a file elsewhere`,
      harm: replace(name, (to, { outside }) => link(join(outside, 'victim'), to)),
      says: /^$/,
    },
    { name: `${name} that is a FIFO`, harm: replace(name, fifo), says: /^$/ },
    {
      name: `${name} that is a folder`,
      harm: replace(name, folder),
      says: /is not written: Cannot write/,
      lost: [name],
    },
  ]),
  { name: 'cells/ that is a link elsewhere', harm: replace('cells', toOutside), says: /^$/ },
  { name: 'cells/ that is a FIFO', harm: replace('cells', fifo), says: /^$/ },
  { name: 'cells/ that is a file', harm: replace('cells', (to) => writeFile(to, '')), says: /^$/ },
  {
    name: 'a page below cells/ that is a link elsewhere',
    harm: replace('cells', async (to, { outside }) => {
      await mkdir(join(to, 'codecs/video/vp8'), { recursive: true });
      await symlink(join(outside, 'victim'), join(to, 'codecs/video/vp8/chromium--chromium.html'));
    }),
    says: /^$/,
  },
  {
    name: 'allure-results/ that is a link elsewhere',
    harm: replace('allure-results', toOutside),
    says: /^$/,
  },
  { name: 'allure-results/ that is a FIFO', harm: replace('allure-results', fifo), says: /^$/ },
  // results.json
  { name: 'results.json that is a link', harm: replace('results.json', toSecret), says: isLink, lost: 'all' },
  { name: 'results.json that is a FIFO', harm: replace('results.json', fifo), says: noFile, lost: 'all' },
  {
    name: 'results.json that is a folder',
    harm: replace('results.json', folder),
    says: /a folder/,
    lost: 'all',
  },
  {
    name: 'results.json without an end',
    harm: replace('results.json', async (to) => {
      await writeFile(to, '');
      await truncate(to, 2 ** 40);
    }),
    says: /bytes, and \d+ are the most/,
    lost: 'all',
  },
  {
    name: 'results.json that is deep JSON',
    harm: replace('results.json', (to) => writeFile(to, deep)),
    says: /nested more than 100 deep/,
    lost: 'all',
  },
  {
    name: 'results.json of another version',
    harm: (place) => edit(place, (_, whole) => (whole['schemaVersion'] = '9.0.0')),
    says: /schemaVersion/,
    lost: 'all',
  },
  {
    name: 'results.json whose cells are no list',
    harm: (place) => edit(place, (_, whole) => (whole['cells'] = { length: 1e9 })),
    says: /cells/,
    lost: 'all',
  },
  {
    name: 'a cell that is no cell',
    harm: (place) => edit(place, (cell) => (cell['scenario'] = { toString: 1 })),
    says: left,
    lost: [harmedPage],
  },
  {
    name: 'a cell with a status that there is none of',
    harm: (place) => edit(place, (cell) => (cell['status'] = 'green')),
    says: /cells\[1\] \(codecs\/video\/vp8, chromium to firefox\), .*status/,
    lost: [harmedPage],
  },
  {
    name: 'a cell whose names lead up the tree',
    harm: (place) => edit(place, (cell) => (cell['scenario'] = '../../../../outside/victim')),
    says: /^$/,
    lost: [harmedPage],
  },
  {
    name: 'a cell with a name too long for any file',
    harm: (place) => edit(place, (cell) => (cell['scenario'] = 'a/'.repeat(4000))),
    says: /^The page cells\/a\/a.* is not written: ENAMETOOLONG/m,
    lost: [harmedPage],
  },
  {
    name: 'a cell with a prototype for a measurement',
    harm: async (place) => {
      const path = join(place.run, 'results.json');
      const text = await readFile(path, 'utf8');
      await writeFile(
        path,
        text.replace('"measurements": {}', '"measurements": {"__proto__": {"value": 1, "unit": "ms"}}'),
      );
    },
    says: /^$/,
  },
  {
    name: 'a command of a million fences',
    harm: (place) => edit(place, (cell) => (cell['repro'] = '` '.repeat(1_000_000))),
    says: /^$/,
  },
  // run.json and results.jsonl of a run that was killed
  {
    name: 'a bad line in the middle',
    harm: killed((lines) => lines.splice(1, 1, '{"scenario"')),
    says: /results\.jsonl, line 2, is not JSON/,
    lost: [harmedPage],
  },
  {
    name: 'a line that is deep JSON',
    harm: killed((lines) => lines.splice(1, 1, deep)),
    says: /line 2, is nested more than 100 deep/,
    lost: [harmedPage],
  },
  {
    name: 'an empty line in the middle',
    harm: killed((lines) => lines.splice(1, 0, '')),
    says: /line 2/,
  },
  {
    name: 'a line with a path that leads out',
    harm: killed((lines) => {
      lines[1] = (lines[1] ?? '').replaceAll(evidence, 'evidence/..');
    }),
    says: left,
    lost: [harmedPage],
  },
  {
    name: 'half a line at the end',
    harm: killed((lines) => lines.splice(-1, 1, '{"scen')),
    says: /ends in half a line/,
  },
  {
    name: 'results.jsonl that is a link',
    harm: async (place) => {
      await rm(join(place.run, 'results.json'));
      await replace('results.jsonl', toSecret)(place);
    },
    says: isLink,
    lost: 'all',
  },
  {
    name: 'run.json that is a link',
    harm: async (place) => {
      await rm(join(place.run, 'results.json'));
      await replace('run.json', toSecret)(place);
    },
    says: isLink,
    lost: 'all',
  },
  {
    name: 'run.json that is a FIFO',
    harm: async (place) => {
      await rm(join(place.run, 'results.json'));
      await replace('run.json', fifo)(place);
    },
    says: noFile,
    lost: 'all',
  },
];

/** A run of three cells, the second of which is harmed and the first of which has to be shown all the same. */
async function writeRun(dir: string): Promise<void> {
  const { run, browsers, scenarios } = exampleHeader();
  const store = await openStore(dir);
  const key = { scenario: 'codecs/video/vp8', offerer: 'chromium', answerer: 'firefox' };
  const single = { ...key, answerer: null };
  await store.writeHeader({ ...run, plannedCells: 3 }, browsers, scenarios);
  const cell = (more: Partial<Cell>): Cell => ({
    ...key,
    status: 'pass',
    phase: null,
    reason: null,
    signature: null,
    startedAt: '2026-11-25T10:00:00.000Z',
    durationMs: 1,
    flaky: false,
    attempts: [],
    checks: [{ name: 'frames', ok: true, expected: 1, actual: 1 }],
    measurements: {},
    evidence: [],
    repro: 'npx webrtc-interop run',
    ...more,
  });
  await store.appendCell(cell({ answerer: 'chromium' }));
  await store.appendCell(
    cell({
      status: 'fail',
      phase: 'assert',
      reason: { code: 'assertion', message: 'black', peer: null },
      signature: 'fail@assert assertion: black',
      evidence: [
        await store.writeEvidence(key, 'console', 'answerer', 'console.jsonl', ''),
        await store.writeEvidence(key, 'stats', 'offerer', 'stats.json', '{"connections":[]}'),
        await store.writeEvidence(key, 'signaling-log', null, 'signaling.jsonl', ''),
      ],
    }),
  );
  const inventory = JSON.stringify({ table: 'Things', rows: [{ row: 'a', value: 'b' }] });
  await store.appendCell(
    cell({
      ...single,
      evidence: [await store.writeEvidence(single, 'trace', null, 'inventory.json', inventory)],
    }),
  );
  await store.finish({ ...run, plannedCells: 3 }, browsers, scenarios);
}

/** Every regular file below a folder, with its content; links are not followed. */
async function contentsOf(dir: string): Promise<Map<string, string>> {
  const found = new Map<string, string>();
  for (const name of (await readdir(dir)).toSorted()) {
    const path = join(dir, name);
    const about = await lstat(path);
    if (about.isDirectory()) {
      for (const [below, content] of await contentsOf(path)) found.set(`${name}/${below}`, content);
    }
    if (about.isFile() && about.size < 10_000_000) found.set(name, await readFile(path, 'utf8'));
  }
  return found;
}

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    (about) => about.isFile(),
    () => false,
  );

describe('a hostile run folder', () => {
  let place: Place;
  let remove: () => Promise<void>;
  beforeEach(async function () {
    if (process.platform === 'win32') this.skip();
    const temp = await tempDir();
    ({ remove } = temp);
    place = { run: join(temp.dir, 'run'), outside: join(temp.dir, 'outside') };
    await mkdir(place.outside);
    await writeFile(join(place.outside, 'secret'), secret);
    await writeFile(join(place.outside, 'victim'), victim);
    await writeRun(place.run);
  });
  afterEach(() => remove());

  it('is no different from any other while nobody has touched it', async () => {
    const results = await readRun(place.run);
    expect(await writeReports(results, place.run, formats)).to.deep.equal([]);
    expect(results.cells).to.have.length(3);
  });

  for (const { name, harm, says, lost = [] } of cases) {
    it(`discloses nothing, hangs nobody and keeps the rest: ${name}`, async () => {
      await harm(place);
      const before = await contentsOf(place.outside);
      const said: string[] = [];
      const report = async (): Promise<void> => {
        const results = await readRun(place.run, (warning) => said.push(warning));
        said.push(...(await writeReports(results, place.run, formats)));
      };
      const refusal = await within(8000, 'the report', report()).then(
        () => null,
        (error: unknown) => error,
      );
      if (lost === 'all') expect(refusal).to.be.instanceOf(UsageError);
      else expect(refusal && messageOf(refusal)).to.equal(null);
      const all = [...said, ...(refusal === null ? [] : [messageOf(refusal)])].join('\n');
      expect(all).to.match(says);
      expect(all).not.to.contain(secret);
      expect(await contentsOf(place.outside)).to.deep.equal(before);
      for (const [path, content] of await contentsOf(place.run)) expect(content, path).not.to.contain(secret);
      if (lost === 'all') return;
      for (const path of ['index.html', 'report.css', 'summary.md', 'junit.xml', healthy, harmedPage])
        expect(await exists(join(place.run, path)), path).to.equal(!lost.includes(path));
      expect((await stat(join(place.run, 'allure-results'))).isDirectory()).to.equal(true);
      expect((await readdir(join(place.run, 'allure-results'))).length).to.be.above(2);
    });
  }
});
