import { expect } from 'chai';
import { access, mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DrivenSpec } from '../config/browser-spec.ts';
import { readSideScripts } from '../config/scripts.ts';
import { findDriverProgram, findExecutable } from '../drivers/executables.ts';
import { Family } from '../drivers/family.ts';
import { SafariStandIn, type SafariTrouble } from '../drivers/safari.example.ts';
import { startWebDriverServer } from '../drivers/webdriver-server.ts';
import { loadScenarios } from '../matrix/load.ts';
import type { PlannedCell } from '../matrix/plan.ts';
import { makeScenario, type PairContext, type Scenario } from '../matrix/scenario.ts';
import { wholeOf } from '../results/read-run.ts';
import type { Attempt, Cell, Results } from '../results/schema.ts';
import { packageRoot } from './environment.ts';
import { run } from './run.ts';
import { isInDoubt } from './second-look.ts';

/** Page functions are sent as source text; what they touch of the page is named here, as this file has no DOM. */
declare const top: { document: { title: string } };

/** One of each suite, of those that cost little. */
const suites = [
  'data-channels/message/text-echo',
  'codecs/audio/opus',
  'dom-capture/canvas/2d-captured-and-received',
  'adapter/negotiation/message-limit-native',
];

/** A Safari of the run, and what it does in one of its cells. */
interface Mac {
  /** Its driver is a program of this machine, or listens on another. */
  place: 'here' | 'there';
  trouble?: SafariTrouble;
  /** The sides that it has in that cell. */
  as?: 'offerer' | 'answerer' | 'both';
  /** What the trouble has to be called. */
  called?: { status: Attempt['status']; words: RegExp };
}

const crash = (words: RegExp) => ({ status: 'crash', words }) as const;

/**
 * One for each thing that a Safari does. Where it is makes a difference to what is seen of it: a driver program that hangs or
 * ends on this machine is what `survival.alone.e2e.test.ts` is about.
 */
const macs: Readonly<Record<string, Mac>> = {
  // it takes longest, and is waited for beside the rest
  'far-hangs': {
    place: 'there',
    trouble: 'hang',
    as: 'both',
    called: { status: 'timeout', words: /hangs: it opens no page/ },
  },
  steady: { place: 'here' },
  loses: { place: 'here', trouble: 'lose', as: 'both', called: crash(/session of loses was lost/) },
  crashes: {
    place: 'here',
    trouble: 'crash',
    as: 'answerer',
    called: crash(/A page crashed, says its driver/),
  },
  'far-loses': {
    place: 'there',
    trouble: 'lose-paired',
    as: 'answerer',
    called: crash(/session of far-loses was lost/),
  },
  'far-ends': {
    place: 'there',
    trouble: 'end',
    as: 'offerer',
    called: crash(/session of far-ends ended/),
  },
};
const ids = Object.keys(macs);
const troubled = ids.filter((id) => macs[id]?.trouble !== undefined);

