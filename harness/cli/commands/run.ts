import { join } from 'node:path';
import { type Command, Option } from 'commander';
import { wholeNumber } from '../../config/lists.ts';
import { readSideScripts } from '../../config/scripts.ts';
import { writeReports, type Format } from '../../report/index.ts';
import { renderMatrix } from '../../report/terminal.ts';
import { exitCodeOf } from '../../results/totals.ts';
import { environment } from '../../run/environment.ts';
import type { RunOptions } from '../../run/options.ts';
import { run } from '../../run/run.ts';
import { onInterrupt } from '../interrupt.ts';
import { showProgress } from '../progress.ts';
import { reproFor } from '../repro.ts';
import { addSelection, select, type SelectionFlags } from '../selection.ts';
import { formatOption } from './report.ts';

interface RunFlags extends SelectionFlags {
  out?: string;
  jobs: number;
  retries: number;
  repeat: number;
  timeout: number;
  headed?: boolean;
  inject: string[];
  adapter: string;
  format: Format[];
  install?: boolean;
}

const collect = (text: string, before: string[]): string[] => [...before, text];

export function addRun(program: Command): void {
  addSelection(program.command('run').description('plans, launches, runs and reports: the main job'))
    .option('--out <dir>', 'where results and reports go (default: a folder of its own under reports/)')
    .addOption(
      new Option('--jobs <n>', 'cells that run at once')
        .argParser(wholeNumber(1))
        .default(Math.max(1, environment().cpus)),
    )
    .option('--retries <n>', 'further attempts of a cell that is not a pass', wholeNumber(0), 0)
    .option('--repeat <n>', 'times that each cell is run', wholeNumber(1), 1)
    .option('--timeout <ms>', "a cell's time, where its scenario says nothing else", wholeNumber(1), 20_000)
    .option('--headed', 'show the browsers')
    .option(
      '--inject <[side]=file>',
      'a script that pages load ahead of everything; may be given again',
      collect,
      [],
    )
    .option('--adapter <side[=file]>', 'load webrtc-adapter: none, offerer, answerer or both', 'none')
    .addOption(formatOption())
    .option('--install', 'first install the browsers that are missing')
    .action(async (flags: RunFlags) => {
      process.exitCode = await runCommand(flags);
    });
}

async function runCommand(flags: RunFlags): Promise<number> {
  if (flags.install === true) {
    const { installForRun } = await import('../install-for-run.ts');
    await installForRun(flags.browsers);
  }
  const selection = await select(flags);
  const { scripts, adapter } = await readSideScripts(flags.inject, flags.adapter);
  const out = flags.out ?? join('reports', new Date().toISOString().replaceAll(/[:.]/g, '-'));
  const interrupt = onInterrupt();
  const progress = showProgress(selection.cells.length * flags.repeat);
  const options: RunOptions = {
    ...selection,
    shard: flags.shard ?? null,
    out,
    latest: flags.out === undefined ? join('reports', 'latest') : null,
    jobs: flags.jobs,
    retries: flags.retries,
    repeat: flags.repeat,
    timeoutMs: flags.timeout,
    headed: flags.headed === true,
    scripts,
    adapter,
    argv: process.argv.slice(2),
    repro: reproFor(selection.browsers, reproFlags(flags)),
    signal: interrupt.signal,
  };
  try {
    const results = await run(options, progress);
    progress.end();
    await writeReports(results, out, flags.format);
    const colour = process.stdout.hasColors?.() === true;
    process.stdout.write(`\n${renderMatrix(results, { colour, width: process.stdout.columns ?? 100 })}\n`);
    process.stdout.write(`\nreport: ${join(out, 'index.html')}\n`);
    return exitCodeOf(results);
  } finally {
    progress.end();
    interrupt.stop();
  }
}

/** The flags that change what a cell does; a cell repeated without them would be another cell. */
const reproFlags = (flags: RunFlags): string[] => [
  ...flags.inject.flatMap((text) => ['--inject', text]),
  ...(flags.adapter === 'none' ? [] : ['--adapter', flags.adapter]),
  ...(flags.headed === true ? ['--headed'] : []),
];
