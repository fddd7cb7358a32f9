import type { Command } from 'commander';
import pc from 'picocolors';
import { UsageError } from '../../errors.ts';
import { checkScenarios, isCanary, selectScenarios } from '../../matrix/plan.ts';
import { openProject, scenariosOf } from '../project.ts';
import { addSelection, checkBrowsers, filtersOf, type SelectionFlags } from '../selection.ts';

export function addList(program: Command): void {
  addSelection(program.command('list').description('the scenarios; launches no browser'))
    .option('--json', 'as JSON')
    .action(async (_: unknown, command: Command) => {
      const project = await openProject(command);
      const flags = command.opts<SelectionFlags & { json?: boolean }>();
      const { scenarios: all } = await scenariosOf(project);
      const filters = filtersOf(flags);
      checkScenarios(all, filters);
      await checkBrowsers(flags, project);
      const selected = selectScenarios(all, filters).map(({ result }) => result);
      if (selected.length === 0) {
        throw new UsageError(
          'nothing-selected',
          'No scenario is left by the filters. `webrtc-interop list` shows all.',
        );
      }
      const canaries = all.filter(({ result }) => isCanary(result)).length;
      if (flags.json === true) {
        process.stdout.write(`${JSON.stringify(selected, null, 2)}\n`);
        return;
      }
      for (const { id, level, title } of selected) {
        process.stdout.write(`${id}  ${pc.dim(`[${level}]`)} ${title}\n`);
      }
      process.stdout.write(
        pc.dim(`${String(selected.length)} scenarios, and ${String(canaries)} canaries in every run\n`),
      );
    });
}
