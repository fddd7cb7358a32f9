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
import { packLineOf, parsePackLine, sha256Of } from '../results/pack-line.ts';
import { openStoredRun, wholeOf } from '../results/read-run.ts';
import type { Cell, Evidence } from '../results/schema.ts';
import { openStore } from '../results/store.ts';
import { tempDir } from '../results/temp-dir.ts';
import { within } from '../within.ts';
import type { CellChunk, PackedEvidence, ReportIndex } from './data.ts';
import { exampleHeader, makeOld, readChunk } from './example.ts';
import { formatNames } from './formats.ts';
import { writeReports } from './index.ts';

/** Every report that is a file. */
const formats = formatNames.filter((name) => name !== 'github' && name !== 'files');

const secret = 'THE-SECRET-OF-ANOTHER-FOLDER';
const victim = 'untouched';
/** Stands for the cell that is harmed, among what is written. */
const harmedCell = 'the cell from chromium to firefox';
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
    lost: [harmedCell],
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
    says: /answerer-console\.jsonl is not read: it has 1099511627776 bytes/,
  },
  // what is written
  ...['index.html', 'report.js', 'report.css', 'summary.md', 'junit.xml'].flatMap((name): Case[] => [
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
  { name: 'data/ that is a link elsewhere', harm: replace('data', toOutside), says: /^$/ },
  { name: 'data/ that is a FIFO', harm: replace('data', fifo), says: /^$/ },
  { name: 'data/ that is a file', harm: replace('data', (to) => writeFile(to, '')), says: /^$/ },
  {
    name: 'a file below data/ that is a link elsewhere',
    harm: replace('data', async (to, { outside }) => {
      await mkdir(to);
      await symlink(join(outside, 'victim'), join(to, 'cells-0.js'));
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
    lost: [harmedCell],
  },
  {
    name: 'a cell with a status that there is none of',
    harm: (place) => edit(place, (cell) => (cell['status'] = 'green')),
    says: /cells\[1\] \(codecs\/video\/vp8, chromium to firefox\), .*status/,
    lost: [harmedCell],
  },
  {
    name: 'a cell whose names lead up the tree',
    harm: (place) => edit(place, (cell) => (cell['scenario'] = '../../../../outside/victim')),
    says: /^$/,
    lost: [harmedCell],
  },
  {
    name: 'a cell with a name too long for any file',
    harm: (place) => edit(place, (cell) => (cell['scenario'] = 'a/'.repeat(4000))),
    says: /^$/,
    lost: [harmedCell],
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
    lost: [harmedCell],
  },
  {
    name: 'a line that is deep JSON',
    harm: killed((lines) => lines.splice(1, 1, deep)),
    says: /line 2, is nested more than 100 deep/,
    lost: [harmedCell],
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
    lost: [harmedCell],
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
        ...(await store.writeEvidence(
          [
            { kind: 'console', peer: 'answerer', name: 'console.jsonl', content: '' },
            { kind: 'stats', peer: 'offerer', name: 'stats.json', content: '{"connections":[]}' },
            { kind: 'signaling-log', peer: null, name: 'signaling.jsonl', content: '{}\n' },
          ],
          pair,
        )),
      ],
    }),
  );
  const inventory = JSON.stringify({ table: 'Things', rows: [{ row: 'a', value: 'b' }] });
  await store.appendCell(
    cell({
      ...single,
      evidence: await store.writeEvidence(
        [{ kind: 'trace', peer: null, name: 'inventory.json', content: inventory }],
        pair,
      ),
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

/** The pairs for which the page has a cell of the failing scenario. */
async function pairsShown(run: string): Promise<string[]> {
  const { scenarios, pairs, cells } = await readChunk<ReportIndex>(run, 'index');
  const wanted = scenarios.findIndex(({ id }) => id === 'codecs/video/vp8');
  return cells.scenario.flatMap((scenario, at) => {
    const pair = pairs[cells.pair[at] ?? -1];
    return scenario === wanted && pair !== undefined ? [`${pair.offerer} ${String(pair.answerer)}`] : [];
  });
}

const exists = (path: string): Promise<boolean> =>
  lstat(path).then(
    (about) => about.isFile(),
    () => false,
  );

/** A folder for a run, and one beside it with what a run must not get at. */
async function places(): Promise<{ place: Place; remove: () => Promise<void> }> {
  const { dir, remove } = await tempDir();
  const place = { run: join(dir, 'run'), outside: join(dir, 'outside') };
  await mkdir(place.outside);
  await writeFile(join(place.outside, 'secret'), secret);
  return { place, remove };
}

describe('a hostile run folder', () => {
  let place: Place;
  let remove: () => Promise<void>;
  beforeEach(async function () {
    if (process.platform === 'win32') this.skip();
    ({ place, remove } = await places());
    await writeFile(join(place.outside, 'victim'), victim);
    await writeRun(place.run);
    await makeOld(place.run);
  });
  afterEach(() => remove());

  it('is no different from any other while nobody has touched it', async () => {
    const stored = await openStoredRun(place.run);
    expect(await writeReports(stored, place.run, formats)).to.deep.equal([]);
    expect((await wholeOf(stored)).cells).to.have.length(3);
  });

  for (const { name, harm, says, lost = [] } of cases) {
    it(`discloses nothing, hangs nobody and keeps the rest: ${name}`, async () => {
      await harm(place);
      const before = await contentsOf(place.outside);
      const said: string[] = [];
      const report = async (): Promise<void> => {
        const stored = await openStoredRun(place.run, (warning) => said.push(warning));
        said.push(...(await writeReports(stored, place.run, formats)));
        // Evidence as files reports what is wrong with each piece, and more often than these cases ask.
        await writeReports(stored, place.run, ['files']);
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
      for (const path of ['index.html', 'report.js', 'report.css', 'summary.md', 'junit.xml'])
        expect(await exists(join(place.run, path)), path).to.equal(!lost.includes(path));
      const shown = await pairsShown(place.run);
      expect(shown).to.include('chromium chromium');
      expect(shown.includes('chromium firefox')).to.equal(!lost.includes(harmedCell));
      expect((await stat(join(place.run, 'allure-results'))).isDirectory()).to.equal(true);
      expect((await readdir(join(place.run, 'allure-results'))).length).to.be.above(2);
    });
  }
});

const pair = { scenario: 'codecs/video/vp8', offerer: 'chromium', answerer: 'firefox' };

/** What a case does to the packs of a run, and what has to be said of it. */
interface PackCase {
  name: string;
  harm: (pack: string, lines: string[], place: Place) => unknown;
  says: RegExp;
  /** Where the page finds the statistics after that; by default in a pack that `report` made of the lines that are good. */
  place?: 'evidence/pack-0001' | 'missing' | 'refused' | 'changed';
}

const lineAt = (at: number, change: (line: string) => string) => (pack: string, lines: string[]) =>
  writeFile(pack, lines.map((line, index) => (index === at ? change(line) : line)).join('\n'));
const isNoLine = /pack-0001\.js, line 1, is left out: it is no line of a pack/;
const owned = "document.title='owned by a pack'";

/** The line with the statistics is the second; the first one is only there to be harmed. */
const packCases: readonly PackCase[] = [
  ...[
    ['code behind a call', (line: string) => `${line}${owned}`],
    ['code before a call', (line: string) => `${owned};${line}`],
    ['code instead of a call', () => owned],
    ['a comment', (line: string) => `// ${line}`],
    ['nothing', () => ''],
    ['spaces around', (line: string) => ` ${line} `],
    ['a carriage return', (line: string) => `${line}\r`],
    ['a line separator and code behind it', (line: string) => `${line}\u2028${owned}`],
    ['a byte order mark', (line: string) => `\uFEFF${line}`],
    ['NUL', (line: string) => `${line}\0`],
    ['another function', (line: string) => line.replace('evidence(', 'eval(')],
    ['another encoding', (line: string) => line.replace('deflate-raw', 'brotli')],
    ['a base that is no number', (line: string) => line.replace('deflate-raw', 'deflate-raw:x')],
    ['a base of no line', (line: string) => line.replace('deflate-raw', 'deflate-raw:')],
    ['a base that is written otherwise', (line: string) => line.replace('deflate-raw', 'deflate-raw:00')],
    ['a quotation mark in the base64', (line: string) => line.replace('");', `"+(${owned})+"");`)],
    ['an escape in the base64', (line: string) => line.replace('");', '\\u0041");')],
    ['a template in the base64', (line: string) => line.replace('");', '${1}");')],
    ['base64 with bits left over', (line: string) => line.replace(/"[^"]*"\);$/, '"QQ=Q");')],
    ['base64 for the web', (line: string) => line.replace(/"[^"]*"\);$/, '"-_-_");')],
    ['a quotation mark in the files', (line: string) => line.replace(/,"[0-9a-f]/, `,""+(${owned})+"0`)],
    ['a hash in capitals', (line: string) => line.replace(/"[0-9a-f]{64}/, (hash) => hash.toUpperCase())],
    ['a length below nothing', (line: string) => line.replace(/:\d+"/, ':-1"')],
    ['a length beyond memory', (line: string) => line.replace(/:\d+"/, ':999999999"')],
    ['no files', (line: string) => line.replace(/,"[^"]+",/, ',"",')],
    ['a fourth argument', (line: string) => line.replace('");', '","");')],
  ].map(([what, change]): PackCase => {
    if (typeof what !== 'string' || typeof change !== 'function') throw new Error('a name and a change');
    return { name: `a line with ${what}`, harm: lineAt(0, change), says: isNoLine };
  }),
  {
    name: 'half a line at its end',
    harm: (pack, lines) => writeFile(pack, `${lines.join('\n')}evidence("deflate-raw","`),
    says: /pack-0001\.js ends in half a line, so the run was killed as it wrote it/,
  },
  {
    name: 'a last line without its end',
    harm: (pack, lines) => writeFile(pack, lines.join('\n').trimEnd()),
    says: /ends in half a line/,
    place: 'missing',
  },
  {
    name: 'what inflates to more than it says',
    harm: async (pack, [first = '']) => {
      const sha256 = sha256Of(Buffer.from(statistics));
      const bomb = await packLineOf('deflate-raw', [
        { sha256, bytes: 9, content: Buffer.alloc(100_000_000) },
      ]);
      await writeFile(pack, `${first}\n${bomb}\n${owned}\n`);
    },
    says: /is not of the length that it says/,
    place: 'refused',
  },
  {
    name: 'other content than its hash says, beside a bad line',
    harm: async (pack, [first = '']) => {
      const sha256 = sha256Of(Buffer.from(statistics));
      const other = await packLineOf('identity', [{ sha256, bytes: 2, content: Buffer.from('[]') }]);
      await writeFile(pack, `${first}\n${other}\n${owned}\n`);
    },
    says: /line 3, is left out/,
    place: 'changed',
  },
  ...[
    ['itself', 1],
    ['a line that is not there', 9],
    ['a line that needs another itself', 0],
  ].map(([what, base]): PackCase => ({
    name: `a line compressed with ${what}, beside a bad line`,
    harm: async (pack, [first = '', second = '']) =>
      writeFile(
        pack,
        [
          first.replace('"deflate-raw"', '"deflate-raw:1"'),
          second.replace('"deflate-raw"', `"deflate-raw:${base}"`),
          owned,
          '',
        ].join('\n'),
      ),
    says: /is not of the length that it says/,
    place: 'refused',
  })),
  { name: 'nothing at all', harm: (pack) => writeFile(pack, ''), says: /^$/, place: 'missing' },
  { name: 'no file', harm: (pack) => rm(pack), says: /^$/, place: 'missing' },
  {
    name: 'a link to a file elsewhere',
    harm: async (pack, _, { outside }) => {
      await rename(pack, join(outside, 'pack'));
      await symlink(join(outside, 'pack'), pack);
    },
    says: isLink,
    place: 'missing',
  },
  {
    name: 'a link to an endless device',
    harm: async (pack) => {
      await rm(pack);
      await symlink('/dev/zero', pack);
    },
    says: isLink,
    place: 'missing',
  },
  {
    name: 'a FIFO',
    harm: async (pack) => {
      await rm(pack);
      fifo(pack);
    },
    says: noFile,
    place: 'missing',
  },
  {
    name: 'a folder',
    harm: async (pack) => {
      await rm(pack);
      await folder(pack);
    },
    says: /it is a folder/,
    place: 'missing',
  },
  {
    name: 'a terabyte of nothing',
    harm: (pack) => truncate(pack, 2 ** 40),
    says: /it has 1099511627776 bytes/,
    place: 'missing',
  },
  {
    name: 'a folder evidence/ that is a link elsewhere',
    harm: async (pack, _, { run, outside }) => {
      await rename(join(run, 'evidence'), join(outside, 'evidence'));
      await symlink(join(outside, 'evidence'), join(run, 'evidence'));
    },
    says: behind,
    place: 'missing',
  },
  ...[
    ['a file', (to: string) => writeFile(to, owned)],
    ['a FIFO', fifo],
    ['a link elsewhere', (to: string, { outside }: Place) => symlink(outside, to)],
    [
      'a folder with code in it',
      async (to: string) => {
        await mkdir(to);
        for (const name of ['index.js', 'pack-0001.js', 'more.js']) await writeFile(join(to, name), owned);
      },
    ],
  ].map(([what, make]): PackCase => {
    if (typeof what !== 'string' || typeof make !== 'function') throw new Error('a name and what makes it');
    return {
      name: `data/ that is ${what}`,
      harm: (_, __, place) => make(join(place.run, 'data'), place),
      says: /^$/,
      place: 'evidence/pack-0001',
    };
  }),
];

const statistics = '{"connections":[]}';

describe('a pack of a hostile folder', () => {
  let place: Place;
  let remove: () => Promise<void>;
  beforeEach(async function () {
    if (process.platform === 'win32') this.skip();
    ({ place, remove } = await places());
    await writePackedRun(place.run);
  });
  afterEach(() => remove());

  for (const { name, harm, says, place: expected } of packCases) {
    it(`is loaded by no page as it is: ${name}`, async () => {
      const pack = join(place.run, 'evidence', 'pack-0001.js');
      await harm(pack, (await readFile(pack, 'utf8')).split('\n'), place);
      const before = await contentsOf(place.outside);
      const said: string[] = [];
      const report = async (): Promise<void> => {
        const stored = await openStoredRun(place.run, (warning) => said.push(warning));
        said.push(...(await writeReports(stored, place.run, formats)));
        // Evidence as files reports what is wrong with each piece, and more often than these cases ask.
        await writeReports(stored, place.run, ['files']);
      };
      await within(8000, 'the report', report());
      expect(said.join('\n')).to.match(says);
      expect(await contentsOf(place.outside)).to.deep.equal(before);
      const written = await contentsOf(place.run);
      const found = await statisticsIn(place.run);
      expect(found.pack ?? found.problem).to.equal(expected ?? 'data/pack-0001');
      for (const [path, content] of written) {
        if (!path.startsWith('data/')) continue;
        // Nothing but our own calls, each with strings only.
        for (const line of content.trimEnd().split('\n'))
          expect(line, path).to.match(/^(?:webrtcInterop|evidence)\((?:"(?:[^"\\]|\\.)*",?){3}\);$/);
        expect(content).not.to.contain(owned);
      }
      if (found.pack !== null) {
        const lines = (written.get(`${found.pack}.js`) ?? '')
          .trimEnd()
          .split('\n')
          .map((line) => parsePackLine(Buffer.from(line)));
        expect(lines).not.to.include(null);
        const holds = lines.some((line) => line?.files.some(({ sha256 }) => sha256 === found.sha256));
        expect(holds, `${found.pack} holds the statistics`).to.equal(true);
      }
    });
  }
});

/** A run of one cell whose statistics are in the second line of its one pack. */
async function writePackedRun(dir: string): Promise<void> {
  const { run, browsers, scenarios } = exampleHeader();
  const store = await openStore(dir);
  await store.writeEvidence(
    [{ kind: 'console', peer: null, name: 'console.jsonl', content: 'harmless' }],
    pair,
  );
  await store.appendCell({
    scenario: 'codecs/video/vp8',
    offerer: 'chromium',
    answerer: 'firefox',
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
    evidence: await store.writeEvidence(
      [{ kind: 'stats', peer: 'offerer', name: 'stats.json', content: statistics }],
      pair,
    ),
    repro: 'npx webrtc-interop run',
  });
  await store.finish({ ...run, plannedCells: 1 }, browsers, scenarios);
}

/** Where the statistics are, according to the page's data. */
async function statisticsIn(dir: string): Promise<PackedEvidence> {
  const { cells } = await readChunk<CellChunk>(dir, 'cells/0');
  const [evidence] = cells[0]?.evidence ?? [];
  if (evidence === undefined) throw new Error('the cell has evidence');
  return evidence;
}
