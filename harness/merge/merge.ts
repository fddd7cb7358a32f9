import { randomUUID } from 'node:crypto';
import { UsageError } from '../errors.ts';
import { canaryStatus, isAsDue } from '../results/canary.ts';
import { keyOf } from '../results/cell-key.ts';
import type { BrowserResult, Cell, Run, ScenarioResult } from '../results/schema.ts';
import type { Part } from './parts.ts';
import { checkShards } from './shards.ts';
import { tellApart, type Ids } from './told-apart.ts';

/** A cell of the merged run, with the part that holds its evidence. */
export interface MergedCell {
  part: Part;
  cell: Cell;
}

/** One run made from several. */
export interface Merged {
  run: Run;
  browsers: BrowserResult[];
  scenarios: ScenarioResult[];
  cells: MergedCell[];
}

const isCanary = ({ scenario }: Pick<Cell, 'scenario'>): boolean => canaryStatus(scenario) !== null;
const distinct = <T>(values: readonly T[]): T[] => [...new Set(values)];

/** @throws {UsageError} `run-twice`, `other-harness` or `other-scenario`: cells of these runs do not belong together */
function checkSame(parts: readonly Part[]): void {
  const ids = new Map<string, Part>();
  const versions = new Map<string, { version: number; part: Part }>();
  const [first] = parts;
  const harnessOf = ({ results: { run } }: Part): string =>
    `${run.harness.version}${run.harness.commit === null ? '' : ` (${run.harness.commit.slice(0, 12)})`}`;
  for (const part of parts) {
    const { run, scenarios } = part.results;
    const twin = ids.get(run.id);
    if (twin) {
      throw new UsageError(
        'run-twice',
        `${twin.dir} and ${part.dir} are the same run, whose cells would be counted twice. Nothing was written.`,
      );
    }
    ids.set(run.id, part);
    if (first && harnessOf(first) !== harnessOf(part)) {
      throw new UsageError(
        'other-harness',
        `${first.dir} is of webrtc-interop ${harnessOf(first)} and ${part.dir} of ${harnessOf(part)}: they may judge otherwise. Run all with the same one. Nothing was written.`,
      );
    }
    for (const { id, version } of scenarios) {
      const other = versions.get(id);
      if (other !== undefined && other.version !== version) {
        throw new UsageError(
          'other-scenario',
          `${id} has version ${other.version} in ${other.part.dir} and ${version} in ${part.dir}: it is judged otherwise. Nothing was written.`,
        );
      }
      versions.set(id, { version, part });
    }
  }
}

/** Canaries are in every part: one of each key is kept, preferably one that is not as it must be. */
function mergedCells(parts: readonly Part[], ids: ReadonlyMap<Part, Ids>): MergedCell[] {
  const canaries = new Map<string, MergedCell>();
  const owners = new Map<string, Part>();
  const cells: MergedCell[] = [];
  for (const part of parts) {
    const name: Ids = ids.get(part) ?? ((id) => id);
    for (const each of part.results.cells) {
      const { offerer, answerer } = each;
      const cell: Cell = {
        ...each,
        offerer: name(offerer),
        answerer: answerer === null ? null : name(answerer),
      };
      const key = keyOf(cell);
      if (isCanary(cell)) {
        const other = canaries.get(key);
        if (!other || (isAsDue(other.cell) && !isAsDue(cell))) canaries.set(key, { part, cell });
        continue;
      }
      const owner = owners.get(key);
      if (owner !== undefined && owner !== part) {
        throw new UsageError(
          'cell-twice',
          `${cell.scenario}, ${offerer}${answerer === null ? '' : ` to ${answerer}`}, is in ${owner.dir} and in ${part.dir}: it would be counted twice. Nothing was written.`,
        );
      }
      owners.set(key, part);
      cells.push({ part, cell });
    }
  }
  return [...canaries.values(), ...cells];
}

function mergedRun(parts: readonly Part[], argv: readonly string[], canaries: number): Run | undefined {
  const runs = parts.map(({ results }) => results.run);
  const [first] = runs;
  if (!first) return undefined;
  const own = parts.map(({ results: { run, cells } }) => run.plannedCells - cells.filter(isCanary).length);
  const finished = runs.map(({ finishedAt }) => finishedAt).filter((at) => at !== null);
  const joined = (what: 'os' | 'osVersion' | 'arch' | 'node'): string =>
    distinct(runs.map(({ environment }) => environment[what])).join(', ');
  return {
    id: randomUUID(),
    startedAt: runs.map(({ startedAt }) => startedAt).toSorted()[0] ?? first.startedAt,
    finishedAt: finished.length === runs.length ? (finished.toSorted().at(-1) ?? null) : null,
    complete: runs.every(({ complete }) => complete),
    interrupted: runs.some(({ interrupted }) => interrupted),
    argv: [...argv],
    harness: first.harness,
    environment: {
      os: joined('os'),
      osVersion: joined('osVersion'),
      arch: joined('arch'),
      cpus: Math.min(...runs.map(({ environment }) => environment.cpus)),
      node: joined('node'),
    },
    shard: null,
    plannedCells: own.reduce((sum, cells) => sum + cells, canaries),
    parts: runs.map(({ id, startedAt, finishedAt, environment, shard, argv: words }) => ({
      id,
      startedAt,
      finishedAt,
      environment,
      shard,
      argv: words,
    })),
  };
}

/**
 * One run made from several: shards of one plan, from one machine or several, and whole runs from other systems. Pure.
 * @param argv the arguments of the command line, for the results
 * @throws {UsageError} if a shard is missing or exists twice, or the runs do not belong together
 */
export function mergeParts(parts: readonly Part[], argv: readonly string[]): Merged {
  checkSame(parts);
  checkShards(parts);
  const ids = tellApart(parts);
  const cells = mergedCells(parts, ids);
  const run = mergedRun(parts, argv, cells.filter(({ cell }) => isCanary(cell)).length);
  if (!run) throw new UsageError('no-runs', 'There is nothing to merge. Name the folders of runs.');
  const browsers = new Map<string, BrowserResult>();
  const scenarios = new Map<string, ScenarioResult>();
  for (const part of parts) {
    for (const browser of part.results.browsers) {
      const id = ids.get(part)?.(browser.id) ?? browser.id;
      if (!browsers.has(id)) browsers.set(id, { ...browser, id });
    }
    for (const scenario of part.results.scenarios) scenarios.set(scenario.id, scenario);
  }
  return { run, browsers: [...browsers.values()], scenarios: [...scenarios.values()], cells };
}
