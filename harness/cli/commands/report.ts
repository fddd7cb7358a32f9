import { type Command, Option } from 'commander';
import { commaList } from '../../config/lists.ts';
import { defaultFormats, formatNames } from '../../report/formats.ts';
import { addJudging } from '../judging.ts';
import type { ReportFlags } from '../report-command.ts';

/** The option that `run` and `report` share. */
export const formatOption = (): Option =>
  new Option('--format <list>', `reports to write: ${formatNames.join(', ')}, or ./a-module-of-your-own.js`)
    .argParser(commaList)
    .default([...defaultFormats], defaultFormats.join(','));

export function addReport(program: Command): void {
  addJudging(
    program.command('report').description('writes the reports of runs again, from their results alone'),
  )
    .argument('<run...>', 'folders of runs')
    .addOption(formatOption())
    .addOption(
      new Option(
        '--publish <dir>',
        'a copy that anybody may see, and its reports, into a folder of its own: without names, addresses and paths of this machine',
      ).conflicts('baseline'),
    )
    .option('--open', 'opens the page of the report: with --format allure that of Allure, which needs Java')
    .action(async (folders: string[], flags: ReportFlags) => {
      const { reportCommand } = await import('../report-command.ts');
      process.exitCode = await reportCommand(folders, flags);
    });
}
