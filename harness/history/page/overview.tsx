import type { VNode } from 'preact';
import { Scroll, Sign } from '../../report/page/parts.tsx';
import { count, grouped } from '../../report/page/words.ts';
import type { HistoryIndex, RunEntry } from '../schema.ts';
import { byLabel } from '../timeline.ts';
import { cellsAddress, compareAddress, runsAddress } from './address.ts';
import { NewsItem, runName, signOfTone, signOfVerdict, versionsOfRun } from './parts.tsx';

const newsListed = 12;
const runsListed = 20;

type Last = HistoryIndex['made']['last'][number];

/** The last run of a label: what is news, its browsers, when. */
function LastRun({
  last,
  run,
  before,
  heading,
}: {
  last: Last;
  run: RunEntry;
  before: RunEntry | undefined;
  heading: 1 | 2;
}): VNode {
  const inside = (
    <>
      <Sign>{signOfTone[last.tone]}</Sign> {heading === 2 && <>{run.label || 'Without a label'}: </>}
      {last.sentence}
      <span class="versions">
        {grouped(run.tally.passed)} of {count(run.tally.judged, 'cell')} pass; {versionsOfRun(run)}
      </span>
    </>
  );
  const tone = `sentence ${last.tone}`;
  return (
    <>
      {heading === 1 ? <h1 class={tone}>{inside}</h1> : <h2 class={tone}>{inside}</h2>}
      <p class="soft">
        The last run: <time dateTime={run.startedAt}>{runName(run)}</time>, on {run.system}, webrtc-interop{' '}
        {run.harness}. {before !== undefined && run.complete && 'By its expectations alone: '}
        {run.verdict.sentence} <a href={cellsAddress(run.id)}>All its cells over time</a>
        {before !== undefined && (
          <>
            , <a href={compareAddress(before.id, run.id)}>what changed since the run before</a>
          </>
        )}
        .
      </p>
    </>
  );
}

/** Runs, one row each, the newest first. */
export const RunsTable = ({ runs }: { runs: readonly RunEntry[] }): VNode => {
  const previous = new Map(
    [...byLabel(runs).values()].flatMap((of) => of.map((run, at) => [run.id, of[at - 1]])),
  );
  return (
    <Scroll label="List of runs">
      <table class="wide stacked">
        <thead>
          <tr>
            <th scope="col">Run</th>
            <th scope="col">Browsers</th>
            <th scope="col">Passed</th>
            <th scope="col">Failures</th>
            <th scope="col">Changes</th>
          </tr>
        </thead>
        <tbody>
          {runs.toReversed().map((run) => {
            const before = previous.get(run.id);
            return (
              <tr>
                <th scope="row">
                  <Sign>{signOfVerdict(run)}</Sign>{' '}
                  <a href={cellsAddress(run.id)}>
                    <time dateTime={run.startedAt}>{runName(run)}</time>
                  </a>
                  <span class="sr">: {run.verdict.kind}</span>
                </th>
                <td>{versionsOfRun(run)}</td>
                <td data-label="Passed">
                  {grouped(run.tally.passed)}/{grouped(run.tally.judged)}
                </td>
                <td data-label="Failures">
                  {run.tally.new} unexpected, {run.tally.known} known
                  {run.tally.lost > 0 && `, ${String(run.tally.lost)} lost support`}
                </td>
                <td>
                  {before === undefined ? (
                    'first run'
                  ) : (
                    <a href={compareAddress(before.id, run.id)}>
                      against the run before<span class="sr"> {runName(run)}</span>
                    </a>
                  )}
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </Scroll>
  );
};

/** What a reader sees first, and all that there is without JavaScript: the last verdicts, what changed, the runs. */
export function Overview({ index }: { index: HistoryIndex }): VNode {
  const { runs, made } = index;
  const { news, last, badges } = made;
  const byId = new Map(runs.map((run) => [run.id, run]));
  const series = [...byLabel(runs).values()];
  return (
    <>
      {last.length !== 1 && <h1>WebRTC between browsers, over {count(runs.length, 'run')}</h1>}
      {last.map((each) => {
        const run = byId.get(each.id);
        const of = series.find((entries) => entries.some(({ id }) => id === each.id)) ?? [];
        const before = of[of.findIndex(({ id }) => id === each.id) - 1];
        return run === undefined ? null : (
          <LastRun last={each} run={run} before={before} heading={last.length > 1 ? 2 : 1} />
        );
      })}
      <section aria-labelledby="changes">
        <h2 id="changes">
          What changed <span class="soft">from run to run of one label, by versions of browsers</span>
        </h2>
        {news.length === 0 ? (
          <p>{runs.length < 2 ? 'This is the first run.' : 'Nothing, from one run to the next.'}</p>
        ) : (
          <ul class="causes">
            {news.slice(0, newsListed).map((each) => (
              <NewsItem news={each} runs={byId} />
            ))}
          </ul>
        )}
        <p class="feeds">
          <a href={compareAddress()}>Compare any two runs</a> · Follow: <a href="feed.atom">Atom</a>,{' '}
          <a href="feed.json">JSON Feed</a>
        </p>
      </section>
      <details class="badges">
        <summary>{count(badges.length, 'badge')} to show elsewhere</summary>
        <ul>
          {badges.map((file) => (
            <li>
              <img src={file} alt="" /> <code>{file}</code>
            </li>
          ))}
        </ul>
      </details>
      <section aria-labelledby="runs">
        <h2 id="runs">Runs</h2>
        <RunsTable runs={runs.slice(-runsListed)} />
        {runs.length > runsListed && (
          <p>
            <a href={runsAddress}>All {count(runs.length, 'run')}</a>
          </p>
        )}
      </section>
    </>
  );
}
