import { type Command, Option } from 'commander';
import { commaList } from '../../config/lists.ts';
import { UsageError } from '../../errors.ts';
import { ownExpectations } from '../../results/expectations.ts';
import { everyFormat, formatNames, isFormat, type Format } from '../../report/formats.ts';
import type { ReportFlags } from '../report-command.ts';

/** The option that `run` and `report` share. */
export const formatOption = (): Option =>
  new Option('--format <list>', `reports to write: ${everyFormat.join(',')}`)
    .argParser((text: string) => formatsOf(commaList(text)))
    .default([...formatNames], formatNames.join(','));

/** The option that `run` and `report` share. */
export const expectationsOption = (): Option =>
  new Option('--expectations <file>', 'failures that are known, or none').default(
    ownExpectations,
    "the package's own",
  );

/** @throws {UsageError} for a format that does not exist */
export function formatsOf(names: readonly string[]): Format[] {
  return names.map((name) => {
    if (isFormat(name)) return name;
    throw new UsageError(
      'unknown-format',
      `There is no report format "${name}". There are ${everyFormat.join(', ')}.`,
    );
  });
}

export function addReport(program: Command): void {
  program
    .command('report')
    .description('writes the reports of runs again, from their results alone')
    .argument('<run...>', 'folders of runs')
    .addOption(formatOption())
    .addOption(expectationsOption())
    .action(async (folders: string[], flags: ReportFlags) => {
      const { reportCommand } = await import('../report-command.ts');
      process.exitCode = await reportCommand(folders, flags);
    });
}
