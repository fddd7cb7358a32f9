import { join } from 'node:path';
import { browserSpecs } from '../config/lists.ts';
import { readSideScripts } from '../config/scripts.ts';
import { HarnessError, IncompleteError } from '../errors.ts';
import { cellsOf, isCanary, pairsOf } from '../matrix/plan.ts';
import { declaredScenarios, onScenario } from '../matrix/scenario.ts';
import { writeReports } from '../report/index.ts';
import { ownExpectations, readExpectations } from '../results/expectations.ts';
import { isMissing, isUnexpected } from '../results/totals.ts';
import { pairName } from '../results/pair-name.ts';
import { openRun } from '../run/run.ts';
import { defaultTimeoutMs, reproFor } from '../cli/repro.ts';
import { browsersHere } from '../setup/browsers-here.ts';

/**
 * Makes plain `npx mocha` work: each scenario becomes a suite, each ordered pair of the browsers on this machine a test.
 * `WEBRTC_INTEROP_BROWSERS=chromium,firefox` chooses others. `webrtc-interop run` does the same side by side.
 */
const named = process.env['WEBRTC_INTEROP_BROWSERS'];
const browsers = named === undefined ? await browsersHere() : browserSpecs(named.split(','));
const expectations = await readExpectations(ownExpectations, browsers);
const out = join('reports', `mocha-${new Date().toISOString().replaceAll(/[:.]/g, '-')}`);
const pairs = pairsOf(browsers.map(({ id }) => id));
let done = 0;
const interrupted = new AbortController();
let opened: Awaited<ReturnType<typeof openRun>> | undefined;

onScenario((scenario) => {
  if (scenario.draft || scenario.adapterFile) return;
  describe(scenario.result.id, () => {
    for (const cell of cellsOf(scenario, pairs)) {
      it(pairName(cell), async function () {
        if (!opened) throw new HarnessError('not-started', 'the browsers were not started');
        const came = await opened.session.runCell(cell);
        done += 1;
        if (isUnexpected(came, expectations) || isMissing(came)) {
          const cause = `${came.status} at ${String(came.phase)}: ${came.reason?.message ?? 'it came out as what it must not'}`;
          throw new HarnessError(
            came.reason?.code ?? came.status,
            `${cause}\nrepeat: ${came.repro}\nevidence: ${out}`,
          );
        }
        // mocha's word for what is unsupported or known to fail; a canary that comes out as it must has passed
        if (came.status !== 'pass' && !isCanary(scenario.result)) this.skip();
      });
    }
  });
});

export const mochaHooks = {
  async beforeAll(this: Mocha.Context) {
    this.timeout(120_000);
    const scenarios = declaredScenarios();
    const { scripts, adapter } = await readSideScripts([], 'none');
    opened = await openRun({
      browsers,
      scenarios,
      cells: scenarios.flatMap((scenario) => cellsOf(scenario, pairs)),
      shard: null,
      out,
      latest: null,
      jobs: 1,
      retries: 0,
      timeoutMs: defaultTimeoutMs,
      headed: false,
      scripts,
      adapter,
      argv: process.argv.slice(2),
      repro: reproFor(browsers, []),
      signal: interrupted.signal,
    });
  },
  async afterAll(this: Mocha.Context) {
    this.timeout(60_000);
    if (!opened) return;
    try {
      const problems = await writeReports(await opened.finish(done), out, ['html'], { expectations });
      if (problems.length > 0) throw new IncompleteError('results-not-writable', problems.join('\n'));
      process.stdout.write(`\nreport: ${join(out, 'index.html')}\n`);
      const late = opened.session.problems.map(({ message }) => message);
      if (late.length > 0) throw new HarnessError('run-incomplete', late.join('\n'));
    } finally {
      await opened.close();
    }
  },
};
