import { Option, type Command } from 'commander';
import type { DiffFlags } from '../diff-command.ts';
import { expectationsOption } from '../judging.ts';

export function addDiff(program: Command): void {
  program
    .command('diff')
    .description('the differences between two runs; exits with 1 if something got worse')
    .argument('<before>', 'an earlier run: its folder, or its results.json')
    .argument('<after>', 'a later run')
    .addOption(expectationsOption())
    .addOption(new Option('--json', 'as JSON').conflicts('markdown'))
    .option('--markdown', 'as Markdown')
    .action(async (before: string, after: string, flags: DiffFlags) => {
      const { diffCommand } = await import('../diff-command.ts');
      process.exitCode = await diffCommand(before, after, flags);
    });
}
