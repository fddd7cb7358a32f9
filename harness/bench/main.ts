import CliTable from 'cli-table3';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { benchRelay } from '../../fixtures/signaling/relay.bench.ts';
import type { Cell } from '../results/schema.ts';
import { isUnexpected } from '../results/totals.ts';
import { isCanary } from '../matrix/plan.ts';
import { measuredCommand, measuredRun } from './harness.ts';
import { sizeOf } from './size-of.ts';
import { writeSyntheticRun } from './synthetic-run.ts';
import { contentsOf, writeSyntheticSite } from './synthetic-site.ts';
import { changedOutcomes } from './outcomes.ts';
import { pageSpeed } from './page-speed.ts';
import { coldCells, products, warmCells } from './plain.ts';

/** `npm run bench`: ratios measured in one run, on this machine, against what people would write by hand. */
const pairs = products.flatMap((offerer) => products.map((answerer) => [offerer, answerer] as const));
const echo = ['--browsers', products.join(), '--scenarios', 'data-channels/message/text-echo'];
const firstScenarios = [
  'data-channels/message/text-echo',
  'codecs/video/vp8',
  'codecs/audio/opus',
  'dom-capture/canvas/2d-captured-and-received',
  'adapter/negotiation/offerer-shimmed-answerer-native',
  'connection/trickle/on',
  'connection/trickle/off',
];

const median = (values: readonly number[]): number =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
const scratch = await mkdtemp(join(tmpdir(), 'webrtc-interop-bench-'));
const say = (text: string): void => void process.stdout.write(`${text}\n`);
const own = (cells: readonly Cell[]): Cell[] => cells.filter(({ scenario }) => !isCanary({ id: scenario }));

interface Row {
  what: string;
  measured: string;
  bar: string;
  holds: boolean;
}

let large: Promise<{ dir: string; tookMs: number; memory: number | null }> | undefined;

/** A run of 100,000 cells and its reports, written once. */
function largeReport(): Promise<{ dir: string; tookMs: number; memory: number | null }> {
  const written = async () => {
    say('the reports of 100,000 cells');
    const dir = join(scratch, 'large');
    await writeSyntheticRun(dir, 100_000);
    return { dir, ...(await measuredCommand(['report', dir, '--expectations', 'none'])) };
  };
  large ??= written();
  return large;
}

/** The page of a report, opened from disk. */
async function pageRows(dir: string): Promise<Row[]> {
  const rows: Row[] = [];
  for (const product of products) {
    say(`its page in ${product}`);
    const { paintMs, interactiveMs, filterMs } = await pageSpeed(product, dir);
    const row = (what: string, ms: number, mostMs: number): Row => ({
      what: `${product}, from disk: ${what}`,
      measured: `${ms.toFixed(0)} ms`,
      bar: `at most ${String(mostMs)} ms`,
      holds: ms <= mostMs,
    });
    rows.push(
      row('first paint', paintMs, 1000),
      row('interactive', interactiveMs, 2000),
      row('the slowest key of a filter, to its result', filterMs, 100),
    );
  }
  return rows;
}

/**
 * Parts that can be measured on their own: `npm run bench -- relay warm`. `WEBRTC_INTEROP_BEFORE=DIR npm run bench -- whole`
 * compares the whole run with that of another checkout.
 */
