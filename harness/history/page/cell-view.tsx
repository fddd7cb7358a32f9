import type { VNode } from 'preact';
import { useLoaded } from '../../report/page/hooks.ts';
import { nameOfPair, type Pair } from '../../report/page/model.ts';
import { bugName, OutLink, Scroll } from '../../report/page/parts.tsx';
import { shortVersion } from '../../report/page/words.ts';
import type { HistoryRun } from '../history-run.ts';
import type { HistoryIndex, RunEntry } from '../schema.ts';
import { flakeRateOf, momentsOf, sinceOf, type Moment } from '../series.ts';
import { letterText, pairText } from '../words.ts';
import { cellsAddress, compareAddress } from './address.ts';
import { rateText, sinceText } from './cells-view.tsx';
import { loadRuns } from './load.ts';
import { LetterBadge, runName, Strip } from './parts.tsx';

/** `154.0 → 156.0.8078`; for a single browser, its version. */
const versionsText = ({ entry }: HistoryRun, { offerer, answerer }: Pair): string =>
  [offerer, ...(answerer === null ? [] : [answerer])]
    .map((id) => shortVersion(entry.browsers.find((browser) => browser.id === id)?.version ?? 'not started'))
    .join(' → ');

/** A cell in one run: versions, outcome, why. */
function MomentRow({
  moment,
  before,
  scenario,
  pair,
}: {
  moment: Moment;
  before: Moment | undefined;
  scenario: string;
  pair: Pair;
}): VNode {
  const { run, letter } = moment;
  const [cause] = run.of(scenario, nameOfPair(pair))?.causes ?? [];
  const versions = versionsText(run, pair);
  const isNewVersion = before !== undefined && before.versions !== moment.versions;
  return (
    <tr>
      <th scope="row">
        <a href={cellsAddress(run.entry.id)}>{runName(run.entry)}</a>
      </th>
      <td class="tight" data-label="Versions">
        {isNewVersion ? <b>{versions}</b> : versions}
        {isNewVersion && <span class="sr"> (another version than before)</span>}
      </td>
      <td>
        <LetterBadge letter={letter} />
      </td>
      <td>
        {cause?.message}
        {cause?.known && <span class="soft"> Known: {cause.known.why} </span>}
        {cause?.known?.bug && <OutLink href={cause.known.bug}>{bugName(cause.known.bug)}</OutLink>}
      </td>
      <td class="tight">
        {before !== undefined && (
          <a href={compareAddress(before.run.entry.id, run.entry.id)}>
            what changed<span class="sr"> in the run of {runName(run.entry)}</span>
          </a>
        )}
      </td>
    </tr>
  );
}

function Loaded({
  runs,
  entry,
  scenario,
  pairName,
}: {
  runs: readonly HistoryRun[];
  entry: RunEntry;
  scenario: string;
  pairName: string;
}): VNode {
  const known = runs.findLast((run) => run.letter(scenario, pairName) !== '.');
  const pair = known?.pairs.find((each) => nameOfPair(each) === pairName);
  const asked = known?.scenarios.find(({ id }) => id === scenario);
  if (pair === undefined || asked === undefined)
    return (
      <>
        <h1>Not in these runs</h1>
        <p>
          No run of this label has <span class="mono">{scenario}</span> for{' '}
          <span class="mono">{pairName}</span>.
        </p>
      </>
    );
  const moments = momentsOf(runs, scenario, pair);
  const since = sinceOf(moments, scenario, pair);
  return (
    <>
      <h1>
        {asked.title} <span class="soft">{pairText(pair, entry.browsers)}</span>
      </h1>
      <p>{asked.question}</p>
      <dl class="facts">
        <dt>Now</dt>
        <dd>
          {since === null
            ? 'not run'
            : `${letterText(moments.at(-1)?.letter ?? '.')}, since ${sinceText(since)}${since.always ? '' : `, with ${versionsText(since.first.run, pair)}`}`}
        </dd>
        <dt>Flaky</dt>
        <dd>
          {rateText(flakeRateOf(moments))}
          <span class="soft">
            {' '}
            Runs where it passed only when it was tried again, or came out otherwise and back with the same
            versions.
          </span>
        </dd>
        <dt>Outcomes</dt>
        <dd>
          <Strip moments={moments} />
        </dd>
        <dt>Scenario</dt>
        <dd class="mono">{scenario}</dd>
      </dl>
      <Scroll label="Outcomes by run">
        <table class="wide stacked">
          <thead>
            <tr>
              <th scope="col">Run</th>
              <th scope="col">Versions</th>
              <th scope="col">Outcome</th>
              <th scope="col">Why</th>
              <th scope="col">
                <span class="sr">Comparison</span>
              </th>
            </tr>
          </thead>
          <tbody>
            {moments
              .map((moment, at) => (
                <MomentRow moment={moment} before={moments[at - 1]} scenario={scenario} pair={pair} />
              ))
              .toReversed()}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}

/** One cell in every run of a label. */
export function CellView({
  index,
  run: wanted,
  scenario,
  pair,
  query,
}: {
  index: HistoryIndex;
  run: string;
  scenario: string;
  pair: string;
  query: string;
}): VNode {
  const entry = index.runs.find(({ id }) => id === wanted) ?? index.runs.at(-1);
  const series = index.runs.filter(({ label }) => label === entry?.label);
  const loaded = useLoaded(`all of ${entry?.label ?? ''}`, () => loadRuns(series));
  if (entry === undefined) return <h1>There is no run yet</h1>;
  return (
    <>
      <p class="crumbs">
        <a href={cellsAddress(entry.id, query)}>← Cells{query === '' ? '' : ` of “${query}”`}</a>
      </p>
      {loaded.state === 'loading' && <p>Loading…</p>}
      {loaded.state === 'failed' && <p class="problem">{loaded.message}</p>}
      {loaded.state === 'there' && (
        <>
          {loaded.value.problems.map((problem) => (
            <p class="problem">{problem}</p>
          ))}
          <Loaded runs={loaded.value.runs} entry={entry} scenario={scenario} pairName={pair} />
        </>
      )}
    </>
  );
}
