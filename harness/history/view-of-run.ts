import type { CellColumns, ReportCause, ReportIndex } from '../report/data.ts';
import { modelOf, nameOfPair, type Model } from '../report/page/model.ts';
import { isUnexpected, judgedOtherwise } from './changes.ts';
import { isBad, type HistoryRun, type Stood } from './history-run.ts';
import type { RunCause } from './schema.ts';

/** @param was what the run before says, if anything */
function newsOf(stood: Stood, was: Stood | undefined): string {
  const { outcome, stands } = stood;
  const isLost = stands.some(({ status, lost }) => {
    if (status !== 'unsupported') return false;
    return was === undefined ? lost === true : was.outcome !== 'unsupported';
  });
  if (isLost) return 'L';
  const bad = stands.filter(isBad);
  if (bad.length > 0) return bad.some((cause) => isUnexpected(cause, was)) ? 'N' : 'K';
  if (outcome === 'bad') return 'N'; // a canary
  return outcome === 'pass' && was?.outcome === 'bad' ? 'F' : '.';
}

const causeOf = ({ signature, status, phase, message, known }: RunCause): ReportCause => ({
  signature,
  status,
  phase,
  code: '',
  message,
  known: known === null ? null : { why: known.why, bug: known.bug, since: null },
  repro: '',
});

/**
 * A run of a site in the form that the report's page needs: the same matrix, search and words. Cells with one key are one.
 * @param before the run that it is compared with, like `report --baseline`: what failed in the same way there is known
 */
export function modelOfHistoryRun(run: HistoryRun, before?: HistoryRun): Model {
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
      const was =
        before === undefined || judgedOtherwise(before, run, id)
          ? undefined
          : before.of(id, nameOfPair(pair));
      cells.news.push(newsOf(stood, was?.outcome === 'left-out' ? undefined : was));
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
    baseline:
      before === undefined
        ? null
        : { id: before.entry.id, startedAt: before.entry.startedAt, browsers: before.entry.browsers },
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
    claims: 0,
  };
  return modelOf(index);
}
