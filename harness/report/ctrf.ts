import { join } from 'node:path';
import { noExpectations, type Expectations } from '../results/expectations.ts';
import type { Attempt, Cell, Results, ScenarioResult } from '../results/schema.ts';
import { writeAtomically } from '../results/write-atomically.ts';
import { ciOutcomeOf, earlierAttempts, reasonText, type CiOutcome } from './ci-outcome.ts';
import { pairName } from '../results/pair-name.ts';
import { repeatsOf } from './repeats.ts';
import type { Reporter } from './reporter.ts';
import { noCall, Tests, whyFor } from './tests.ts';

/** The version of the Common Test Report Format (https://ctrf.io) that is written. */
const specVersion = '0.0.0';

const statuses = {
  passed: 'passed',
  failed: 'failed',
  broken: 'failed',
  skipped: 'skipped',
} as const satisfies Record<CiOutcome['kind'], string>;

/** Whole milliseconds since the epoch. */
const timesOf = ({ startedAt, durationMs }: Pick<Attempt, 'startedAt' | 'durationMs'>) => {
  const start = Date.parse(startedAt);
  return { duration: Math.round(durationMs), start, stop: start + Math.round(durationMs) };
};

const attemptOf = (attempt: Attempt, at: number) => ({
  attempt: at + 1,
  status: attempt.status === 'pass' ? ('passed' as const) : ('failed' as const),
  message: reasonText(attempt),
  ...timesOf(attempt),
});

function testOf(
  cell: Cell,
  outcome: CiOutcome,
  scenario: ScenarioResult | undefined,
  repeat: number,
  of: number,
  bug?: string,
) {
  const why = whyFor(outcome.why, of);
  const number = repeat > 1 ? ` #${repeat}` : '';
  const earlier = earlierAttempts(cell);
  const [area = '', group = ''] = cell.scenario.split('/');
  const pair = pairName(cell);
  return {
    testId: `${of > 1 ? noCall : cell.scenario} ${pair}${number}`,
    name: `${of > 1 ? noCall : (scenario?.title ?? cell.scenario)}: ${pair}${number}`,
    status: statuses[outcome.kind],
    rawStatus: cell.status,
    ...timesOf(cell),
    suite: of > 1 ? ['pair'] : [area, group, cell.scenario].filter((part) => part !== ''),
    ...(why === null ? {} : { message: why }),
    type: 'e2e',
    browser: pair,
    flaky: cell.flaky,
    retries: earlier.length,
    ...(earlier.length === 0 ? {} : { retryAttempts: earlier.map(attemptOf) }),
    labels: {
      scenario: cell.scenario,
      offerer: cell.offerer,
      ...(cell.answerer === null ? {} : { answerer: cell.answerer }),
      ...(cell.phase === null ? {} : { phase: cell.phase }),
      ...(scenario === undefined ? {} : { level: scenario.level }),
      ...(bug === undefined ? {} : { bug }),
    },
    steps: cell.checks.map(({ name, ok }) => ({
      name,
      status: ok ? ('passed' as const) : ('failed' as const),
    })),
    extra: { command: cell.repro, ...(cell.signature === null ? {} : { signature: cell.signature }) },
  };
}

/**
 * `ctrf.json`: one test per cell, in the Common Test Report Format. What is unsupported, left out or a known failure is
 * skipped, with the reason in its message; each attempt before the last is kept. A pair that cannot connect is one test.
 */
export function ctrfOf(results: Results, expectations: Expectations = noExpectations): unknown {
  const { run, browsers, cells } = results;
  const scenarios = new Map(results.scenarios.map((scenario) => [scenario.id, scenario]));
  const repeats = repeatsOf(cells);
  const listed = new Tests(cells, expectations);
  const tests = cells
    .filter((cell) => listed.cellsOf(cell) > 0)
    .map((cell) =>
      testOf(
        cell,
        ciOutcomeOf(cell, expectations),
        scenarios.get(cell.scenario),
        repeats.get(cell) ?? 1,
        listed.cellsOf(cell),
        expectations.of(cell)?.bug,
      ),
    );
  const count = (status: string): number => tests.filter((test) => test.status === status).length;
  const start = Date.parse(run.startedAt);
  const stop = run.finishedAt === null ? start : Date.parse(run.finishedAt);
  return {
    reportFormat: 'CTRF',
    specVersion,
    runId: run.id,
    ...(run.finishedAt === null ? {} : { timestamp: run.finishedAt }),
    generatedBy: `webrtc-interop ${run.harness.version}`,
    results: {
      tool: { name: 'webrtc-interop', version: run.harness.version },
      summary: {
        tests: tests.length,
        passed: count('passed'),
        failed: count('failed'),
        skipped: count('skipped'),
        pending: 0,
        other: 0,
        flaky: tests.filter(({ flaky }) => flaky).length,
        start,
        stop,
        duration: stop - start,
      },
      tests,
      environment: {
        osPlatform: run.environment.os,
        osRelease: run.environment.osVersion,
        ...(run.shard === null ? {} : { shardId: `${run.shard.index}/${run.shard.total}` }),
        extra: Object.fromEntries(browsers.map(({ id, product, version }) => [id, `${product} ${version}`])),
      },
    },
  };
}

export const write: Reporter['write'] = async ({ results, dir, expectations }) =>
  writeAtomically(join(dir, 'ctrf.json'), `${JSON.stringify(ctrfOf(await results(), expectations))}\n`);
