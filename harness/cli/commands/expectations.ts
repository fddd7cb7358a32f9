import { Option, type Command } from 'commander';
import type { UpdateFlags } from '../expectations-command.ts';
import { expectationsOption } from '../judging.ts';

export function addExpectations(program: Command): void {
  const command = program
    .command('expectations')
    .description('holds runs against an expectation file, and makes a new one of them');
  command
    .command('check')
    .description('what of the file does not fit the runs; ends with 1 where something does not')
    .argument('<run...>', 'folders of runs')
    .addOption(expectationsOption())
    .action(async (runs: string[], { expectations }: { expectations: string }) => {
      const { checkCommand } = await import('../expectations-command.ts');
      process.exitCode = await checkCommand(runs, expectations);
    });
  command
    .command('update')
    .description(
      'the file as the runs have it: a failure has to have come more than once, in several runs or by --repeat',
    )
    .argument('<run...>', 'folders of runs')
    .addOption(expectationsOption())
    .addOption(
      new Option('--out <file>', 'where the new file goes, the old one included (default: standard output)'),
    )
    .action(async (runs: string[], flags: UpdateFlags) => {
      const { updateCommand } = await import('../expectations-command.ts');
      process.exitCode = await updateCommand(runs, flags);
    });
}
