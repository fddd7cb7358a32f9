import type { Command } from 'commander';
import { isDriven } from '../config/browser-spec.ts';
import { defaultBrowsers, type Wanted } from '../setup/install.ts';
import { installMissing } from './commands/install.ts';
import { browsersOf, openProject } from './project.ts';
import type { SelectionFlags } from './selection.ts';

/** Installs what a run lacks: the browsers that it names, unless they are somewhere else; if it names none, the defaults. */
export async function installForRun(command: Command): Promise<void> {
  const project = await openProject(command);
  const { browsers: named } = command.opts<SelectionFlags>();
  if (named === undefined && project.browsers === null) return installMissing(defaultBrowsers());
  const specs = await browsersOf(project, named);
  const wanted = specs.flatMap((spec): Wanted[] => {
    const { executable, endpoint, channel } = spec;
    return isDriven(spec) && (executable ?? endpoint ?? channel) === undefined ? [spec] : [];
  });
  await installMissing(wanted);
}
