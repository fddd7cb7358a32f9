import { Option, type Command } from 'commander';
import type { UpdateFlags } from '../expectations-command.ts';
import { expectationsOption } from '../judging.ts';

export function addExpectations(program: Command): void {
  const command = program
    .command('expectations')
    .description('compares runs with an expectation file, and updates it from them');
  command
    .command('check')
    .description('what in the file does not fit the runs; exits with 1 if something does not')
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
