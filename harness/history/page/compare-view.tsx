import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { changeKinds } from '../../compare/changes.ts';
import { useLoaded } from '../../report/page/hooks.ts';
import { OutLink, Sign, bugName } from '../../report/page/parts.tsx';
import { count } from '../../report/page/words.ts';
import { changesBetween, type CellChange, type ChangeGroup } from '../changes.ts';
import type { HistoryIndex, RunEntry } from '../schema.ts';
import { changeText, countsText, kindWords, pairText, versionsText } from '../words.ts';
import { cellAddress, compareAddress } from './address.ts';
import { loadRun } from './load.ts';
import { runName, versionsOfRun } from './parts.tsx';
import { RunSelect } from './run-select.tsx';

/** Cells that are in one run only are counted, and listed if a reader asks for them. */
const quiet: readonly CellChange['kind'][] = ['new', 'gone', 'not-run'];

const Change = ({ change, run }: { change: CellChange; run: RunEntry }): VNode => (
  <li>
    <a href={cellAddress(change.scenario, change.pair, run.id)}>
      {change.title}
      <span class="sr">, </span>
      <span class="pair">{pairText(change.pair, run.browsers)}</span>
    </a>{' '}
    <span class="soft">{changeText(change)}</span>
    {change.known?.bug && (
      <>
        {' '}
        <OutLink href={change.known.bug}>{bugName(change.known.bug)}</OutLink>
      </>
    )}
  </li>
);

function Group({ group, run }: { group: ChangeGroup; run: RunEntry }): VNode {
  const kinds = changeKinds.flatMap((kind) => {
    const changes = group.changes.filter((change) => change.kind === kind);
    const [first] = changes;
    return first === undefined ? [] : [{ kind: first.kind, changes }];
  });
  const heading = versionsText(group);
  return (
    <section aria-label={heading}>
      <h2>
        {heading}: {countsText(group)}
      </h2>
      {kinds.map(({ kind, changes }) => {
        const { title, sign, tone } = kindWords[kind];
        const list = (
          <ul class="changed">
            {changes.map((change) => (
              <Change change={change} run={run} />
            ))}
          </ul>
        );
        const head = (
          <>
            <span class={`badge ${tone}`}>
              <Sign>{sign}</Sign> {title}
            </span>{' '}
            {count(changes.length, 'cell')}
          </>
        );
        return quiet.includes(kind) ? (
          <details>
            <summary>{head}</summary>
            {list}
          </details>
        ) : (
          <>
            <h3>{head}</h3>
            {list}
          </>
        );
      })}
    </section>
  );
}

function Difference({ before, after }: { before: RunEntry; after: RunEntry }): VNode {
  const loaded = useLoaded(`${before.id} ${after.id}`, () => Promise.all([loadRun(before), loadRun(after)]));
  const changes = useMemo(
    () => (loaded.state === 'there' ? changesBetween(loaded.value[0], loaded.value[1]) : null),
    [loaded],
  );
  if (loaded.state === 'failed') return <p class="problem">{loaded.message}</p>;
  if (changes === null) return <p>Loading…</p>;
  const { groups, steps, strangers, unchanged } = changes;
  const untouched = steps.filter(
    ({ id }) => !groups.some((group) => group.steps.some((step) => step.id === id)),
  );
  const incomplete = [before, after].some(({ complete }) => !complete);
  return (
    <>
      <p role="status">
        {groups.length === 0
          ? 'Nothing changed'
          : groups.map((group) => `${versionsText(group)}: ${countsText(group)}`).join('; ')}
        . {count(unchanged, 'cell')} came to the same.
      </p>
      {untouched.length > 0 && <p>{versionsText({ steps: untouched })}: nothing changed.</p>}
      {strangers.length > 0 && (
        <p class="problem">
          {strangers.join(', ')} {strangers.length === 1 ? 'is' : 'are'} of another kind in each run, so{' '}
          {strangers.length === 1 ? 'its' : 'their'} cells are not compared.
        </p>
      )}
      {incomplete && (
        <p class="problem">A run that is not complete says nothing of the cells that it did not reach.</p>
      )}
      {before.system !== after.system && (
        <p class="soft">
          The system is another: {before.system}, then {after.system}.
        </p>
      )}
      {before.harness !== after.harness && (
        <p class="soft">
          webrtc-interop is another: {before.harness}, then {after.harness}.
        </p>
      )}
      {groups.map((group) => (
        <Group group={group} run={group.changes.every(({ kind }) => kind === 'gone') ? before : after} />
      ))}
    </>
  );
}

/** What is different between any two runs, by versions of browsers. */
export function CompareView({
  index,
  before,
  after,
}: {
  index: HistoryIndex;
  before: string;
  after: string;
}): VNode {
  const { runs } = index;
  const later = runs.find(({ id }) => id === after) ?? runs.at(-1);
  const ofLabel = runs.filter(({ label, id }) => label === later?.label && id !== later.id);
  const earlier =
    runs.find(({ id }) => id === before) ??
    ofLabel.findLast(({ startedAt }) => startedAt <= (later?.startedAt ?? '')) ??
    later;
  if (later === undefined || earlier === undefined) return <h1>There is no run yet</h1>;
  const go = (from: string, to: string): void => {
    location.hash = compareAddress(from, to);
  };
  return (
    <>
      <h1>What changed between two runs</h1>
      <div class="choice">
        <RunSelect
          name="before"
          title="Before"
          runs={runs}
          chosen={earlier}
          onChoose={(id) => go(id, later.id)}
        />
        <RunSelect
          name="after"
          title="After"
          runs={runs}
          chosen={later}
          onChoose={(id) => go(earlier.id, id)}
        />
        <button type="button" onClick={() => go(later.id, earlier.id)}>
          Swap
        </button>
      </div>
      <p class="soft">
        {runName(earlier)} ({versionsOfRun(earlier)}), then {runName(later)} ({versionsOfRun(later)}).
      </p>
      <Difference before={earlier} after={later} />
    </>
  );
}
