import type { VNode } from 'preact';
import { Scroll, Sign } from '../../report/page/parts.tsx';
import { count, grouped } from '../../report/page/words.ts';
import type { HistoryIndex, RunEntry } from '../schema.ts';
import { byLabel } from '../timeline.ts';
import { cellsAddress, compareAddress, runsAddress } from './address.ts';
import { NewsItem, runName, signOfVerdict, toneOfVerdict, versionsOfRun } from './parts.tsx';

const newsListed = 12;
const runsListed = 20;

/** The last run of a label: its verdict, its browsers, when. */
const LastRun = ({
  run,
  before,
  heading,
}: {
  run: RunEntry;
  before: RunEntry | undefined;
  heading: 1 | 2;
}): VNode => {
  const inside = (
    <>
      <Sign>{signOfVerdict(run)}</Sign> {heading === 2 && <>{run.label || 'Without a label'}: </>}
      {run.sentence}
      <span class="versions">
        {grouped(run.tally.passed)} of {count(run.tally.judged, 'cell')} pass; {versionsOfRun(run)}
      </span>
    </>
  );
  const tone = `sentence ${toneOfVerdict(run)}`;
  return (
    <>
      {heading === 1 ? <h1 class={tone}>{inside}</h1> : <h2 class={tone}>{inside}</h2>}
      <p class="soft">
        The last run: <time dateTime={run.startedAt}>{runName(run)}</time>, on {run.system}, webrtc-interop{' '}
        {run.harness}. {run.verdict.sentence} <a href={cellsAddress(run.id)}>All its cells over time</a>
        {before !== undefined && (
          <>
            , <a href={compareAddress(before.id, run.id)}>what changed since the run before</a>
          </>
        )}
        .
      </p>
    </>
  );
};

/** Runs a line each, the newest first. */
export const RunsTable = ({ runs }: { runs: readonly RunEntry[] }): VNode => {
  const previous = new Map(
    [...byLabel(runs).values()].flatMap((of) => of.map((run, at) => [run.id, of[at - 1]])),
  );
  return (
    <Scroll label="Runs">
      <table class="wide">
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
                <td>
                  {grouped(run.tally.passed)}/{grouped(run.tally.judged)}
                </td>
                <td>
                  {run.tally.new} new, {run.tally.known} known
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
  const { runs, news } = index;
  const byId = new Map(runs.map((run) => [run.id, run]));
  const series = [...byLabel(runs).values()];
  const [only] = series.length === 1 ? series : [];
  return (
    <>
      {only === undefined && <h1>WebRTC between browsers, over {count(runs.length, 'run')}</h1>}
      {series.map((of) => {
        const run = of.at(-1);
        return run === undefined ? null : (
          <LastRun run={run} before={of.at(-2)} heading={only === undefined ? 2 : 1} />
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
