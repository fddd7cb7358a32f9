import type { Command } from 'commander';
import { withoutSecrets } from '../../config/secrets.ts';
import { pairName } from '../../results/pair-name.ts';
import { addSelection, select } from '../selection.ts';

export function addPlan(program: Command): void {
  addSelection(program.command('plan').description('the cells that `run` would run; launches no browser'))
    .option('--json', 'as JSON')
    .action(async (flags: { json?: boolean }, command: Command) => {
      const { browsers, cells } = await select(command);
      if (flags.json === true) {
        process.stdout.write(
          `${JSON.stringify({ browsers: browsers.map(withoutSecrets), cells }, null, 2)}\n`,
        );
        return;
      }
      for (const cell of cells) process.stdout.write(`${cell.scenario}  ${pairName(cell)}\n`);
      const names = browsers.map(({ id }) => id).join(', ');
      process.stdout.write(`${String(cells.length)} cells on ${names}\n`);
    });
}
