import { canaryStatus } from '../results/canary.ts';
import { keyOf } from '../results/cell-key.ts';
import type { Expectation } from '../results/expectations.ts';
import type { Cell, Results } from '../results/schema.ts';
import { standingOf } from '../results/standing.ts';

/** A cell with the versions of its browsers: cells with other versions say nothing about it. */
interface Seen {
  /** The run that it is from. */
  run: Results;
  cell: Cell;
  versions: { offerer: string; answerer: string };
}

/** A failure that runs agree on, or that was seen once. */
export interface Agreed {
  expectation: Expectation;
  /** The cells that failed in this way. */
  cells: readonly Seen[];
  /** How often the cell was run with these versions. */
  of: number;
}

type KnownStatus = Expectation['status'];
const isKnownStatus = (status: Cell['status']): status is KnownStatus =>
  status === 'fail' || status === 'timeout' || status === 'crash';

function groupBy<T>(items: readonly T[], key: (item: T) => string): [T, ...T[]][] {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const group = groups.get(key(item));
    if (group) group.push(item);
    else groups.set(key(item), [item]);
  }
  return [...groups.values()];
}

/** Every cell that was run, except canaries. */
function seenIn(runs: readonly Results[]): Seen[] {
  return runs.flatMap((run) => {
    const { cells, browsers } = run;
    const versions = new Map(browsers.map(({ id, version }) => [id, version]));
    const versionOf = (id: string | null): string => (id === null ? '' : (versions.get(id) ?? ''));
    return cells
      .filter(
        ({ scenario, status }) =>
          canaryStatus(scenario) === null && status !== 'notrun' && status !== 'skipped',
      )
      .map((cell) => ({
        run,
        cell,
        versions: { offerer: versionOf(cell.offerer), answerer: versionOf(cell.answerer) },
      }));
  });
}

/** A side, with its version where that matters, as an expectation names it. */
const side = (id: string | null, version: string, isVersioned: boolean): string => {
  if (id === null) return '*';
  const plain = /^\d+(?:\.\d+)*/.exec(version)?.[0];
  return isVersioned && plain !== undefined ? `${id} =${plain}` : id;
};

/** The failures of cells with one key and the same versions, by signature. */
function agreedOf(seen: readonly [Seen, ...Seen[]], isVersioned: boolean): Agreed[] {
  const [{ cell, versions }] = seen;
  const cells = seen.map((each) => each.cell);
  const [first, ...rest] = cells;
  if (first === undefined) return [];
  const flaky = standingOf([first, ...rest]).outcome === 'flaky';
  const failures = groupBy(
    seen.filter(({ cell: { status, signature } }) => isKnownStatus(status) && signature !== null),
    ({ cell: { status, signature } }) => JSON.stringify([status, signature]),
  );
  return failures.flatMap((same) => {
    const [
      {
        cell: { status, signature },
      },
    ] = same;
    if (!isKnownStatus(status) || signature === null) return [];
    const sometimes = flaky || same.length < cells.length;
    return [
      {
        expectation: {
          scenarios: cell.scenario,
          offerer: side(cell.offerer, versions.offerer, isVersioned),
          answerer: side(cell.answerer, versions.answerer, isVersioned),
          status,
          says: signature,
          why: sometimes
            ? `It fails so now and then (${same.length} of ${cells.length} times).`
            : `It fails so (${same.length} times of ${cells.length}).`,
          ...(sometimes ? { sometimes: true as const } : {}),
        },
        cells: same,
        of: cells.length,
      },
    ];
  });
}

/**
 * The failures in runs of the same cells. One that occurred every time is steady; otherwise it comes `sometimes`. If
 * versions of a browser differ, each version has its own expectations.
 */
export function failuresIn(runs: readonly Results[]): Agreed[] {
  return groupBy(seenIn(runs), ({ cell }) => keyOf(cell)).flatMap((ofKey) => {
    const byVersion = groupBy(ofKey, ({ versions }) => JSON.stringify(versions));
    const together = agreedOf(ofKey, false);
    if (byVersion.length === 1 || together.every(({ expectation }) => expectation.sometimes !== true))
      return together;
    return byVersion.flatMap((of) => agreedOf(of, true));
  });
}
