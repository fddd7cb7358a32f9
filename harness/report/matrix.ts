import { areaOf, keyOf } from '../results/cell-key.ts';
import type { CellOutline, RunOutline } from '../results/outline.ts';
import type { ScenarioResult } from '../results/schema.ts';
import { noExpectations, type Expectation, type Expectations } from '../results/expectations.ts';
import { canaryStatus, isUnexpected } from '../results/totals.ts';

export { pairName } from '../results/pair-name.ts';

/** Cells by offerer (rows) and answerer (columns). */
export interface Matrix {
  offerers: string[];
  answerers: string[];
  /** The cells of one pair; none where it was not planned, several where scenarios or repeats are summed up. */
  at(offerer: string, answerer: string): CellOutline[];
}

/** One scenario with its cells. */
export interface ScenarioView {
  id: string;
  title: string;
  /** Absent where the results name it in a cell only. */
  declared: ScenarioResult | undefined;
  cells: CellOutline[];
  pairs: Matrix;
  /** Cells of one browser, by its id. */
  singles: Map<string, CellOutline[]>;
}

/** An area with its scenarios, and their sum. */
export interface AreaView {
  name: string;
  cells: CellOutline[];
  pairs: Matrix;
  singles: Map<string, CellOutline[]>;
  readonly scenarios: ScenarioView[];
}

const canaryArea = 'canary';

function groupBy<T>(items: readonly T[], keyOfItem: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const group = groups.get(keyOfItem(item));
    if (group === undefined) groups.set(keyOfItem(item), [item]);
    else group.push(item);
  }
  return groups;
}

/** Ids in the order of the run's browsers; ones that are in no list of browsers, as after a failed launch, come last. */
function browserOrder({ browsers, cells }: RunOutline): string[] {
  const named = cells.flatMap(({ offerer, answerer }) =>
    answerer === null ? [offerer] : [offerer, answerer],
  );
  return [...new Set([...browsers.map(({ id }) => id), ...named])];
}

function matrixOf(cells: readonly CellOutline[], order: readonly string[]): Matrix {
  const pairs = cells.filter((cell) => cell.answerer !== null);
  const byPair = groupBy(pairs, (cell) => keyOf({ ...cell, scenario: '' }));
  const sides = (side: 'offerer' | 'answerer'): string[] => {
    const there = new Set(pairs.map((cell) => cell[side]));
    return order.filter((id) => there.has(id));
  };
  return {
    offerers: sides('offerer'),
    answerers: sides('answerer'),
    at: (offerer, answerer) => byPair.get(keyOf({ scenario: '', offerer, answerer })) ?? [],
  };
}

function singlesOf(cells: readonly CellOutline[], order: readonly string[]): Map<string, CellOutline[]> {
  const byBrowser = groupBy(
    cells.filter((cell) => cell.answerer === null),
    (cell) => cell.offerer,
  );
  return new Map(order.flatMap((id) => (byBrowser.has(id) ? [[id, byBrowser.get(id) ?? []]] : [])));
}

/** The areas of a run in the order of its scenarios, the canaries last. */
export function areasOf(results: RunOutline): AreaView[] {
  const order = browserOrder(results);
  const declared = new Map(results.scenarios.map((scenario) => [scenario.id, scenario]));
  const byScenario = groupBy(results.cells, (cell) => cell.scenario);
  const ids = [...new Set([...declared.keys(), ...byScenario.keys()])].filter((id) => byScenario.has(id));
  const areas = groupBy(ids, areaOf);
  const rank = (area: string): number => (area === canaryArea ? 1 : 0);
  return [...areas]
    .toSorted(([a], [b]) => rank(a) - rank(b))
    .map(([name, scenarioIds]) => {
      const cells = scenarioIds.flatMap((id) => byScenario.get(id) ?? []);
      const scenarioOf = (id: string): ScenarioView => {
        const own = byScenario.get(id) ?? [];
        const known = declared.get(id);
        const title = known?.title ?? id;
        return {
          id,
          title,
          declared: known,
          cells: own,
          pairs: matrixOf(own, order),
          singles: singlesOf(own, order),
        };
      };
      return {
        name,
        cells,
        pairs: matrixOf(cells, order),
        singles: singlesOf(cells, order),
        // thousands of tables, which most that ask for areas do not look at
        get scenarios() {
          return scenarioIds.map(scenarioOf);
        },
      };
    });
}

/** Cells that failed in the same way. */
export interface FailureGroup {
  signature: string;
  /** At least one; the first stands for all. */
  cells: [CellOutline, ...CellOutline[]];
}

/** The unexpected cells, those of one signature together, the largest group first. */
export function failureGroups(
  { cells }: RunOutline,
  expectations: Expectations = noExpectations,
): FailureGroup[] {
  const bySignature = groupBy(
    cells.filter((cell) => isUnexpected(cell, expectations)),
    (cell) => cell.signature ?? `${cell.status} ${cell.scenario}`,
  );
  return [...bySignature]
    .flatMap(([signature, [first, ...rest]]) =>
      first === undefined
        ? []
        : [{ signature, cells: [first, ...rest] satisfies [CellOutline, ...CellOutline[]] }],
    )
    .toSorted((a, b) => b.cells.length - a.cells.length);
}

/** Failures that were known, and the cells that failed so. */
export function knownFailures(
  { cells }: RunOutline,
  expectations: Expectations,
): { expectation: Expectation; cells: CellOutline[] }[] {
  const known = new Map<Expectation, CellOutline[]>();
  for (const cell of cells) {
    const expectation = expectations.of(cell);
    if (expectation) known.set(expectation, [...(known.get(expectation) ?? []), cell]);
  }
  return [...known].map(([expectation, of]) => ({ expectation, cells: of }));
}

/**
 * Cells that were left out, and why, those of one cause together, the largest group first; canaries apart, and what lost
 * support, which is unexpected.
 */
export function leftOut(
  { cells }: RunOutline,
  expectations: Expectations = noExpectations,
): { cause: string; cells: [CellOutline, ...CellOutline[]] }[] {
  const out = cells.filter(
    (cell) =>
      (cell.status === 'unsupported' || cell.status === 'notrun' || cell.status === 'skipped') &&
      canaryStatus(cell.scenario) === null &&
      !isUnexpected(cell, expectations),
  );
  return [...groupBy(out, (cell) => `${cell.status} ${causeOf(cell)}`).values()]
    .flatMap(([first, ...rest]) =>
      first === undefined
        ? []
        : [{ cause: causeOf(first), cells: [first, ...rest] satisfies [CellOutline, ...CellOutline[]] }],
    )
    .toSorted((a, b) => b.cells.length - a.cells.length);
}

/** Of a side that lacks something, the first thing, whichever side it was: what else it lacks mostly follows from that. */
function causeOf({ reason }: CellOutline): string {
  const message = reason?.message ?? '';
  const lacks = /^(?:offerer|answerer|single) (?<what>\S+ has no [^,;]+)/.exec(message)?.groups?.['what'];
  return reason?.code === 'lacks-capability' && lacks !== undefined ? lacks : message;
}
