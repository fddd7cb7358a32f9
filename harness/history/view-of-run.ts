import type { CellColumns, ReportCause, ReportIndex } from '../report/data.ts';
import { modelOf, nameOfPair, type Model } from '../report/page/model.ts';
import { isBad, type HistoryRun, type Stood } from './history-run.ts';
import type { RunCause } from './schema.ts';

const newsOf = ({ outcome, stands, failures }: Stood): string => {
  if (stands.some(({ lost }) => lost === true)) return 'L';
  if (outcome !== 'bad' && failures.size === 0) return '.';
  return stands.filter(isBad).every(({ known }) => known !== null) ? 'K' : 'N';
};

const causeOf = ({ signature, status, phase, message, known }: RunCause): ReportCause => ({
  signature,
  status,
  phase,
  code: '',
  message,
  known: known === null ? null : { why: known.why, bug: known.bug, since: null },
  repro: '',
});

/** A run of a site as the report's page asks for it: the same matrix, search and words. Cells of one key are one. */
export function modelOfHistoryRun(run: HistoryRun): Model {
  const { entry, scenarios, pairs } = run;
  const causes = new Map<RunCause, number>();
  const cells = {
    scenario: [] as number[],
    pair: [] as number[],
    cause: [] as number[],
    outcome: [] as string[],
    news: [] as string[],
  };
  for (const [place, { id }] of scenarios.entries()) {
    for (const [at, pair] of pairs.entries()) {
      const stood = run.of(id, nameOfPair(pair));
      if (stood === undefined) continue;
      const [cause] = stood.causes;
      if (cause !== undefined && !causes.has(cause)) causes.set(cause, causes.size);
      cells.scenario.push(place);
      cells.pair.push(at);
      cells.cause.push(cause === undefined ? -1 : (causes.get(cause) ?? -1));
      cells.outcome.push(stood.letter);
      cells.news.push(newsOf(stood));
    }
  }
  const columns: CellColumns = {
    ...cells,
    outcome: cells.outcome.join(''),
    news: cells.news.join(''),
    before: '',
    ms: [],
    chunks: [],
  };
  // What a site does not keep is empty.
  const index: ReportIndex = {
    run: {
      id: entry.id,
      startedAt: entry.startedAt,
      finishedAt: null,
      complete: entry.complete,
      interrupted: false,
      harness: { version: entry.harness, commit: null },
      environment: { os: entry.system, osVersion: '', arch: '', cpus: 0, node: '' },
      shard: null,
      plannedCells: cells.scenario.length,
    },
    verdict: entry.verdict,
    baseline: null,
    browsers: entry.browsers.map((browser) => ({
      ...browser,
      driver: { name: '', version: '' },
      settings: [],
    })),
    pairs: [...pairs],
    scenarios: scenarios.map(({ id, title, question, level, roles }) => ({
      id,
      title,
      question,
      level,
      roles,
    })),
    causes: [...causes.keys()].map(causeOf),
    cells: columns,
    measured: [],
    inventories: [],
  };
  return modelOf(index);
}
