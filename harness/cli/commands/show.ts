import type { Command } from 'commander';
import type { ShowFlags } from '../show-command.ts';

export function addShow(program: Command): void {
  program
    .command('show')
    .description('opens the report of a run in a browser, served on loopback until Ctrl+C')
    .argument('[run]', 'a run: its folder, or its results.json', 'reports/latest')
    .option('--file', 'open the file itself, without a server')
    .option('--no-open', 'print the address, and open nothing')
    .action(async (run: string, flags: ShowFlags) => {
      const { showCommand } = await import('../show-command.ts');
      process.exitCode = await showCommand(run, flags);
    });
}
