import { keyOf, type CellKey } from './cell-key.ts';
import type { Cell, Results, ScenarioResult } from './schema.ts';
import { standingsOf, type Standing } from './standing.ts';

/** An earlier run, with which a later one is compared. */
export class Baseline {
  /** The run, for people. */
  readonly name: string;
  readonly run: Results['run'];
  readonly browsers: Results['browsers'];
  /** The folder that its evidence is in; undefined if it was not given. */
  readonly folder: string | undefined;
  readonly #standings: ReadonlyMap<string, Standing>;
  readonly #judgedOtherwise: ReadonlySet<string>;

  /** @param scenarios those of the later run: where one has another version, the baseline says nothing about it */
  constructor(
    before: Results,
    scenarios: readonly Pick<ScenarioResult, 'id' | 'version'>[],
    folder?: string,
  ) {
    this.name = `the run of ${before.run.startedAt}`;
    this.run = before.run;
    this.folder = folder;
    this.browsers = before.browsers;
    this.#standings = standingsOf(before.cells);
    const versions = new Map(before.scenarios.map(({ id, version }) => [id, version]));
    this.#judgedOtherwise = new Set(
      scenarios.filter(({ id, version }) => (versions.get(id) ?? version) !== version).map(({ id }) => id),
    );
  }

  /** What the earlier run says about a cell; undefined if it did not run it, or judged it differently. */
  of(key: CellKey): Standing | undefined {
    if (this.#judgedOtherwise.has(key.scenario)) return undefined;
    const standing = this.#standings.get(keyOf(key));
    return standing?.outcome === 'left-out' ? undefined : standing;
  }

  /** The last pass of a cell; undefined if it has none. */
  lastPass(key: CellKey): Cell | undefined {
    return this.of(key)?.cells.findLast(({ status }) => status === 'pass');
  }

  /** What it says about a cell whose scenario it judged by another version. */
  judgedOtherwise(key: CellKey): Standing | undefined {
    return this.#judgedOtherwise.has(key.scenario) ? this.#standings.get(keyOf(key)) : undefined;
  }
}
