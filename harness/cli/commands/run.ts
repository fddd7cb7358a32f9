import { type Command, Option } from 'commander';
import { jobs, wholeNumber } from '../../config/lists.ts';
import { defaultTimeoutMs } from '../repro.ts';
import { latestRun } from '../last-failed.ts';
import { addSelection } from '../selection.ts';
import { addJudging } from '../judging.ts';
import { formatOption } from './report.ts';

const collect = (text: string, before: string[]): string[] => [...before, text];

/** The options of `run`, which `config` has too. */
export const addRunOptions = (command: Command): Command =>
  addJudging(addSelection(command))
    .option('--out <dir>', 'where results and reports go (default: a folder of its own under reports/)')
    .addOption(
      new Option('--jobs <n|auto>', 'cells that run at once; auto: as many as the machine bears')
        .argParser(jobs)
        .default('auto'),
    )
    .option('--retries <n>', 'further attempts of a cell that is not a pass', wholeNumber(0), 0)
    .option('--repeat <n>', 'how often each cell is run', wholeNumber(1), 1)
    .option(
      '--timeout <ms>',
      "a cell's time, where its scenario says nothing else",
      wholeNumber(1),
      defaultTimeoutMs,
    )
    .option(
      '--last-failed [run]',
      `only the cells that were unexpected or not reached in an earlier run (default: ${latestRun})`,
    )
    .option('--headed', 'show the browsers')
    .option(
      '--inject <[side]=file>',
      'a script that pages load ahead of everything; may be given again',
      collect,
      [],
    )
    .option(
      '--adapter <side[=file]>',
      'load webrtc-adapter: none, offerer, answerer or both; a file, alone or behind =, is a build of your own',
      'none',
    )
    .addOption(formatOption())
    .option('--install', 'first install the browsers that are missing');

export function addRun(program: Command): void {
  addRunOptions(program.command('run').description('plans, launches, runs and reports: the main job'))
    .option(
      '--resume <dir>',
      'goes on with a run that was killed or interrupted: cells that have an outcome are kept, the others run',
    )
    .action(async (_: unknown, command: Command) => {
      const { runCommand } = await import('../run-command.ts');
      process.exitCode = await runCommand(command);
    });
}
