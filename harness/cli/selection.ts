import { type Command, Option } from 'commander';
import type { BrowserSpec } from '../config/browser-spec.ts';
import { browserSpecs, commaList, shard } from '../config/lists.ts';
import { moduleColumns, parseModule } from '../config/module-columns.ts';
import { parseAdapter } from '../config/scripts.ts';
import type { Shard } from '../config/shard.ts';
import { UsageError } from '../errors.ts';
import { loadScenarios } from '../matrix/load.ts';
import { checkPairs, isCanary, planCells, type Filters, type PlannedCell } from '../matrix/plan.ts';
import type { Scenario } from '../matrix/scenario.ts';
import { packageRoot } from '../run/environment.ts';
import { browsersHere } from '../setup/browsers-here.ts';

/** The filters of `run`, `list` and `plan`, as commander gives them. */
export interface SelectionFlags {
  browsers?: string[];
  pairs?: string[];
  areas?: string[];
  scenarios?: string[];
  grep?: string;
  drafts?: boolean;
  /** `NAME=SPECIFIER,…` */
  module?: string[];
  shard?: Shard;
  /** Of `run` alone. */
  adapter?: string;
}

/** The same filters for every command that selects. */
export const addSelection = (command: Command): Command =>
  command
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
    .option(
      '--module <name=list>',
      'load these for the module of that name, a column for each of several: SimplePeer=simple-peer@9.11,simple-peer@9.10; may be given again',
      (text: string, before: string[]) => [...before, text],
      [],
    )
    .addOption(new Option('--shard <I/N>', 'the I-th of N equal parts of the plan').argParser(shard));

/** What is left of all scenarios and browsers. */
export interface Selection {
  browsers: BrowserSpec[];
  scenarios: readonly Scenario[];
  cells: PlannedCell[];
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

const withModules = (
  browsers: readonly BrowserSpec[],
  { module: texts = [] }: SelectionFlags,
): BrowserSpec[] => moduleColumns(browsers, texts.map(parseModule));

/**
 * Of a run that is about modules, the scenarios that load them.
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

/** What names no browser is refused where browsers decide nothing, too. */
export async function checkBrowsers(flags: SelectionFlags): Promise<void> {
  const named = browserSpecs(flags.browsers ?? []);
  if (flags.pairs === undefined) return;
  const browsers = withModules(flags.browsers ? named : await browsersHere(), flags);
  checkPairs(
    browsers.map(({ id }) => id),
    filtersOf(flags),
  );
}

/** Launches no browser. */
export async function select(flags: SelectionFlags): Promise<Selection> {
  const scenarios = about(await loadScenarios(packageRoot), flags);
  const browsers = withModules(flags.browsers ? browserSpecs(flags.browsers) : await browsersHere(), flags);
  if (browsers.length === 0) {
    throw new UsageError(
      'no-browser',
      'No browser was found on this machine. `webrtc-interop install` installs some; `webrtc-interop doctor` says more.',
    );
  }
  return {
    browsers,
    scenarios,
    cells: planCells(scenarios, browsers, filtersOf(flags), flags.shard ?? null),
  };
}
