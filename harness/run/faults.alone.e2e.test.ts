import { expect } from 'chai';
import { Test } from 'mocha';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import PQueue from 'p-queue';
import { declaredFaults, type DeclaredFault } from '../../specs/fault.ts';
import { parseBrowserSpec } from '../config/browser-spec.ts';
import { readSideScripts } from '../config/scripts.ts';
import { loadScenarios } from '../matrix/load.ts';
import { isCanary, type PlannedCell } from '../matrix/plan.ts';
import { faultScript } from '../mutants/fault-script.ts';
import type { Cell } from '../results/schema.ts';
import { packageRoot } from './environment.ts';
import { openRun, type OpenedRun } from './run.ts';
import { isInDoubt } from './second-look.ts';

const specs = join(packageRoot, 'specs');
/** Files of faults, as paths in the package: those that `npm test -- --changed` asks for; default all. */
const chosen = process.env['WEBRTC_INTEROP_FAULTS']?.split(',');
for (const name of (await readdir(specs, { recursive: true })).toSorted()) {
  if (name.endsWith('.faults.ts') && chosen?.includes(join('specs', name)) !== false)
    await import(pathToFileURL(join(specs, name)).href);
}
const scenarios = await loadScenarios(packageRoot);
/** The faults of drafts are run too where they are asked for: `WEBRTC_INTEROP_DRAFTS=1`. */
const proven = new Set(scenarios.filter(({ draft }) => !draft).map(({ result }) => result.id));
const faults = declaredFaults().filter(
  ({ scenario }) => process.env['WEBRTC_INTEROP_DRAFTS'] !== undefined || proven.has(scenario),
);

/** What a machine may be without: what needs it cannot be broken there. */
const notHere = /^unsupported@launch: .* has no candidate:ipv6\b/;

const sideBySide = 6;
/** How many faults are begun ahead of the one that is asked for, so that a slow one keeps none waiting. */
const ahead = 32;

const cellOf = ({ scenario, on, pair = ['chromium', 'chromium'] }: DeclaredFault): PlannedCell => ({
  scenario,
  offerer: pair[0],
  answerer: on === 'single' ? null : pair[1],
});

const toldOf = ({ status, phase, reason }: Cell): string =>
  `${status}@${String(phase)}: ${reason?.message ?? ''}`;

describe('a scenario that is broken on purpose', () => {
  let opened: OpenedRun;
  let out: string;
  const started = new Map<DeclaredFault, Promise<Cell>>();

  const places = new PQueue({ concurrency: sideBySide });

  /** The outcome of a fault beside others: most of their time is spent waiting for something that never comes. */
  function judged(at: number): Promise<Cell> {
    for (const broken of faults.slice(at, at + ahead)) {
      if (!started.has(broken))
        started.set(
          broken,
          places.add(() => judge(broken)),
        );
    }
    const [wanted] = faults.slice(at, at + 1);
    const cell = wanted && started.get(wanted);
    if (!cell) throw new Error(`there is no fault ${String(at)}`);
    return cell;
  }

  /** Its outcome when no other fault is at work; likewise, a run judges a cell again if the machine was busy. */
  async function judgedAlone(broken: DeclaredFault, scenario?: string): Promise<Cell> {
    const cell = await judge(broken, scenario);
    if (!isInDoubt(cell)) return cell;
    console.log(`      the machine may be too slow: ${toldOf(cell)}`);
    return await judge(broken, scenario);
  }

  /** Adds a test of what came out in another way beside others: it runs when all others have ended. */
  function again(title: string, outcome: string, look: () => Promise<void>): void {
    console.log(`      is looked at again, alone: ${outcome}`);
    const test = new Test(title, look);
    alone.addTest(test);
    test.timeout(120_000);
  }

  /**
   * A fault that shows as something that never comes takes all of its time. A light cell that is not broken takes Chromium
   * with itself 0.1 to 0.5 s.
   */
  const timeOf = (broken: DeclaredFault): number => {
    const { pair, expect: due } = broken;
    const isShort = due.status === 'timeout' && pair === undefined;
    return isShort && opened.session.loadOf(cellOf(broken)) === 'light' ? 3000 : 5000;
  };

  async function judge(broken: DeclaredFault, scenario = broken.scenario): Promise<Cell> {
    const { on, timeoutMs = timeOf(broken) } = broken;
    const script = await faultScript(broken);
    const scripts = {
      ...(on === 'answerer' ? {} : { offerer: [script] }),
      ...(on === 'answerer' || on === 'both' ? { answerer: [script] } : {}),
    };
    return opened.session.runCell({ ...cellOf(broken), scenario }, { scripts, timeoutMs });
  }

  before(async function () {
    this.timeout(90_000);
    out = await mkdtemp(join(tmpdir(), 'webrtc-interop-faults-'));
    const cells = faults.flatMap((broken) => [
      cellOf(broken),
      ...(broken.spares ?? []).map((scenario) => ({ ...cellOf(broken), scenario })),
    ]);
    const kinds = [...new Set(cells.flatMap(({ offerer, answerer }) => [offerer, answerer ?? offerer]))];
    const { scripts, adapter } = await readSideScripts([], 'none');
    opened = await openRun({
      browsers: kinds.map(parseBrowserSpec),
      scenarios,
      cells,
      shard: null,
      out,
      latest: null,
      jobs: sideBySide,
      retries: 0,
      timeoutMs: 10_000,
      headed: false,
      screenshots: false,
      scripts,
      adapter,
      argv: [],
      repro: () => 'npm test',
      signal: new AbortController().signal,
    });
  });

  after(async function () {
    this.timeout(60_000);
    await opened.close();
    await rm(out, { recursive: true, force: true });
  });

  describe('beside others', () => {
    for (const [at, broken] of faults.entries()) {
      const { scenario, name, expect: due, spares = [] } = broken;
      const title = `${scenario} turns red when ${name}`;
      it(title, async function () {
        const right = new RegExp(
          `^${due.status}@${due.phase}: (?=[^]*${due.reason.source})`,
          due.reason.flags,
        );
        const outcome = toldOf(await judged(at));
        if (right.test(outcome)) return;
        if (notHere.test(outcome)) this.skip();
        // A red of another kind may come from the machine, a green never does.
        expect(outcome).not.to.match(/^pass/);
        again(title, outcome, async () => {
          expect(toldOf(await judgedAlone(broken))).to.match(right);
        });
      }).timeout(60_000);
      for (const spared of spares) {
        const title = `${spared} stays green when ${name}`;
        it(title, async () => {
          const cell = await places.add(() => judge(broken, spared), { priority: 1 });
          if (!isInDoubt(cell)) return expect(toldOf(cell)).to.match(/^pass/);
          again(title, toldOf(cell), async () => {
            expect(toldOf(await judgedAlone(broken, spared))).to.match(/^pass/);
          });
        }).timeout(60_000);
      }
    }
  });

  const alone = describe('alone, since it came out in another way beside others', () => {});

  it('is written down for every scenario', function () {
    if (chosen) this.skip();
    const broken = new Set(declaredFaults().map(({ scenario }) => scenario));
    const without = scenarios
      // a draft is one because its faults were not seen yet
      .filter(({ draft }) => !draft)
      .map(({ result }) => result)
      .filter((result) => !isCanary(result) && !broken.has(result.id));
    expect(without.map(({ id }) => id)).to.deep.equal([]);
  });
});
