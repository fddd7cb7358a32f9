import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { useLoaded, useMore } from '../../report/page/hooks.ts';
import { matrixOf, type Model } from '../../report/page/model.ts';
import { MatrixTable, OutOfIt } from '../../report/page/overview.tsx';
import { Badge, Scroll, Sign } from '../../report/page/parts.tsx';
import { find, problemsOf } from '../../report/page/query.ts';
import { count, dayOf, namesOf, pairInWords } from '../../report/page/words.ts';
import type { HistoryRun } from '../history-run.ts';
import type { HistoryIndex, RunEntry } from '../schema.ts';
import { flakeRateOf, momentsOf, sinceOf, type FlakeRate, type Moment, type Since } from '../series.ts';
import { modelOfHistoryRun } from '../view-of-run.ts';
import { sentenceOfRun, toneOfRun } from '../words.ts';
import { cellAddress, cellsAddress } from './address.ts';
import { loadRuns } from './load.ts';
import { runName, signOfTone, Strip, versionsOfRun } from './parts.tsx';
import { RunSelect } from './run-select.tsx';

/** How many runs the strips and flake rates of this view look back. */
export const lookBack = 30;
const rowsStep = 60;

interface Row {
  cell: number;
  moments: Moment[];
  rate: FlakeRate;
}

/** `3 of 30 (10 %)`, or `none`. */
export const rateText = ({ flaked, of }: FlakeRate): string =>
  flaked === 0 ? 'none' : `${String(flaked)} of ${String(of)} (${String(Math.round((flaked * 100) / of))} %)`;

/** Since when it has been so, and for how many runs. */
export function sinceText({ first, runs, always }: Since): string {
  const day = `${dayOf(first.run.entry.startedAt)} ${first.run.entry.startedAt.slice(0, 4)}`;
  return `${always ? 'at least ' : ''}${day}, ${count(runs, 'run')}`;
}

/** @param query if it is empty, pairs that cannot connect are left out: they have a line of their own */
function rowsOf(model: Model, runs: readonly HistoryRun[], query: string, flakyFirst: boolean): Row[] {
  const rows = find(query, model).flatMap((cell): Row[] => {
    const scenario = model.scenario(cell).id;
    if (scenario.startsWith('canary/')) return [];
    if (query === '' && model.outOfIt.has(model.index.cells.pair[cell] ?? -1)) return [];
    const moments = momentsOf(runs, scenario, model.pair(cell));
    return [{ cell, moments, rate: flakeRateOf(moments) }];
  });
  const share = ({ rate: { flaked, of } }: Row): number => (of === 0 ? 0 : flaked / of);
  return flakyFirst ? rows.toSorted((a, b) => share(b) - share(a)) : rows;
}

function Matrix({ model, run }: { model: Model; run: RunEntry }): VNode {
  const matrix = matrixOf(model);
  const addressOf = (_: string, asked: string): string => cellsAddress(run.id, asked);
  return (
    <>
      <MatrixTable model={model} matrix={matrix} addressOf={addressOf} />
      <OutOfIt model={model} matrix={matrix} addressOf={addressOf} />
    </>
  );
}

