import { type Command, Option } from 'commander';
import type { BrowserSpec } from '../config/browser-spec.ts';
import { browserSpecs, commaList, shard } from '../config/lists.ts';
import { parseAdapter } from '../config/scripts.ts';
import type { Shard } from '../config/shard.ts';
import { UsageError } from '../errors.ts';
import { loadScenarios } from '../matrix/load.ts';
import { checkPairs, planCells, type Filters, type PlannedCell } from '../matrix/plan.ts';
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
    .addOption(new Option('--shard <I/N>', 'the I-th of N equal parts of the plan').argParser(shard));

/** What is left of all scenarios and browsers. */
export interface Selection {
  browsers: BrowserSpec[];
  scenarios: readonly Scenario[];
  cells: PlannedCell[];
  /** The cells of all shards. */
  whole: PlannedCell[];
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
export async function checkBrowsers(flags: SelectionFlags): Promise<void> {
  const named = browserSpecs(flags.browsers ?? []);
  if (flags.pairs === undefined) return;
  const browsers = flags.browsers ? named : await browsersHere();
  checkPairs(
    browsers.map(({ id }) => id),
    filtersOf(flags),
  );
}

/** Launches no browser. */
export async function select(flags: SelectionFlags): Promise<Selection> {
  const scenarios = await loadScenarios(packageRoot);
  const browsers = flags.browsers ? browserSpecs(flags.browsers) : await browsersHere();
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
  };
}
