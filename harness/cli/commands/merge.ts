import type { Command } from 'commander';
import { expectationsOption } from '../judging.ts';
import type { MergeFlags } from '../merge-command.ts';
import { formatOption } from './report.ts';

export function addMerge(program: Command): void {
  program
    .command('merge')
    .description('makes one run out of shards, or of runs on several systems; a missing shard is an error')
    .argument('<run...>', 'folders of runs')
    .requiredOption('--out <dir>', 'where the merged run goes')
    .addOption(formatOption())
    .addOption(expectationsOption())
    .action(async (folders: string[], flags: MergeFlags) => {
      const { mergeCommand } = await import('../merge-command.ts');
      process.exitCode = await mergeCommand(folders, flags);
    });
}
