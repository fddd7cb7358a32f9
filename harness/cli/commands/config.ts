import type { Command } from 'commander';
import type { BrowserSpec } from '../../config/browser-spec.ts';
import { browserText } from '../repro.ts';
import { withoutSecrets } from '../../config/secrets.ts';
import { printJson, printLine } from '../say.ts';
import { browsersOf, openProject, type Project } from '../project.ts';
import type { SelectionFlags } from '../selection.ts';
import { addRunOptions } from './run.ts';

/** A setting in effect, and where it comes from: `flag`, `default`, or the configuration's file. */
interface Setting {
  key: string;
  value: unknown;
  from: string;
}

/** Keys of the configuration for which there is no flag. */
const keysAlone = ['builtin', 'signaling'] as const;

async function settingsOf(command: Command, project: Project): Promise<Setting[]> {
  const file = project.file ?? 'default';
  const { browsers: named } = command.opts<SelectionFlags>();
  const browsers = await browsersOf(project, named);
  const settings: Setting[] = [
    {
      key: 'browsers',
      value: browsers.map(shown),
      from: named ? 'flag' : project.browsers ? file : 'default: those that are here',
    },
    {
      key: 'scenarios (files)',
      value: project.config.scenarios ?? [],
      from: project.config.scenarios ? file : 'default',
    },
    ...keysAlone.map((key) => ({
      key,
      value: project.config[key] ?? (key === 'builtin' ? true : {}),
      from: project.config[key] === undefined ? 'default' : file,
    })),
  ];
  for (const option of command.options) {
    const key = option.attributeName();
    if (key === 'browsers' || key === 'config' || key === 'json' || key === 'install') continue;
    const source = command.getOptionValueSource(key);
    const from = source === 'cli' ? 'flag' : source === 'config' ? file : 'default';
    settings.push({
      key: key === 'scenarios' ? 'scenarios (ids)' : key,
      value: command.getOptionValue(key) ?? null,
      from,
    });
  }
  return settings;
}

/** An object of the configuration as it is written there, everything else as it is given to a flag. */
function shown(browser: BrowserSpec): unknown {
  if (!browser.configured) return browserText(browser);
  const { configured: _configured, ...asConfigured } = browser;
  return withoutSecrets(asConfigured);
}

export function addConfig(program: Command): void {
  addRunOptions(
    program
      .command('config')
      .description('prints the settings in effect for `run`, and where each comes from'),
  )
    .option('--json', 'as JSON')
    .action(async (_: unknown, command: Command) => {
      const project = await openProject(command);
      const settings = await settingsOf(command, project);
      if (command.getOptionValue('json') === true) {
        printJson({ file: project.file, settings });
        return;
      }
      printLine(project.file === null ? 'no configuration file in this folder' : project.file);
      for (const { key, value, from } of settings) printLine(`${key}: ${JSON.stringify(value)}  (${from})`);
    });
}
