import { type Command, Option } from 'commander';
import type { BrowserSpec } from '../config/browser-spec.ts';
import { commaList, shard } from '../config/lists.ts';
import { moduleChoice, moduleColumns, parseModule, type ModuleChoice } from '../config/module-columns.ts';
import { parseAdapter } from '../config/scripts.ts';
import type { PublicSignaling } from '../config/signaling.ts';
import type { Shard } from '../config/shard.ts';
import type { LoadModule } from '../config/module-loader.ts';
import { UsageError } from '../errors.ts';
import { checkPairs, isCanary, planCells, type Filters, type PlannedCell } from '../matrix/plan.ts';
import type { OwnPages, Scenario } from '../matrix/scenario.ts';
import type { Services } from '../matrix/service.ts';
import { browsersOf, openProject, publicSignalingOf, scenariosOf, type Project } from './project.ts';

/** The filters of `run`, `list` and `plan`, as commander gives them. */
export interface SelectionFlags {
  config?: string;
  browsers?: string[];
  pairs?: string[];
  areas?: string[];
  scenarios?: string[];
  grep?: string;
  drafts?: boolean;
  /** `NAME=SPECIFIER,…` */
  module?: string[];
  shard?: Shard;
  /** Only for `run`. */
  adapter?: string;
}

/** The same filters for every command that selects. */
export const addSelection = (command: Command): Command =>
  command
    .option('--config <file>', 'default: webrtc-interop.config.ts (.js, .mjs, .json) in this folder')
    .addOption(
      new Option(
        '--browsers <list>',
        'browsers, e.g. chromium,firefox, chrome@beta,firefox@esr or nightly=firefox:/path; default: those that are here',
      ).argParser(commaList),
    )
    .addOption(new Option('--pairs <list>', 'ordered pairs offerer:answerer, * for any').argParser(commaList))
    .addOption(new Option('--areas <list>', 'areas, e.g. codecs,data-channels').argParser(commaList))
    .addOption(new Option('--scenarios <globs>', "scenario ids, e.g. 'codecs/video/*'").argParser(commaList))
    .addOption(new Option('--grep <text>', 'text in the id or title of a scenario'))
    .option('--drafts', 'scenarios that are not proven yet, too')
    .option(
      '--module <name=list>',
      'load these for the module of that name, a column for each of several: SimplePeer=simple-peer@9.11,simple-peer@9.10; may be given again',
      (text: string, before: string[]) => [...before, text],
      [],
    )
    .addOption(new Option('--shard <I/N>', 'the I-th of N equal parts of the plan').argParser(shard));

/** The scenarios and browsers that are left. */
export interface Selection {
  browsers: readonly BrowserSpec[];
  scenarios: readonly Scenario[];
  /** The files of the user's own scenarios, absolute. */
  files: readonly string[];
  cells: PlannedCell[];
  /** Of the configuration. */
  pages: OwnPages;
  services: Services;
  /** Of the configuration. */
  signaling: PublicSignaling;
  /** Where the commands of services run. */
  folder: string;
  /** The cells of all shards. */
  whole: PlannedCell[];
  /** As `--pairs` or the configuration names them. */
  pairs: readonly string[];
  /** Loads the user's modules. */
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

/** The modules that the flags name, else those of the configuration. */
const modulesOf = ({ module: texts = [] }: SelectionFlags, { config, folder }: Project): ModuleChoice[] =>
  texts.length > 0
    ? texts.map(parseModule)
    : Object.entries(config.modules ?? {}).map(([name, given]) => moduleChoice(name, given, folder));

/**
 * If the run is about modules, only the scenarios that load them.
 * @throws {UsageError} `unknown-module`
 */
function about(scenarios: readonly Scenario[], { module: texts = [] }: SelectionFlags): readonly Scenario[] {
  if (texts.length === 0) return scenarios;
  const names = texts.map((text) => parseModule(text).name);
  const known = new Set(scenarios.flatMap(({ modules }) => modules.map(({ name }) => name)));
  const unknown = names.find((name) => !known.has(name));
  if (unknown !== undefined) {
    const all = known.size === 0 ? 'None loads any' : `There are ${[...known].join(', ')}`;
    throw new UsageError('unknown-module', `No scenario loads a module "${unknown}". ${all}.`);
  }
  return scenarios.filter(
    ({ result, modules }) => isCanary(result) || modules.some(({ name }) => names.includes(name)),
  );
}

/** Refuses unknown browsers even if browsers do not matter to the command. */
export async function checkBrowsers(flags: SelectionFlags, project: Project): Promise<void> {
  if (flags.pairs === undefined && flags.browsers === undefined) return;
  const browsers = moduleColumns(await browsersOf(project, flags.browsers), modulesOf(flags, project));
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
  return selectOf(project, flags, await browsersOf(project, flags.browsers));
}

/**
 * The same for a project that is already open, on these browsers.
 * @param flags their `browsers` is ignored
 */
export async function selectOf(
  project: Project,
  flags: SelectionFlags,
  named: readonly BrowserSpec[],
): Promise<Selection> {
  const { scenarios: loaded, files } = await scenariosOf(project);
  const scenarios = about(loaded, flags);
  const browsers = moduleColumns(named, modulesOf(flags, project));
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
    files,
    pages: project.config.pages ?? {},
    services: project.config.services ?? {},
    signaling: publicSignalingOf(project),
    folder: project.folder,
    cells: planCells(scenarios, browsers, filters, flags.shard ?? null),
    whole: planCells(scenarios, browsers, filters),
    pairs: filters.pairs,
    load: project.load,
  };
}
