import type { Command } from 'commander';
import pc from 'picocolors';
import { UsageError } from '../../errors.ts';
import { checkScenarios, isCanary, selectScenarios } from '../../matrix/plan.ts';
import { plain } from '../../plain.ts';
import type { ScenarioResult } from '../../results/schema.ts';
import { printJson } from '../say.ts';
import { openProject, scenariosOf } from '../project.ts';
import { addSelection, checkBrowsers, filtersOf, type SelectionFlags } from '../selection.ts';

/** Scenarios for a terminal, one per line. */
export const renderList = (scenarios: readonly Pick<ScenarioResult, 'id' | 'level' | 'title'>[]): string =>
  scenarios.map(({ id, level, title }) => `${plain(id)}  ${pc.dim(`[${level}]`)} ${plain(title)}\n`).join('');

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
          'The filters leave no scenario. `webrtc-interop list` shows all.',
        );
      }
      const canaries = all.filter(({ result }) => isCanary(result)).length;
      if (flags.json === true) {
        printJson(selected);
        return;
      }
      process.stdout.write(renderList(selected));
      process.stdout.write(
        pc.dim(`${String(selected.length)} scenarios, and ${String(canaries)} canaries in every run\n`),
      );
    });
}
