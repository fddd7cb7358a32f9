import { expect } from 'chai';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { declaredFaults, type Fault } from '../../specs/fault.ts';
import { parseBrowserSpec } from '../config/browser-spec.ts';
import { readSideScripts } from '../config/scripts.ts';
import { loadScenarios } from '../matrix/load.ts';
import { isCanary, type PlannedCell } from '../matrix/plan.ts';
import { packageRoot } from './environment.ts';
import { openRun } from './run.ts';

const specs = join(packageRoot, 'specs');
for (const name of (await readdir(specs, { recursive: true })).toSorted()) {
  if (name.endsWith('.faults.ts')) await import(pathToFileURL(join(specs, name)).href);
}
const scenarios = await loadScenarios(packageRoot);
const faults = declaredFaults();

const cellOf = ({ scenario, on, pair = ['chromium', 'chromium'] }: Fault): PlannedCell => ({
  scenario,
  offerer: pair[0],
  answerer: on === 'single' ? null : pair[1],
});

describe('a scenario that is broken on purpose', () => {
  let opened: Awaited<ReturnType<typeof openRun>>;
  let out: string;

  before(async function () {
    this.timeout(90_000);
    out = await mkdtemp(join(tmpdir(), 'webrtc-interop-faults-'));
    const cells = faults.map(cellOf);
    const kinds = [...new Set(cells.flatMap(({ offerer, answerer }) => [offerer, answerer ?? offerer]))];
    const { scripts, adapter } = await readSideScripts([], 'none');
    opened = await openRun({
      browsers: kinds.map(parseBrowserSpec),
      scenarios,
      cells,
      shard: null,
      out,
      latest: null,
      jobs: 2,
      retries: 0,
      repeat: 1,
      timeoutMs: 10_000,
      headed: false,
      scripts,
      adapter,
      argv: [],
      repro: () => 'npm test',
      signal: new AbortController().signal,
    });
  });

  after(async () => {
    await opened.close();
    await rm(out, { recursive: true, force: true });
  });

  for (const broken of faults) {
    const { scenario, name, on, page, expect: due, timeoutMs = 5000 } = broken;
    it(`${scenario} turns red when ${name}`, async function () {
      this.timeout(60_000);
      // `__name` is what tsx leaves in functions
      const script = { name, source: `{ const __name = (target) => target; (${page.toString()})(); }` };
      const side = on === 'answerer' ? 'answerer' : 'offerer';
      const cell = await opened.session.runCell(cellOf(broken), { scripts: { [side]: [script] }, timeoutMs });
      const { status, phase, reason } = cell;
      expect(`${status}@${String(phase)}: ${reason?.message ?? ''}`).to.match(
        new RegExp(`^${due.status}@${due.phase}: (?=[^]*${due.reason.source})`, due.reason.flags),
      );
    });
  }

  it('is written down for every scenario', () => {
    const broken = new Set(faults.map(({ scenario }) => scenario));
    const without = scenarios
      .map(({ result }) => result)
      .filter((result) => !isCanary(result) && !broken.has(result.id));
    expect(without.map(({ id }) => id)).to.deep.equal([]);
  });
});
