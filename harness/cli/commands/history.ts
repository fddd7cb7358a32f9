import type { Command } from 'commander';
import type { HistoryFlags } from '../history-command.ts';
import { expectationsOption } from '../judging.ts';

export function addHistory(program: Command): void {
  program
    .command('history')
    .description(
      'adds runs to a static site that tells what changed over time; begins it where there is none',
    )
    .argument('<run...>', 'runs: their folders, or their results.json')
    .requiredOption('--out <site>', 'the folder of the site')
    .option('--label <name>', 'runs of one label are one series, e.g. nightly; default: none', '')
    .option('--url <address>', 'where the site is on the web, for links of its feeds; kept for later')
    .addOption(expectationsOption())
    .action(async (runs: string[], flags: HistoryFlags) => {
      const { historyCommand } = await import('../history-command.ts');
      process.exitCode = await historyCommand(runs, flags);
    });
}
