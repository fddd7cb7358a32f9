import type { Command } from 'commander';
import { withoutSecrets } from '../../config/secrets.ts';
import { pairName } from '../../results/pair-name.ts';
import { plain } from '../../plain.ts';
import { printJson, printLine } from '../say.ts';
import { addSelection, select } from '../selection.ts';

export function addPlan(program: Command): void {
  addSelection(program.command('plan').description('the cells that `run` would run; launches no browser'))
    .option('--json', 'as JSON')
    .action(async (flags: { json?: boolean }, command: Command) => {
      const { browsers, cells } = await select(command);
      if (flags.json === true) {
        printJson({ browsers: browsers.map(withoutSecrets), cells });
        return;
      }
      for (const cell of cells) printLine(`${plain(cell.scenario)}  ${plain(pairName(cell))}`);
      const names = browsers.map(({ id }) => id).join(', ');
      printLine(`${String(cells.length)} cells on ${names}`);
    });
}
