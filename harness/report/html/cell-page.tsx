import type { ComponentChildren, VNode } from 'preact';
import type { Attempt, Cell, Check } from '../../results/schema.ts';
import type { EvidenceFile } from '../evidence-file.ts';
import { pairName, type ScenarioView } from '../matrix.ts';
import { lookOf } from '../outcome-look.ts';
import { Console, Descriptions, Doubt, Files, Picture, SignalingLog, Stats } from './evidence-views.tsx';
import { ScenarioTable, type Pages } from './matrix-table.tsx';
import { renderPage, Scroll } from './page.tsx';
import { copyScript } from './scripts.ts';

export interface CellPageProps {
  cell: Cell;
  view: ScenarioView;
  files: readonly EvidenceFile[];
  pages: Pages;
  /** From this page to the folder of index.html. */
  root: string;
}

const asText = (value: unknown): string =>
  typeof value === 'string' ? value : (JSON.stringify(value, null, 1) ?? 'undefined');

const Section = ({ title, children }: { title: string; children: ComponentChildren }): VNode => (
  <section>
    <h2>{title}</h2>
    {children}
  </section>
);

const Held = ({ ok }: { ok: boolean }): VNode => (
  <span class={`badge ${ok ? 'pass' : 'fail'}`}>
    <span aria-hidden="true">{ok ? '✓ ' : '✗ '}</span>
    {ok ? 'held' : 'did not hold'}
  </span>
);

