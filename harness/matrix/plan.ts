import picomatch from 'picomatch';
import type { BrowserSpec } from '../config/browser-spec.ts';
import type { Shard } from '../config/shard.ts';
import { UsageError } from '../errors.ts';
import type { Scenario } from './scenario.ts';

/** One cell that a run would run. */
export interface PlannedCell {
  scenario: string;
  /** For a single scenario: the browser. */
  offerer: string;
  answerer: string | null;
}

/** What the user selects; default everything. */
export interface Filters {
  /** `chromium:firefox`, `chromium:*`, `*:*`. */
  pairs: readonly string[];
  areas: readonly string[];
  /** Globs over ids; matching the beginning of an id up to a slash is enough, so `codecs/*` is a whole area. */
  scenarios: readonly string[];
  /** Text in id or title; case does not matter. */
  grep: string | null;
  /** Also those that are not proven yet. */
  drafts: boolean;
  /** Whether `--adapter` names a file, which some scenarios are about. */
  adapterFile: boolean;
}

export const noFilters: Filters = {
  pairs: [],
  areas: [],
  scenarios: [],
  grep: null,
  drafts: false,
  adapterFile: false,
};

/** Canaries prove the harness itself, so they are in every run. */
export const isCanary = (scenario: { id: string }): boolean => scenario.id.startsWith('canary/');

const matching = (globs: readonly string[]): ((id: string) => boolean) =>
  picomatch(globs.flatMap((glob) => [glob, `${glob}/**`]));

/** The scenarios that the filters select, without canaries. */
export function selectScenarios(scenarios: readonly Scenario[], filters: Filters): Scenario[] {
  const globs = filters.scenarios.length === 0 ? () => true : matching(filters.scenarios);
  const text = filters.grep?.toLowerCase() ?? '';
  return scenarios.filter(
    ({ result, draft, adapterFile }) =>
      !isCanary(result) &&
      (filters.drafts || !draft) &&
      (filters.adapterFile || !adapterFile) &&
      (filters.areas.length === 0 || filters.areas.includes(result.area)) &&
      globs(result.id) &&
      `${result.id} ${result.title}`.toLowerCase().includes(text),
  );
}

/** An ordered pair of browser ids. */
export interface Pair {
  offerer: string;
  answerer: string;
}

/** Every ordered pair, same-browser pairs included. */
export const pairsOf = (ids: readonly string[]): Pair[] =>
  ids.flatMap((offerer) => ids.map((answerer) => ({ offerer, answerer })));

/** The cells of one scenario: one for each pair, or one for each browser that is in a pair. */
export function cellsOf({ result }: Scenario, pairs: readonly Pair[]): PlannedCell[] {
  if (result.roles === 'pair') return pairs.map((pair) => ({ scenario: result.id, ...pair }));
  const alone = new Set(pairs.flatMap(({ offerer, answerer }) => [offerer, answerer]));
  return [...alone].map((offerer) => ({ scenario: result.id, offerer, answerer: null }));
}

/**
 * Turns a configuration into cells; pure. Pairs are generated: every ordered pair of the browsers, same-browser pairs included.
 * @throws {UsageError} if a filter names what does not exist, or nothing is selected, in all or in the shard.
 */
export function planCells(
  all: readonly Scenario[],
  browsers: readonly BrowserSpec[],
  filters: Filters = noFilters,
  shard: Shard | null = null,
): PlannedCell[] {
  const ids = browsers.map(({ id }) => id);
  checkScenarios(all, filters);
  checkPairs(ids, filters);
  const pairs = pairsOf(ids).filter(
    (pair) => filters.pairs.length === 0 || filters.pairs.some((wanted) => isPair(wanted, pair)),
  );
  const selected = selectScenarios(all, filters).flatMap((scenario) => cellsOf(scenario, pairs));
  const canaries = all.filter(({ result }) => isCanary(result));
  // Canaries are in every run, so none has to be asked for; the command that repeats one names it.
  const named =
    filters.scenarios.length > 0 && canaries.some(({ result }) => matching(filters.scenarios)(result.id));
  if (selected.length === 0 && !named) {
    throw new UsageError(
      'nothing-selected',
      'Nothing is selected: the filters leave no scenario with a pair of browsers. See `webrtc-interop list` and `webrtc-interop plan`.',
    );
  }
  const mine = shard === null ? selected : selected.filter((_, at) => at % shard.total === shard.index - 1);
  if (shard !== null && mine.length === 0 && selected.length > 0) {
    throw new UsageError(
      'empty-shard',
      `Shard ${String(shard.index)} of ${String(shard.total)} has no cell: there are ${String(selected.length)} in all. Ask for fewer shards.`,
    );
  }
  return [...canaries.flatMap((scenario) => cellsOf(scenario, pairs)), ...mine];
}

/** The plan several times over; canaries once, as they are about the run and not about a cell. */
export const repeated = (cells: readonly PlannedCell[], times: number): PlannedCell[] =>
  Array.from({ length: times }, (_, at) =>
    at === 0 ? cells : cells.filter(({ scenario }) => !isCanary({ id: scenario })),
  ).flat();

/** Whether a pair is one that `--pairs` names. */
export function isPair(wanted: string, { offerer, answerer }: Pair): boolean {
  const [a = '*', b = '*'] = wanted.split(':');
  return (a === '*' || a === offerer) && (b === '*' || b === answerer);
}

/** Whether `--pairs` names a browser of a pair that it selects: `*` names none. */
export const isAskedFor = (wanted: readonly string[], pair: Pair, id: string): boolean =>
  wanted.some((each) => isPair(each, pair) && each.split(':').includes(id));

/** @throws {UsageError} `bad-pair` or `unknown-browser` */
export function checkPairs(ids: readonly string[], filters: Filters): void {
  for (const wanted of filters.pairs) {
    const sides = wanted.split(':');
    if (sides.length !== 2) {
      throw new UsageError(
        'bad-pair',
        `"${wanted}" is no pair. Write offerer:answerer, e.g. chromium:firefox or firefox:*.`,
      );
    }
    for (const side of sides) {
      if (side !== '*' && !ids.includes(side)) {
        throw new UsageError(
          'unknown-browser',
          `--pairs names "${side}", which is no browser of this run. Its browsers are ${ids.join(', ')}; add it with --browsers.`,
        );
      }
    }
  }
}

/** @throws {UsageError} `unknown-area` or `unknown-scenario` for a filter that selects nothing, even if others do */
export function checkScenarios(all: readonly Scenario[], filters: Filters): void {
  const known = new Set(all.map(({ result }) => result.area));
  for (const area of filters.areas) {
    if (!known.has(area)) {
      throw new UsageError('unknown-area', `There is no area "${area}". There are ${[...known].join(', ')}.`);
    }
  }
  for (const glob of filters.scenarios) {
    const found = all.filter(({ result }) => matching([glob])(result.id));
    if (found.length === 0) {
      throw new UsageError(
        'unknown-scenario',
        `No scenario is called "${glob}". \`webrtc-interop list --drafts\` shows all.`,
      );
    }
    if (!filters.drafts && found.every(({ draft }) => draft)) {
      throw new UsageError(
        'draft-scenario',
        `"${glob}" names drafts only, which are not proven yet: add --drafts.`,
      );
    }
  }
}