const parts: Record<string, () => Promise<Row[]>> = {
  async cold() {
    // Before and after, so that a change in the machine's speed affects both.
    say('the plain way, both browsers launched for each cell');
    const before = await coldCells(pairs, 2);
    say('webrtc-interop run, 25 times four pairs');
    const run = await measuredRun(join(scratch, 'jobs'), [...echo, '--repeat', '25']);
    say('the plain way again');
    const cold = [...before, ...(await coldCells(pairs, 2))];
    const coldPerMinute = (cold.length * 60_000) / sum(cold);
    const cells = own(run.results.cells);
    const perMinute = (cells.length * 60_000) / run.tookMs;
    const notPassed = cells.filter(({ status }) => status !== 'pass').length;
    const megabytes = (run.memory ?? Number.NaN) / 1e6;
    return [
      {
        what: 'cells a minute against the plain way, launches included',
        measured: `${perMinute.toFixed(0)} / ${coldPerMinute.toFixed(1)} = ${(perMinute / coldPerMinute).toFixed(1)}× (${String(notPassed)} not passed)`,
        bar: 'at least 15×',
        holds: perMinute / coldPerMinute >= 15 && notPassed === 0,
      },
      {
        what: "memory of the harness's own processes in that run",
        measured: `${megabytes.toFixed(0)} MB`,
        bar: 'at most 300 MB',
        holds: megabytes <= 300,
      },
    ];
  },

  async warm() {
    say('hand-written code on warm pages, and cells one at a time');
    const warm = median(await warmCells(pairs, 25));
    const alone = await measuredRun(join(scratch, 'alone'), [...echo, '--repeat', '25', '--jobs', '1']);
    const cell = median(own(alone.results.cells).map(({ durationMs }) => durationMs));
    return [
      {
        what: 'median cell against hand-written code on warm pages',
        measured: `${cell.toFixed(0)} ms / ${warm.toFixed(0)} ms = ${(cell / warm).toFixed(2)}×`,
        bar: 'at most 1.3×',
        holds: cell / warm <= 1.3,
      },
    ];
  },

  async relay() {
    say('1,000 messages through the signaling fixture');
    const { ours, bare } = await benchRelay();
    return [
      {
        what: '1,000 messages relayed against a bare ws relay',
        measured: `${ours.toFixed(0)} ms / ${bare.toFixed(0)} ms = ${(ours / bare).toFixed(2)}×`,
        bar: 'at most 1.5×',
        holds: ours / bare <= 1.5,
      },
    ];
  },

  async whole() {
    const before = process.env['WEBRTC_INTEROP_BEFORE'];
    say(`the whole default run, two cells at once, of ${before ?? 'this checkout'}`);
    const two = await measuredRun(join(scratch, 'two'), ['--jobs', '2'], before);
    say('the whole default run, as many cells at once as the machine bears');
    const auto = await measuredRun(join(scratch, 'auto'), []);
    const changed = changedOutcomes(two.results.cells, auto.results.cells);
    const seconds = (ms: number): string => (ms / 1000).toFixed(0);
    return [
      {
        what: 'the whole default run against --jobs 2',
        measured: `${seconds(auto.tookMs)} s / ${seconds(two.tookMs)} s = ${(auto.tookMs / two.tookMs).toFixed(2)}×`,
        bar: 'at most 0.6×',
        holds: auto.tookMs / two.tookMs <= 0.6,
      },
      {
        what: `outcomes of ${String(two.results.cells.length)} cells that differ between the two`,
        measured: changed.length === 0 ? 'none' : changed.join('\n'),
        bar: 'none',
        holds: changed.length === 0 && two.results.run.complete && auto.results.run.complete,
      },
    ];
  },

  async report() {
    const { dir, tookMs, memory } = await largeReport();
    const { files } = await sizeOf(dir);
    const megabytes = (memory ?? Number.NaN) / 1e6;
    return [
      {
        what: '100,000 cells with evidence: reports written',
        measured: `${(tookMs / 1000).toFixed(1)} s`,
        bar: 'at most 15 s',
        holds: tookMs <= 15_000,
      },
      {
        what: 'the same: memory',
        measured: `${megabytes.toFixed(0)} MB`,
        bar: 'at most 300 MB',
        holds: megabytes <= 300,
      },
      {
        what: 'the same: files',
        measured: String(files),
        bar: 'at most 1,500',
        holds: files <= 1500,
      },
    ];
  },

  async history() {
    say('a site of 200 runs of 3,600 cells, and one more');
    const site = join(scratch, 'site');
    const one = join(scratch, 'one-more');
    await writeSyntheticSite(site, { runs: 200, cells: 3600 });
    const before = await sizeOf(site);
    const old = await contentsOf(join(site, 'data'));
    await writeSyntheticRun(one, 3600);
    const { tookMs, memory } = await measuredCommand([
      'history',
      one,
      '--out',
      site,
      '--expectations',
      'none',
    ]);
    const now = await contentsOf(join(site, 'data'));
    const rewritten = [...old].filter(
      ([name, content]) => name !== 'history.js' && now.get(name) !== content,
    );
    const runBytes = [...now].filter(([name]) => name.startsWith('runs-')).map(([, { length }]) => length);
    const index = now.get('history.js') ?? '';
    return [
      {
        what: 'a run added to a site of 200 runs of 3,600 cells',
        measured: `${(tookMs / 1000).toFixed(1)} s, ${((memory ?? Number.NaN) / 1e6).toFixed(0)} MB of memory`,
        bar: 'at most 10 s',
        holds: tookMs <= 10_000,
      },
      {
        what: 'the same: files of other runs that were rewritten',
        measured: String(rewritten.length),
        bar: 'none',
        holds: rewritten.length === 0,
      },
      {
        what: 'the same: data of a run, the median',
        measured: `${(median(runBytes) / 1000).toFixed(1)} kB; the index ${(index.length / 1000).toFixed(0)} kB, compressed ${(gzipSync(index).length / 1000).toFixed(0)} kB`,
        bar: 'at most 10 kB',
        holds: median(runBytes) <= 10_000,
      },
      {
        what: 'the whole site of 200 runs',
        measured: `${(before.bytes / 1e6).toFixed(2)} MB in ${String(before.files)} files`,
        bar: 'at most 5 MB',
        holds: before.bytes <= 5e6,
      },
    ];
  },

  async page() {
    return pageRows(process.env['WEBRTC_INTEROP_RUN'] ?? (await largeReport()).dir);
  },

  async folder() {
    const dir = process.env['WEBRTC_INTEROP_RUN'];
    if (dir === undefined) {
      say('the folder of a run is measured where WEBRTC_INTEROP_RUN names it');
      return [];
    }
    const { files, bytes } = await sizeOf(dir, ['allure-results', 'files']);
    const seen = ['index.html', 'report.css', 'report.js', 'data/index.js'];
    const bytesSeen = await Promise.all(
      seen.map(async (name) => gzipSync(await readFile(join(dir, name))).length),
    );
    return [
      {
        what: `the folder of ${dir}, without Allure`,
        measured: `${(bytes / 1e6).toFixed(1)} MB in ${String(files)} files`,
        bar: 'at most 25 MB, 600 files',
        holds: bytes <= 25e6 && files <= 600,
      },
      {
        what: 'what is loaded until verdict and matrix are seen and answer, compressed',
        measured: `${(sum(bytesSeen) / 1000).toFixed(0)} kB; ${(sum(bytesSeen.slice(0, 2)) / 1000).toFixed(0)} kB until they are seen`,
        bar: 'at most 150 kB',
        holds: sum(bytesSeen) <= 150_000,
      },
    ];
  },

  async flakes() {
    say('the first scenarios over four pairs, 20 times');
    const { results } = await measuredRun(join(scratch, 'flakes'), [
      '--browsers',
      products.join(),
      '--scenarios',
      firstScenarios.join(','),
      '--repeat',
      '20',
    ]);
    const red = results.cells.filter((cell) => isUnexpected(cell));
    return [
      {
        what: `flakes in ${String(results.cells.length)} cells`,
        measured:
          red.length === 0
            ? 'none'
            : red
                .map(({ scenario, offerer, answerer, status }) =>
                  [scenario, offerer, answerer, status].join(' '),
                )
                .join('\n'),
        bar: 'none',
        holds: red.length === 0 && results.run.complete,
      },
    ];
  },
};

const asked = process.argv.slice(2);
const unknown = asked.filter((name) => !(name in parts));
if (unknown.length > 0) {
  say(`There is no ${unknown.join(', ')} to measure. There are ${Object.keys(parts).join(', ')}.`);
  process.exit(2);
}
const rows: Row[] = [];
try {
  for (const [name, measure] of Object.entries(parts)) {
    if (asked.length === 0 || asked.includes(name)) rows.push(...(await measure()));
  }
} finally {
  await rm(scratch, { recursive: true, force: true });
  const table = new CliTable({ head: ['what', 'measured', 'bar', 'holds'] });
  for (const { what, measured, bar, holds } of rows) table.push([what, measured, bar, holds ? 'yes' : 'NO']);
  say(table.toString());
}
process.exitCode = rows.every(({ holds }) => holds) ? 0 : 1;
