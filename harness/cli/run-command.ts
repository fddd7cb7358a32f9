import { join } from 'node:path';
import type { Command } from 'commander';
import { readSideScripts, type SideScripts } from '../config/scripts.ts';
import type { Script } from '../config/script.ts';
import { repeated } from '../matrix/plan.ts';
import { planDigest } from '../matrix/plan-digest.ts';
import { plain } from '../plain.ts';
import { comparisonSentence } from '../report/comparison-text.ts';
import { withGithub, writeReports } from '../report/index.ts';
import { loadReporter } from '../report/load-reporter.ts';
import { renderMatrix } from '../report/terminal.ts';
import type { Run } from '../results/schema.ts';
import { exitCodeOf } from '../results/totals.ts';
import type { RunOptions } from '../run/options.ts';
import { spread } from '../run/order.ts';
import { run } from '../run/run.ts';
import { endInTime } from './end-in-time.ts';
import { exitCodes } from './exit-codes.ts';
import { onInterrupt } from './interrupt.ts';
import { judgeBy, type JudgingFlags } from './judging.ts';
import { latestRun, onlyFailed } from './last-failed.ts';
import { showProgress } from './progress.ts';
import { reproFlags, reproFor } from './repro.ts';
import { printWarning } from './say.ts';
import { select, type Selection, type SelectionFlags } from './selection.ts';

/** The options of `run`, as commander gives them. */
export interface RunFlags extends SelectionFlags, JudgingFlags {
  out?: string;
  jobs: number | 'auto';
  retries: number;
  repeat: number;
  timeout: number;
  headed?: boolean;
  inject: string[];
  adapter: string;
  format: string[];
  /** The run whose failures are run again; true for the newest. */
  lastFailed?: string | true;
  install?: boolean;
}

/** What `--last-failed` leaves of what is selected. */
async function lastFailedOf(
  selection: Selection,
  { lastFailed, expectations }: RunFlags,
): Promise<Selection> {
  if (lastFailed === undefined) return selection;
  const failed = await onlyFailed(lastFailed === true ? latestRun : lastFailed, expectations);
  return { ...selection, cells: failed(selection.cells), whole: failed(selection.whole) };
}

/** The shard that is run, with the plan that it is a part of. */
function shardOf(
  { shard, repeat, retries, timeout, strict = false }: RunFlags,
  { whole, browsers }: Selection,
  { scripts, adapter }: { scripts: SideScripts; adapter: Script },
): Run['shard'] {
  if (shard === undefined) return null;
  const source = (script: Script): string => script.source;
  const plan = planDigest({
    cells: whole,
    browsers,
    scripts: {
      offerer: scripts.offerer.map(source),
      answerer: scripts.answerer.map(source),
      adapter: adapter.source,
    },
    flags: { repeat, retries, timeout, strict },
  });
  return { ...shard, plan };
}

/** `webrtc-interop run`; gives the exit code. */
export async function runCommand(command: Command): Promise<number> {
  const { install, browsers } = command.opts<RunFlags>();
  if (install === true) {
    const { installForRun } = await import('./install-for-run.ts');
    await installForRun(browsers);
  }
  const planned = await select(command);
  const flags = command.opts<RunFlags>();
  const selection = await lastFailedOf(planned, flags);
  const { load } = selection;
  for (const name of flags.format) await loadReporter(name, load);
  const { expectations, compare } = await judgeBy(flags, {
    ...selection,
    scenarios: selection.scenarios.map(({ result }) => result),
  });
  const repeatedCells = repeated(selection.cells, flags.repeat);
  const loads = new Map(selection.scenarios.map(({ result, load }) => [result.id, load]));
  const cells =
    flags.jobs === 'auto'
      ? spread(
          repeatedCells,
          ({ scenario }) => loads.get(scenario) ?? 'light',
          (cell) => expectations.isToTimeOut(cell),
        )
      : repeatedCells;
  const { scripts, adapter } = await readSideScripts(flags.inject, flags.adapter);
  const out = flags.out ?? join('reports', new Date().toISOString().replaceAll(/[:.]/g, '-'));
  const interrupt = onInterrupt();
  const progress = showProgress(cells.length, expectations);
  const options: RunOptions = {
    ...selection,
    cells,
    shard: shardOf(flags, selection, { scripts, adapter }),
    out,
    latest: flags.out === undefined ? join('reports', 'latest') : null,
    jobs: flags.jobs,
    retries: flags.retries,
    strict: flags.strict === true,
    timeoutMs: flags.timeout,
    headed: flags.headed === true,
    scripts,
    adapter,
    argv: process.argv.slice(2),
    repro: reproFor(selection.browsers, reproFlags(flags)),
    isKnown: (cell) => expectations.of(cell) !== undefined,
    signal: interrupt.signal,
  };
  try {
    const results = await run(options, progress);
    progress.end();
    for (const { id, version } of results.browsers) expectations.learn(id, version);
    const comparison = compare(results);
    const problems = await writeReports(results, out, withGithub(flags.format), {
      expectations,
      comparison,
      load,
    });
    const colour = process.stdout.isTTY && process.stdout.hasColors();
    process.stdout.write(
      `\n${renderMatrix(results, { colour, width: process.stdout.columns ?? 100 }, expectations)}\n`,
    );
    if (comparison !== null) process.stdout.write(`\n${plain(comparisonSentence(comparison))}\n`);
    const page = flags.format.includes('html') ? 'index.html' : 'results.json';
    process.stdout.write(`\nreport: ${plain(join(out, page))}\n`);
    for (const problem of problems) printWarning(problem);
    const judged = exitCodeOf(results, expectations);
    const code = problems.length > 0 && judged !== exitCodes.interrupted ? exitCodes.incomplete : judged;
    endInTime(code);
    return code;
  } finally {
    progress.end();
    interrupt.stop();
  }
}
