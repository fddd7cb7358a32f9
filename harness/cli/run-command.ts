import { join } from 'node:path';
import type { Command } from 'commander';
import { readSideScripts } from '../config/scripts.ts';
import { repeated } from '../matrix/plan.ts';
import { plain } from '../plain.ts';
import type { Format } from '../report/formats.ts';
import { writeReports } from '../report/index.ts';
import { renderMatrix } from '../report/terminal.ts';
import { readExpectations } from '../results/expectations.ts';
import { exitCodeOf } from '../results/totals.ts';
import type { RunOptions } from '../run/options.ts';
import { spread } from '../run/order.ts';
import { run } from '../run/run.ts';
import { endInTime } from './end-in-time.ts';
import { exitCodes } from './exit-codes.ts';
import { onInterrupt } from './interrupt.ts';
import { showProgress } from './progress.ts';
import { reproFlags, reproFor } from './repro.ts';
import { printWarning } from './say.ts';
import { select, type SelectionFlags } from './selection.ts';

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
}

/** `webrtc-interop run`; gives the exit code. */
export async function runCommand(command: Command): Promise<number> {
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
  const planned = repeated(selection.cells, flags.repeat);
  const loads = new Map(selection.scenarios.map(({ result, load }) => [result.id, load]));
  const cells =
    flags.jobs === 'auto'
      ? spread(
          planned,
          ({ scenario }) => loads.get(scenario) ?? 'light',
          (cell) => expectations.isToTimeOut(cell),
        )
      : planned;
  const { scripts, adapter } = await readSideScripts(flags.inject, flags.adapter);
  const out = flags.out ?? join('reports', new Date().toISOString().replaceAll(/[:.]/g, '-'));
  const interrupt = onInterrupt();
  const progress = showProgress(cells.length, expectations);
  const options: RunOptions = {
    ...selection,
    cells,
    shard: flags.shard ?? null,
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
