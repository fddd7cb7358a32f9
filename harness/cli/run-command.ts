import { join } from 'node:path';
import type { Command } from 'commander';
import { withoutCredentials } from '../config/endpoint.ts';
import { readSideScripts } from '../config/scripts.ts';
import { repeated, type PlannedCell } from '../matrix/plan.ts';
import { plain } from '../plain.ts';
import type { Format } from '../report/formats.ts';
import { loadReports, writeReports } from '../report/index.ts';
import { renderMatrix } from '../report/terminal.ts';
import { readExpectations, type Expectations } from '../results/expectations.ts';
import type { StoppedRun } from '../results/stopped-run.ts';
import { exitCodeOf } from '../results/totals.ts';
import type { RunOptions } from '../run/options.ts';
import { spread } from '../run/order.ts';
import { run } from '../run/run.ts';
import { endInTime } from './end-in-time.ts';
import { exitCodes } from './exit-codes.ts';
import { onInterrupt } from './interrupt.ts';
import { showProgress } from './progress.ts';
import { reproFlags, reproFor } from './repro.ts';
import { checkSame, latestBeside, planOf, resume, sayOver } from './resume.ts';
import { printLine, printWarning } from './say.ts';
import { select, type Selection, type SelectionFlags } from './selection.ts';

/** The options of `run`, as commander gives them. */
export interface RunFlags extends SelectionFlags {
  out?: string;
  jobs: number | 'auto';
  retries: number;
  repeat: number;
  timeout: number;
  headed?: boolean;
  inject: string[];
  adapter: string;
  expectations: string;
  strict?: boolean;
  format: Format[];
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

/** `webrtc-interop run`; gives the exit code. */
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
  const { install, browsers } = command.opts<RunFlags>();
  if (install === true) {
    const { installForRun } = await import('./install-for-run.ts');
    await installForRun(browsers);
  }
  const selection = await select(command);
  const flags = command.opts<RunFlags>();
  const expectations = await readExpectations(flags.expectations, selection.browsers, {
    strict: flags.strict === true,
  });
  const { scripts, adapter } = await readSideScripts(flags.inject, flags.adapter);
  const ordered = { ...selection, cells: orderOf(flags, selection, expectations) };
  const plan = await planOf(flags, ordered, { scripts, adapter });
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
    shard: flags.shard ?? null,
    out,
    latest: stopped ? latestBeside(stopped) : latest,
    jobs: flags.jobs,
    retries: flags.retries,
    strict: flags.strict === true,
    timeoutMs: flags.timeout,
    headed: flags.headed === true,
    scripts,
    adapter,
    plan,
    ...(stopped ? { stopped } : {}),
    argv: process.argv.slice(2).map(withoutCredentials),
    repro: reproFor(selection.browsers, reproFlags(flags)),
    isKnown: (cell) => expectations.of(cell) !== undefined,
    signal: interrupt.signal,
  };
  try {
    // what cannot be loaded is said when it is to be written
    loadReports(flags.format).catch(() => undefined);
    const results = await run(options, {
      ...progress,
      browserStarted: (id, browser, afterMs) => {
        expectations.learn(id, browser.details.engine);
        progress.browserStarted?.(id, browser, afterMs);
      },
    });
    progress.end();
    const problems = await writeReports(results, out, flags.format, expectations);
    const colour = process.stdout.isTTY && process.stdout.hasColors();
    process.stdout.write(
      `\n${renderMatrix(results, { colour, width: process.stdout.columns ?? 100 }, expectations)}\n`,
    );
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