function Rows({
  model,
  rows,
  run,
  query,
}: {
  model: Model;
  rows: readonly Row[];
  run: RunEntry;
  query: string;
}): VNode {
  const { shown, end } = useMore(`${run.id} ${query}`, rows.length, rowsStep);
  const nameOf = namesOf(model.index.browsers);
  return (
    <>
      <Scroll label="Cells over time">
        <table class="wide stacked over-time">
          <thead>
            <tr>
              <th scope="col">Cell</th>
              <th scope="col">Now</th>
              <th scope="col">Last runs</th>
              <th scope="col">Flaky</th>
              <th scope="col">So since</th>
            </tr>
          </thead>
          <tbody>
            {rows.slice(0, shown).map(({ cell, moments, rate }) => {
              const { id, title } = model.scenario(cell);
              const pair = model.pair(cell);
              const since = sinceOf(moments, id, pair);
              return (
                <tr key={cell}>
                  <th scope="row">
                    <a href={cellAddress(id, pair, run.id, query)} title={id}>
                      {title}
                      <span class="sr">, </span>
                      <span class="pair">{pairInWords(pair, nameOf)}</span>
                    </a>
                  </th>
                  <td data-label="Now">
                    <Badge model={model} cell={cell} />
                  </td>
                  <td data-label="Last runs">
                    <Strip moments={moments} />
                  </td>
                  <td class="tight" data-label="Flaky">
                    {rateText(rate)}
                  </td>
                  <td data-label="So since">{since === null ? 'not run' : sinceText(since)}</td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
      {shown < rows.length && (
        <p ref={end} class="soft">
          {count(rows.length - shown, 'more cell')}
        </p>
      )}
    </>
  );
}

function Loaded({
  runs,
  problems,
  run,
  query,
}: {
  runs: HistoryRun[];
  problems: string[];
  run: RunEntry;
  query: string;
}): VNode {
  const [flakyFirst, setFlakyFirst] = useState(false);
  const chosen = runs.at(-1);
  const model = useMemo(
    () => (chosen?.entry.id === run.id ? modelOfHistoryRun(chosen, runs.at(-2)) : null),
    [chosen, runs, run.id],
  );
  const rows = useMemo(
    () => (model === null ? [] : rowsOf(model, runs, query, flakyFirst)),
    [model, runs, query, flakyFirst],
  );
  return (
    <>
      {problems.map((problem) => (
        <p class="problem">{problem}</p>
      ))}
      {model !== null && (
        <>
          <p class={`sentence ${toneOfRun(model)}`}>
            <Sign>{signOfTone[toneOfRun(model)]}</Sign> {sentenceOfRun(model)}
            <span class="versions">{versionsOfRun(run)}</span>
          </p>
          {query === '' && <Matrix model={model} run={run} />}
          {problemsOf(query, model).map((problem) => (
            <p class="problem">{problem}</p>
          ))}
          <div class="choice">
            <p role="status">
              {count(rows.length, 'cell')} found,{' '}
              {count(rows.filter(({ rate }) => rate.flaked > 0).length, 'of them was', 'of them were')} flaky
              in the last {count(runs.length, 'run')}.
            </p>
            <label>
              <input
                type="checkbox"
                checked={flakyFirst}
                onChange={({ currentTarget }) => setFlakyFirst(currentTarget.checked)}
              />{' '}
              the flakiest first
            </label>
          </div>
          <Rows model={model} rows={rows} run={run} query={query} />
        </>
      )}
    </>
  );
}

/** A run, and how each of its cells came out in the runs of its label up to it. */
export function CellsView({
  index,
  run: wanted,
  query,
}: {
  index: HistoryIndex;
  run: string;
  query: string;
}): VNode {
  const { runs } = index;
  const run = runs.find(({ id }) => id === wanted) ?? runs.at(-1);
  const series = runs.filter(({ label }) => label === run?.label);
  const upTo = series.slice(0, series.findIndex(({ id }) => id === run?.id) + 1).slice(-lookBack);
  const loaded = useLoaded(upTo.map(({ id }) => id).join(' '), () => loadRuns(upTo));
  if (run === undefined) return <h1>There is no run yet</h1>;
  return (
    <>
      <h1>
        Cells over time <span class="soft">up to the run of {runName(run)}</span>
      </h1>
      <RunSelect
        name="run"
        title="Run"
        runs={runs}
        chosen={run}
        onChoose={(id) => {
          location.hash = cellsAddress(id, query);
        }}
      />
      {loaded.state === 'loading' && <p>Loading…</p>}
      {loaded.state === 'failed' && <p class="problem">{loaded.message}</p>}
      {loaded.state === 'there' && (
        <Loaded runs={loaded.value.runs} problems={loaded.value.problems} run={run} query={query} />
      )}
    </>
  );
}
