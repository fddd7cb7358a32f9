import { join } from 'node:path';
import type { Command } from 'commander';
import { withoutCredentials } from '../config/endpoint.ts';
import { readSideScripts, type SideScripts } from '../config/scripts.ts';
import type { Script } from '../config/script.ts';
import { repeated, type PlannedCell } from '../matrix/plan.ts';
import { planDigest } from '../matrix/plan-digest.ts';
import { plain } from '../plain.ts';
import { comparisonSentence } from '../report/comparison-text.ts';
import { withGithub, writeReports } from '../report/index.ts';
import { loadReporter } from '../report/load-reporter.ts';
import { renderMatrix } from '../report/terminal.ts';
import type { Expectations } from '../results/expectations.ts';
import type { Run } from '../results/schema.ts';
import { outlineOf } from '../results/outline.ts';
import type { StoppedRun } from '../results/stopped-run.ts';
import { exitCodeOf } from '../results/totals.ts';
import { Modules } from '../run/modules.ts';
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
import { checkSame, latestBeside, planOf, resume, sayOver } from './resume.ts';
import { printLine, printWarning } from './say.ts';
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
  resume?: string;
}

/** The planned cells in the order in which they run. */
function orderOf(
  flags: RunFlags,
  { cells, scenarios }: Selection,
  expectations: Expectations,
): PlannedCell[] {
  const planned = repeated(cells, flags.repeat);
  if (flags.jobs !== 'auto') return planned;
  const loads = new Map(scenarios.map(({ result, load }) => [result.id, load]));
  return spread(
    planned,
    ({ scenario }) => loads.get(scenario) ?? 'light',
    (cell) => expectations.isToTimeOut(cell),
  );
}

/** What `--last-failed` leaves of a selection. */
async function lastFailedOf(
  selection: Selection,
  { lastFailed, expectations }: RunFlags,
): Promise<Selection> {
  if (lastFailed === undefined) return selection;
  const failed = await onlyFailed(lastFailed === true ? latestRun : lastFailed, expectations);
  return { ...selection, cells: failed(selection.cells), whole: failed(selection.whole) };
}

/** The shard to run, with a digest of the whole plan. */
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

/** What the pages of the scenarios of a plan load. */
function modulesOf(
  { scenarios, browsers }: Selection,
  { cells }: { cells: readonly PlannedCell[] },
): Promise<Modules> {
  const planned = new Set(cells.map(({ scenario }) => scenario));
  return Modules.bundle(
    scenarios.filter(({ result }) => planned.has(result.id)),
    browsers,
  );
}

/** `webrtc-interop run`; returns the exit code. */
export async function runCommand(command: Command): Promise<number> {
  const { resume: folder } = command.opts<RunFlags>();
  if (folder === undefined) return runOrGoOn(command);
  const stopped = await resume(folder, command);
  try {
    return stopped.isOver
      ? await sayOver(stopped, command.opts<RunFlags>())
      : await runOrGoOn(command, stopped);
  } finally {
    await stopped.release();
  }
}

async function runOrGoOn(command: Command, stopped?: StoppedRun): Promise<number> {
  if (command.opts<RunFlags>().install === true) {
    const { installForRun } = await import('./install-for-run.ts');
    await installForRun(command);
  }
  const planned = await select(command);
  const flags = command.opts<RunFlags>();
  // a resumed run has its own plan
  const selection = stopped ? planned : await lastFailedOf(planned, flags);
  const { load } = selection;
  // loaded now, because Ctrl+C also ends this process's compiler, and nothing can be loaded after that
  for (const name of withGithub(flags.format)) await loadReporter(name, load);
  const { expectations, compare } = await judgeBy(flags, {
    ...selection,
    scenarios: selection.scenarios.map(({ result }) => result),
  });
  const { scripts, adapter } = await readSideScripts(flags.inject, flags.adapter);
  const ordered = { ...selection, cells: orderOf(flags, selection, expectations) };
  const modules = await modulesOf(selection, stopped?.plan ?? ordered);
  const plan = await planOf(flags, ordered, { scripts, adapter, modules });
  if (stopped) {
    await checkSame(stopped, selection, plan);
    printLine(
      `${stopped.dir} goes on: ${stopped.kept.length} cells are kept, ${stopped.left.length} are left.`,
    );
  }
  const cells = stopped?.left ?? ordered.cells;
  const out = stopped?.dir ?? flags.out ?? join('reports', new Date().toISOString().replaceAll(/[:.]/g, '-'));
  const latest = flags.out === undefined ? join('reports', 'latest') : null;
  const interrupt = onInterrupt();
  const progress = showProgress(cells.length, expectations);
  const options: RunOptions = {
    ...selection,
    cells,
    shard: stopped ? stopped.header.run.shard : shardOf(flags, selection, { scripts, adapter }),
    out,
    latest: stopped ? latestBeside(stopped) : latest,
    jobs: flags.jobs,
    retries: flags.retries,
    strict: flags.strict === true,
    timeoutMs: flags.timeout,
    headed: flags.headed === true,
    scripts,
    adapter,
    modules,
    plan,
    ...(stopped ? { stopped } : {}),
    argv: process.argv.slice(2).map(withoutCredentials),
    repro: reproFor(selection.browsers, reproFlags(flags)),
    isKnown: (cell) => expectations.of(cell) !== undefined,
    isToTimeOut: (cell) => expectations.isToTimeOut(cell),
    signal: interrupt.signal,
  };
  try {
    const stored = await run(options, progress);
    progress.end();
    const results = await outlineOf(stored);
    for (const browser of results.browsers) expectations.learn(browser);
    const comparison = await compare(stored);
    const problems = await writeReports(stored, out, withGithub(flags.format), {
      expectations,
      comparison,
      run: results,
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