function Checks({ checks }: { checks: readonly Check[] }): VNode {
  if (checks.length === 0) return <p class="soft">None was reached.</p>;
  return (
    <Scroll label="Checks">
      <table class="wide">
        <thead>
          <tr>
            <th scope="col">Check</th>
            <th scope="col">Held</th>
            <th scope="col">Expected</th>
            <th scope="col">Actual</th>
          </tr>
        </thead>
        <tbody>
          {checks.map(({ name, ok, expected, actual }) => (
            <tr>
              <td>{name}</td>
              <td class="tight">
                <Held ok={ok} />
              </td>
              <td>
                <code>{asText(expected)}</code>
              </td>
              <td>
                <code>{asText(actual)}</code>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Attempts({ attempts }: { attempts: readonly Attempt[] }): VNode {
  return (
    <Scroll label="Attempts">
      <table class="wide">
        <thead>
          <tr>
            <th scope="col">Attempt</th>
            <th scope="col">Outcome</th>
            <th scope="col">Reason</th>
            <th scope="col">Began</th>
            <th scope="col">Took</th>
          </tr>
        </thead>
        <tbody>
          {attempts.map(({ status, phase, reason, startedAt, durationMs }, index) => (
            <tr>
              <th scope="row">{index + 1}</th>
              <td class="tight">{phase === null ? status : `${status} at ${phase}`}</td>
              <td>{reason === null ? 'none' : `${reason.code}: ${reason.message}`}</td>
              <td class="tight">{startedAt}</td>
              <td class="tight">{Math.round(durationMs)} ms</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Facts({ cell, view }: { cell: Cell; view: ScenarioView }): VNode {
  const measured = Object.entries(cell.measurements);
  const specs = view.declared?.specUrls ?? [];
  return (
    <dl class="facts">
      {cell.reason !== null && (
        <>
          <dt>Reason</dt>
          <dd>
            <code>{cell.reason.code}</code>
            {cell.reason.peer !== null && ` at the ${cell.reason.peer}`}
            <pre class="reason">{cell.reason.message}</pre>
          </dd>
        </>
      )}
      {cell.signature !== null && (
        <>
          <dt>Signature</dt>
          <dd>
            <code>{cell.signature}</code>
          </dd>
        </>
      )}
      <dt>Run it again</dt>
      <dd>
        <pre class="command">{cell.repro}</pre>
      </dd>
      <dt>Question</dt>
      <dd>
        {view.declared?.description ?? view.title} <span class="soft mono">{view.id}</span>
        {view.declared !== undefined && ` (${view.declared.level}, version ${view.declared.version})`}
      </dd>
      {specs.length > 0 && (
        <>
          <dt>Specification</dt>
          <dd>
            {specs.map((url) => (
              <div>{/^https?:\/\//.test(url) ? <a href={url}>{url}</a> : url}</div>
            ))}
          </dd>
        </>
      )}
      {measured.length > 0 && (
        <>
          <dt>Measured</dt>
          <dd>
            {measured.map(([name, { value, unit }]) => (
              <div>
                {name}: {value} {unit}
              </div>
            ))}
          </dd>
        </>
      )}
      <dt>When</dt>
      <dd>
        {cell.startedAt}, {Math.round(cell.durationMs)} ms
      </dd>
    </dl>
  );
}

const earlier = (files: readonly EvidenceFile[], attempts: readonly Attempt[]): EvidenceFile[] => {
  const last = new Set(attempts.at(-1)?.evidence.map(({ path }) => path));
  return files.filter(({ path }) => !last.has(path));
};

function EvidenceSections({ cell, files, root }: Pick<CellPageProps, 'cell' | 'files' | 'root'>): VNode {
  const own = new Set(cell.evidence.map(({ path }) => path));
  const shown = files.filter(({ path }) => own.has(path));
  const of = (...kinds: EvidenceFile['kind'][]): EvidenceFile[] =>
    shown.filter(({ kind }) => kinds.includes(kind));
  return (
    <>
      {of('screenshot', 'frame').length > 0 && (
        <Section title="Pictures">
          <div class="pictures">
            {of('screenshot', 'frame').map((file) => (
              <Picture file={file} root={root} />
            ))}
          </div>
        </Section>
      )}
      {of('console').length > 0 && (
        <Section title="Console">
          {of('console').map((file) => (
            <>
              <h3>{file.peer === null ? 'Page' : `The ${file.peer}'s page`}</h3>
              <Doubt file={file} root={root} />
              <Console file={file} root={root} />
            </>
          ))}
        </Section>
      )}
      {of('offer', 'answer').length > 0 && (
        <Section title="Offer and answer">
          <Descriptions files={of('offer', 'answer')} root={root} />
        </Section>
      )}
      {of('signaling-log').length > 0 && (
        <Section title="Signaling log">
          {of('signaling-log').map((file) => (
            <>
              <Doubt file={file} root={root} />
              <SignalingLog file={file} root={root} />
            </>
          ))}
        </Section>
      )}
      {of('stats').length > 0 && (
        <Section title="Closing statistics">
          <div class="sides">
            {of('stats').map((file) => (
              <Stats file={file} root={root} />
            ))}
          </div>
        </Section>
      )}
      <Section title="Files">
        <Files files={files} root={root} cell={cell} />
        {earlier(files, cell.attempts).length > 0 && cell.attempts.length > 1 && (
          <p class="soft">Files of earlier attempts are among them; above are those of the last.</p>
        )}
      </Section>
    </>
  );
}

/** The page of one cell: its outcome, its checks, and the evidence that a reader can judge it by. */
export function renderCell({ cell, view, files, pages, root }: CellPageProps): string {
  const { tone, sign, words } = lookOf(cell);
  return renderPage({
    title: `${words}: ${view.id}, ${pairName(cell)}`,
    root,
    script: copyScript,
    header: (
      <>
        <nav class="crumbs" aria-label="Where this is">
          <a href={`${root}index.html`}>All results</a>
        </nav>
        <h1>{view.title}</h1>
        <p>
          {cell.answerer === null ? (
            <b>{cell.offerer}</b>
          ) : (
            <>
              <b>{cell.offerer}</b> offers, <b>{cell.answerer}</b> answers
            </>
          )}
        </p>
        <p class={`verdict ${tone}`}>
          <span aria-hidden="true">{sign} </span>
          {words}
          {cell.phase !== null && ` at ${cell.phase}`}
        </p>
      </>
    ),
    children: (
      <>
        <Facts cell={cell} view={view} />
        <Section title="Checks">
          <Checks checks={cell.checks} />
        </Section>
        {cell.attempts.length > 1 && (
          <Section title="Attempts">
            <Attempts attempts={cell.attempts} />
          </Section>
        )}
        <EvidenceSections cell={cell} files={files} root={root} />
        <Section title="The same between other browsers">
          <ScenarioTable view={view} root={root} pages={pages} current={cell} />
        </Section>
      </>
    ),
  });
}
