import { type Command, Option } from 'commander';
import type { BrowserSpec } from '../config/browser-spec.ts';
import { commaList, shard } from '../config/lists.ts';
import { parseAdapter } from '../config/scripts.ts';
import type { Shard } from '../config/shard.ts';
import type { LoadModule } from '../config/module-loader.ts';
import { UsageError } from '../errors.ts';
import { checkPairs, planCells, type Filters, type PlannedCell } from '../matrix/plan.ts';
import type { Scenario } from '../matrix/scenario.ts';
import { browsersOf, openProject, scenariosOf, type Project } from './project.ts';

/** The filters of `run`, `list` and `plan`, as commander gives them. */
export interface SelectionFlags {
  config?: string;
  browsers?: string[];
  pairs?: string[];
  areas?: string[];
  scenarios?: string[];
  grep?: string;
  drafts?: boolean;
  shard?: Shard;
  /** Of `run` alone. */
  adapter?: string;
}

/** The same filters for every command that selects. */
export const addSelection = (command: Command): Command =>
  command
    .option('--config <file>', 'default: webrtc-interop.config.ts (.js, .mjs, .json) in this folder')
    .addOption(
      new Option(
        '--browsers <list>',
        'browsers, e.g. chromium,firefox or nightly=firefox:/path; default: those that are here',
      ).argParser(commaList),
    )
    .addOption(new Option('--pairs <list>', 'ordered pairs offerer:answerer, * for any').argParser(commaList))
    .addOption(new Option('--areas <list>', 'areas, e.g. codecs,data-channels').argParser(commaList))
    .addOption(new Option('--scenarios <globs>', "scenario ids, e.g. 'codecs/video/*'").argParser(commaList))
    .addOption(new Option('--grep <text>', 'text in the id or title of a scenario'))
    .option('--drafts', 'scenarios that are not proven yet, too')
    .addOption(new Option('--shard <I/N>', 'the I-th of N equal parts of the plan').argParser(shard));

/** What is left of all scenarios and browsers. */
export interface Selection {
  browsers: readonly BrowserSpec[];
  scenarios: readonly Scenario[];
  cells: PlannedCell[];
  /** The cells of all shards. */
  whole: PlannedCell[];
  /** Loads modules of the user's. */
  load: LoadModule;
}

export const filtersOf = ({
  pairs = [],
  areas = [],
  scenarios = [],
  grep,
  drafts = false,
  adapter = 'none',
}: SelectionFlags): Filters => ({
  pairs,
  areas,
  scenarios,
  grep: grep ?? null,
  drafts,
  adapterFile: parseAdapter(adapter).file !== null,
});

/** What names no browser is refused where browsers decide nothing, too. */
export async function checkBrowsers(flags: SelectionFlags, project: Project): Promise<void> {
  if (flags.pairs === undefined && flags.browsers === undefined) return;
  const browsers = await browsersOf(project, flags.browsers);
  checkPairs(
    browsers.map(({ id }) => id),
    filtersOf(flags),
  );
}

/**
 * Launches no browser.
 * @param command one with the options of `addSelection`, which gets what the configuration says
 */
export async function select(command: Command): Promise<Selection> {
  const project = await openProject(command);
  const flags = command.opts<SelectionFlags>();
  const { scenarios } = await scenariosOf(project);
  const browsers = await browsersOf(project, flags.browsers);
  if (browsers.length === 0) {
    throw new UsageError(
      'no-browser',
      'No browser was found on this machine. `webrtc-interop install` installs some; `webrtc-interop doctor` says more.',
    );
  }
  const filters = filtersOf(flags);
  return {
    browsers,
    scenarios,
    cells: planCells(scenarios, browsers, filters, flags.shard ?? null),
    whole: planCells(scenarios, browsers, filters),
    load: project.load,
  };
}
