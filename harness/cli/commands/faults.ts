import type { Command } from 'commander';
import { commaList, wholeNumber } from '../../config/lists.ts';

export function addFaults(program: Command): void {
  program
    .command('faults')
    .description('runs your own scenarios with each of their faults, which must turn them red')
    .option('--config <file>', 'default: webrtc-interop.config.ts (.js, .mjs, .json) in this folder')
    .option('--browsers <list>', 'as for run', commaList)
    .option(
      '--pairs <list>',
      'ordered pairs offerer:answerer; default: the first browser with itself',
      commaList,
    )
    .option('--areas <list>', 'as for run', commaList)
    .option('--scenarios <globs>', 'as for run', commaList)
    .option('--grep <text>', 'as for run')
    .option('--out <dir>', 'where results and evidence go (default: a folder of its own under reports/)')
    .option('--jobs <n>', 'cells that run at once', wholeNumber(1), 2)
    .option('--headed', 'show the browsers')
    .action(async (_: unknown, command: Command) => {
      const { faultsCommand } = await import('../faults-command.ts');
      process.exitCode = await faultsCommand(command);
    });
}