describe('a Safari', function () {
  this.timeout(170_000);
  let folder: string;
  let family: Family;
  let results: Results;
  let planned: PlannedCell[];
  const safaris = new Map<string, SafariStandIn>();

  before(async function () {
    const chromedriver = await findDriverProgram('chromedriver');
    const chromium = await findExecutable('chromium');
    const firefox = await findExecutable('firefox');
    if (chromedriver === undefined || chromium === undefined || firefox === undefined) return this.skip();
    folder = await mkdtemp(join(tmpdir(), 'webrtc-interop-safari-'));
    family = await Family.create();
    const { url } = await startWebDriverServer('chromedriver', chromedriver, family, family.env(), 30_000);
    const specs: DrivenSpec[] = [];
    for (const [id, { place }] of Object.entries(macs)) {
      const safari = await SafariStandIn.start(url, chromium.path);
      safaris.set(id, safari);
      const home = join(folder, id);
      await mkdir(home);
      const programs = await safari.install(home);
      specs.push({ id, kind: 'safari', ...(place === 'here' ? programs : { endpoint: safari.url.href }) });
    }
    // somebody else has it when the run begins
    safaris.get('far-loses')?.refuse();
    const all = await loadScenarios(packageRoot);
    const chosen = all.filter(({ result }) => suites.includes(result.id));
    const troubles = troubled.map(troubleOf);
    const [longest, ...others] = troubled.map(cellOf);
    planned = [
      ...(longest ? [longest] : []),
      ...plannedOf(suites.slice(0, 1)),
      ...others,
      ...plannedOf(suites.slice(1)),
    ];
    const { scripts, adapter } = await readSideScripts([], 'none');
    const stored = await run({
      browsers: [...specs, { id: 'firefox', kind: 'firefox' }],
      scenarios: [...chosen, ...troubles],
      cells: planned,
      shard: null,
      out: join(folder, 'out'),
      latest: null,
      jobs: 10,
      retries: 0,
      timeoutMs: 20_000,
      headed: false,
      scripts,
      adapter,
      argv: [],
      repro: ({ scenario }) => scenario,
      signal: new AbortController().signal,
    });
    results = await wholeOf(stored);
  });

  after(async () => {
    await Promise.all([...safaris.values()].map((safari) => safari.close()));
    await family?.end();
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });

  /**
   * Each Safari with itself and with Firefox, in both directions: in every suite, the steady one in all of these ways, and
   * each one that makes trouble in one of them, so that it goes through all of them.
   */
  const plannedOf = (scenarios: readonly string[]): PlannedCell[] =>
    scenarios.flatMap((scenario) =>
      ids.flatMap((id) => {
        const all = [
          { scenario, offerer: id, answerer: id },
          { scenario, offerer: id, answerer: 'firefox' },
          { scenario, offerer: 'firefox', answerer: id },
        ];
        const at = suites.indexOf(scenario);
        return id === 'steady' ? all : all.slice(at % 3, (at % 3) + 1);
      }),
    );
  const troubleId = (id: string): string => `connection/safari/${id}`;
  const cellOf = (id: string): PlannedCell => ({
    scenario: troubleId(id),
    offerer: macs[id]?.as === 'answerer' ? 'firefox' : id,
    answerer: macs[id]?.as === 'offerer' ? 'firefox' : id,
  });

  /** The first time that it runs, both pages are there when the trouble comes. */
  function troubleOf(id: string): Scenario {
    const { trouble } = macs[id] ?? {};
    let times = 0;
    const declaration = {
      id: troubleId(id),
      title: 'trouble',
      asks: 'What becomes of it?',
      level: 'info',
      specs: [],
      timeoutMs: 3000,
    } as const;
    return makeScenario(declaration, 'pair', async ({ offerer, answerer }: PairContext<never>) => {
      const sides = [offerer, answerer];
      times += 1;
      if (times === 1 && trouble !== undefined) {
        const mine = sides.find(({ browser }) => browser === id);
        await mine?.run(() => void (top.document.title = 'the page of the cell'));
        await safaris.get(id)?.act(trouble, 'the page of the cell');
        await Promise.all(sides.map((side) => side.run(() => new Promise(() => undefined))));
      }
      for (const side of sides) expect(await side.run(() => 6 * 7), 'six times seven').to.equal(42);
    });
  }

  const nameOf = ({ scenario, offerer, answerer }: PlannedCell): string =>
    `${scenario} ${offerer} ${String(answerer)}`;
  const cellsOf = (id: string): Cell[] =>
    results.cells.filter(({ offerer, answerer }) => offerer === id || answerer === id);
  /** What went wrong, in words that say where; not where a busy machine may have been why, and a second look passed. */
  const wrongOf = (id: string) =>
    cellsOf(id).flatMap((cell) =>
      cell.attempts
        .filter(({ status }) => status !== 'pass')
        .filter((attempt) => !(attempt.status === 'fail' && cell.status === 'pass' && isInDoubt(attempt)))
        .map(({ status, reason }) => ({
          status,
          browser: reason?.peer === 'answerer' ? cell.answerer : cell.offerer,
          words: `${nameOf(cell)}: ${String(reason?.peer)}: ${reason?.message ?? ''}`,
        })),
    );

  it('loses no cell, whatever it does', () => {
    expect(results.run).to.include({ complete: true, interrupted: false });
    expect(results.cells.map(nameOf).toSorted()).to.deep.equal(planned.map(nameOf).toSorted());
  });

  it('has its pairs in the four suites, with itself and with Firefox', () => {
    expect(wrongOf('steady')).to.deep.equal([]);
    for (const cell of cellsOf('steady')) {
      expect(cell.status, nameOf(cell)).to.equal('pass');
      const sides = cell.evidence.filter(({ kind }) => kind === 'stats').map(({ peer }) => peer);
      expect(sides, nameOf(cell)).to.include.members(['offerer', 'answerer']);
    }
  });

  for (const id of troubled) {
    const { trouble = '', place, called } = macs[id] ?? {};
    it(`${place ?? ''} (${trouble}) has one cell that says so, of the right side, and goes on`, () => {
      const wrong = wrongOf(id);
      expect(wrong.map(({ status, browser }) => ({ status, browser }))).to.deep.equal(
        [{ status: called?.status, browser: id }],
        JSON.stringify(wrong),
      );
      expect(wrong[0]?.words).to.match(called?.words ?? /^$/);
      // what crashed is run again, and so is what hung beside other cells: neither does it twice
      expect(cellsOf(id).filter(({ status }) => status !== 'pass')).to.deep.equal([]);
    });
  }

  it('is asked for nothing that safaridriver does not know, and for one session at a time', () => {
    for (const [id, { tally, isPaired }] of safaris) {
      expect(tally.unknown, id).to.deep.equal([]);
      expect(isPaired, `${id} has a session that nobody ended`).to.equal(false);
      // the window that a session begins with, two of pages, and one that is opened to see whether it hangs
      expect(tally.mostWindows, id).to.be.within(3, id === 'steady' ? 3 : 4);
      expect(tally.placed, id).to.be.above(1);
      if (id === 'steady') expect(tally).to.include({ sessions: 1 });
    }
  });

  it('is asked again where another has it', () => {
    const told = safaris.get('far-loses')?.tally.refused ?? [];
    expect(told).to.not.deep.equal([]);
    for (const { tally } of safaris.values())
      for (const words of tally.refused) expect(words).to.include('already paired');
  });

  it('is started by its driver alone: its program opens a window, whatever it is asked', async () => {
    const opened = await Promise.all(
      ids.map((id) =>
        access(join(folder, id, 'started')).then(
          () => [id],
          () => [],
        ),
      ),
    );
    expect(opened.flat()).to.deep.equal([]);
  });
});
