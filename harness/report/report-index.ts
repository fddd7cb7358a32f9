import type { Expectations } from '../results/expectations.ts';
import type { RunOutline } from '../results/outline.ts';
import type { BrowserResult } from '../results/schema.ts';
import { CellTable } from './cell-table.ts';
import type { ReportBrowser, ReportIndex } from './data.ts';
import { modelOf, type Model } from './page/model.ts';
import { verdictOf } from './verdict.ts';

/**
 * What every report of a run begins with.
 * @param table all cells of the run
 */
export function indexOf(
  outline: RunOutline,
  expectations: Expectations,
  table: CellTable,
  more: Pick<ReportIndex, 'measured' | 'inventories' | 'claims'>,
): ReportIndex {
  const { columns, ...rest } = table.end();
  const { run } = outline;
  return {
    run: {
      id: run.id,
      startedAt: run.startedAt,
      finishedAt: run.finishedAt,
      complete: run.complete,
      interrupted: run.interrupted,
      harness: run.harness,
      environment: run.environment,
      shard: run.shard,
      plannedCells: run.plannedCells,
    },
    verdict: verdictOf(outline, expectations),
    baseline: baselineOf(expectations),
    browsers: outline.browsers.map(browserOf),
    ...rest,
    cells: columns,
    ...more,
  };
}

/** A run in the form that the page, the summary and the terminal use, so that they say the same about it. */
export function modelOfRun(outline: RunOutline, expectations: Expectations): Model {
  const table = new CellTable(outline, expectations);
  for (const cell of outline.cells) table.add(cell);
  return modelOf(indexOf(outline, expectations, table, { measured: [], inventories: [], claims: 0 }));
}

function baselineOf({ baseline }: Expectations): ReportIndex['baseline'] {
  if (baseline === undefined) return null;
  const { run, browsers } = baseline;
  return {
    id: run.id,
    startedAt: run.startedAt,
    browsers: browsers.map(({ id, engine, product, version }) => ({ id, engine, product, version })),
  };
}

/** A browser as the page shows it: what points into the machine's own folders is left out. */
function browserOf({
  id,
  kind,
  engine,
  product,
  version,
  driver,
  launchArgs,
  prefs,
  capabilities,
}: BrowserResult): ReportBrowser {
  const has = capabilities['has'];
  const connects: unknown =
    typeof has === 'object' && has !== null ? Reflect.get(has, 'RTCPeerConnection') : undefined;
  const settings = [
    ...launchArgs,
    ...Object.entries(prefs).map(([name, value]) => `${name} = ${String(value)}`),
  ];
  return {
    id,
    kind,
    engine,
    product,
    version,
    driver,
    connects: typeof connects === 'boolean' ? connects : null,
    settings: settings.map((setting) =>
      setting.replace(/=(?<space> ?)(?:file:)?(?:\/|[A-Za-z]:\\).*$/, '=$<space>…'),
    ),
  };
}
