import type { VNode } from 'preact';
import { useMemo } from 'preact/hooks';
import { dueInWords } from '../../results/claim.ts';
import type { CellDetail } from '../data.ts';
import { cellAddress, overviewAddress, scenarioAddress, viewAddress } from './address.ts';
import {
  ConsolesOf,
  DescriptionsOf,
  FileList,
  LastPassOf,
  Picture,
  SequenceOf,
  sorted,
  StatisticsOf,
  useFiles,
  type Sorted,
} from './cell-evidence.tsx';
import { PairHeads, Outcomes } from './compatibility-view.tsx';
import { sectionOf, sectionsOf, sectionWords } from './groups.ts';
import { useLoaded } from './hooks.ts';
import { loadCell } from './load.ts';
import type { Model } from './model.ts';
import { bugName, Command, OutLink, outcomeSigns, outcomeWords, Scroll, Sign } from './parts.tsx';
import { find } from './query.ts';
import { amount, browserName, namesOf, pairInWords, phaseInWords, shown, whenOf } from './words.ts';

const orOne = (known: readonly number[], cell: number): readonly number[] =>
  known.includes(cell) ? known : [cell];

/** The cells before and after this one, in the order of the list from which it was reached. */
function neighbours(
  model: Model,
  cell: number,
  query: string,
): { before: number | undefined; after: number | undefined; place: string } {
  const list = orOne(
    sectionsOf(model, find(query, model)).flatMap(({ groups }) => groups.flatMap(({ cells }) => cells)),
    cell,
  );
  const at = list.indexOf(cell);
  return { before: list[at - 1], after: list[at + 1], place: `${String(at + 1)} of ${String(list.length)}` };
}

function Ways({ model, cell, query }: { model: Model; cell: number; query: string }): VNode {
  const { before, after, place } = useMemo(() => neighbours(model, cell, query), [model, cell, query]);
  return (
    <nav class="crumbs" aria-label="Where this is">
      <a href={query === '' ? overviewAddress : viewAddress('cells', query)}>
        {query === '' ? '← Overview' : `← Cells of “${query}”`}
      </a>
      <span class="steps">
        {before === undefined ? (
          <span class="soft">Previous</span>
        ) : (
          <a href={cellAddress(model, before, query)} rel="prev">
            Previous
          </a>
        )}
        <span class="soft"> {place} </span>
        {after === undefined ? (
          <span class="soft">Next</span>
        ) : (
          <a href={cellAddress(model, after, query)} rel="next">
            Next
          </a>
        )}
      </span>
    </nav>
  );
}

/** What a check expects, without the words with which chai's phrases begin. */
const dueOf = (expected: unknown): string =>
  dueInWords(expected, (value) => shown(value).replace(/^(?:to )?be (?=\S)/, ''));

/** The check that did not hold, for people, with what was to be seen. */
function Failed({ detail, files }: { detail: CellDetail; files: Sorted | null }): VNode {
  const failed = detail.checks.find(({ ok }) => !ok);
  const pictures = files?.of('frame', 'screenshot') ?? [];
  return (
    <div class="failed">
      <div>
        {failed !== undefined && (
          <>
            <h2>
              <Sign>✗</Sign> {failed.name}
            </h2>
            <dl class="facts">
              <dt>Expected</dt>
              <dd>
                <pre>{dueOf(failed.expected)}</pre>
              </dd>
              <dt>Actual</dt>
              <dd>
                <pre>{shown(failed.actual)}</pre>
              </dd>
            </dl>
          </>
        )}
        {detail.reason !== null && (
          <p class="seen">
            {detail.reason.message}
            <span class="soft">
              {' '}
              ({detail.reason.code}
              {detail.reason.peer !== null && `, seen at the ${detail.reason.peer}`})
            </span>
          </p>
        )}
      </div>
      {pictures.length > 0 && (
        <div class="pictures">
          {pictures.slice(0, 4).map((file) => (
            <Picture key={file.path} file={file} />
          ))}
        </div>
      )}
    </div>
  );
}

function Checks({ detail }: { detail: CellDetail }): VNode {
  const failed = detail.checks.filter(({ ok }) => !ok).length;
  return (
    <details>
      <summary>
        {detail.checks.length === 0
          ? 'No check was reached'
          : `${String(detail.checks.length - failed)} of ${String(detail.checks.length)} checks held`}
      </summary>
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
            {[...detail.checks]
              .toSorted((one, other) => Number(one.ok) - Number(other.ok))
              .map(({ name, ok, expected, actual }) => (
                <tr>
                  <td>{name}</td>
                  <td class="tight">
                    <span class={`badge ${ok ? 'passed' : 'new'}`}>
                      <Sign>{ok ? '✓' : '✗'}</Sign> {ok ? 'held' : 'did not hold'}
                    </span>
                  </td>
                  <td>
                    <code>{dueOf(expected)}</code>
                  </td>
                  <td>
                    <code>{shown(actual)}</code>
                  </td>
                </tr>
              ))}
          </tbody>
        </table>
      </Scroll>
    </details>
  );
}

function Measured({ detail }: { detail: CellDetail }): VNode | null {
  const measured = Object.entries(detail.measurements);
  if (measured.length === 0) return null;
  return (
    <section>
      <h2>Measured</h2>
      <dl class="measured">
        {measured.map(([name, { value, unit }]) => (
          <div>
            <dt>{name}</dt>
            <dd>{amount(value, unit)}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Attempts({ detail }: { detail: CellDetail }): VNode | null {
  if (detail.attempts.length < 2) return null;
  return (
    <section>
      <h2>Attempts</h2>
      <ol>
        {detail.attempts.map(({ status, phase, reason, durationMs }) => (
          <li>
            {status}
            {phase !== null && ` ${phaseInWords[phase]}`}, after {amount(durationMs, 'ms')}
            {reason !== null && `: ${reason.message}`}
          </li>
        ))}
      </ol>
    </section>
  );
}

function Body({ model, cell, detail }: { model: Model; cell: number; detail: CellDetail }): VNode {
  const { offerer, answerer } = model.pair(cell);
  const loading = useFiles(cellAddress(model, cell), detail);
  const files = loading.state === 'there' ? sorted(loading.value) : null;
  const names = new Map(model.index.browsers.map((browser) => [browser.id, browserName(browser)]));
  const sides = {
    offerer: names.get(offerer) ?? offerer,
    answerer: names.get(answerer ?? '') ?? answerer ?? '',
  };
  const nameOf = (peer: string | null): string =>
    peer === 'answerer'
      ? `${sides.answerer}, answerer`
      : answerer === null
        ? sides.offerer
        : `${sides.offerer}, offerer`;
  const outcome = model.outcome(cell);
  const isBad = outcome !== 'pass' && outcome !== 'flaky';
  return (
    <>
      {isBad && <Failed detail={detail} files={files} />}
      {outcome === 'crash' && files !== null && (
        <ConsolesOf files={files} nameOf={nameOf} title="Last words" most={12} />
      )}
      <h2>Run it again</h2>
      <Command>{detail.repro}</Command>
      {detail.source !== null && (
        <p>
          Scenario: <OutLink href={detail.source.url ?? ''}>{detail.source.path}</OutLink>
        </p>
      )}
      {detail.specUrls.length > 0 && (
        <p>
          Specification:{' '}
          {detail.specUrls.map((url) => (
            <>
              <OutLink href={url} />{' '}
            </>
          ))}
        </p>
      )}
      <Checks detail={detail} />
      <Attempts detail={detail} />
      {loading.state === 'loading' && <p role="status">The evidence is loading…</p>}
      {loading.state === 'failed' && <p class="problem">{loading.message}</p>}
      {files !== null && loading.state === 'there' && (
        <>
          {answerer !== null && <SequenceOf files={files} names={sides} />}
          <DescriptionsOf files={files} />
          {isBad && answerer !== null && (
            <LastPassOf
              address={cellAddress(model, cell)}
              lastPass={detail.lastPass}
              isHeldAgainst={model.index.baseline !== null}
              files={files}
            />
          )}
          <Measured detail={detail} />
          <StatisticsOf files={files} nameOf={nameOf} />
          {outcome !== 'crash' && <ConsolesOf files={files} nameOf={nameOf} title="Console" />}
          {!isBad && files.of('frame').length > 0 && (
            <section>
              <h2>Pictures</h2>
              <div class="pictures">
                {files.of('frame').map((file) => (
                  <Picture key={file.path} file={file} />
                ))}
              </div>
            </section>
          )}
          <section>
            <h2>Files</h2>
            {loading.value.length === 0 ? (
              <p class="soft">It ended before anything could be kept.</p>
            ) : (
              <details>
                <summary>{loading.value.length} files of evidence</summary>
                <FileList files={loading.value} />
              </details>
            )}
          </section>
        </>
      )}
    </>
  );
}

/** The same question between the other pairs. */
function Others({ model, cell, query }: { model: Model; cell: number; query: string }): VNode {
  const scenario = model.index.cells.scenario[cell] ?? 0;
  const pairs = model.index.pairs.flatMap((_, pair) =>
    model.cellsAt(scenario, pair).length > 0 && !model.outOfIt.has(pair) ? [pair] : [],
  );
  return (
    <section>
      <h2>The same question for the other pairs</h2>
      <Scroll label="The same question for the other pairs">
        <table class="wide">
          <thead>
            <tr>
              <PairHeads model={model} pairs={pairs} />
            </tr>
          </thead>
          <tbody>
            <tr>
              {pairs.map((pair) => (
                <Outcomes model={model} scenario={scenario} pair={pair} query={query} />
              ))}
            </tr>
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

/** One cell: what was asked, its outcome and why, and everything that a reader needs to judge it. */
export function CellView({ model, cell, query }: { model: Model; cell: number; query: string }): VNode {
  const detail = useLoaded(cellAddress(model, cell), () => loadCell(model.index, cell));
  const about = model.scenario(cell);
  const pair = model.pair(cell);
  const kind = sectionOf(model, cell);
  const outcome = model.outcome(cell);
  const before = model.before(cell);
  const cause = model.cause(cell);
  const nameOf = namesOf(model.index.browsers);
  const names = new Map(model.index.browsers.map((browser) => [browser.id, browserName(browser)]));
  const phase = detail.state === 'there' ? detail.value.phase : null;
  const { os, osVersion, arch } = model.index.run.environment;
  return (
    <>
      <Ways model={model} cell={cell} query={query} />
      <h1>{about.question}</h1>
      <p>
        <b>{pairInWords(pair, nameOf)}</b>
        {model.repeat(cell) > 1 && `, run ${String(model.repeat(cell))}`}:{' '}
        {names.get(pair.offerer) ?? pair.offerer}
        {pair.answerer === null ? '' : ` offers, ${names.get(pair.answerer) ?? pair.answerer} answers`}; {os}{' '}
        {osVersion} {arch}. <a href={scenarioAddress(about.id, query)}>{about.title}</a>{' '}
        <span class="mono soft">{about.id}</span>
      </p>
      <div class={`verdict ${kind}`}>
        <p>
          <Sign>{outcomeSigns[outcome]}</Sign> <b>{outcomeWords[outcome]}</b>
          {phase !== null && outcome !== 'unsupported' && ` ${phaseInWords[phase]}`}
          {kind === 'new' && ', new'}
          {kind === 'known' && ', known'}
          {kind === 'lost' && ', lost: it worked before, or was not known to be missing'}
          {kind === 'fixed' && ', and it failed before'}
          {before !== null && before !== outcome && <span> (before: {outcomeWords[before]})</span>}
        </p>
        {cause?.known != null && (
          <p>
            {cause.known.why} {cause.known.since !== null && `Known since ${whenOf(cause.known.since)}. `}
            {cause.known.bug !== null && <OutLink href={cause.known.bug}>{bugName(cause.known.bug)}</OutLink>}
          </p>
        )}
        {kind === 'passed' && <p>{sectionWords.passed.says}</p>}
        {detail.state === 'there' && (
          <p class="soft">
            {whenOf(detail.value.startedAt)},{' '}
            {detail.value.together > 1
              ? `found by one probe for all ${String(detail.value.together)} scenarios of this pair`
              : `took ${amount(detail.value.durationMs, 'ms')}`}
            {detail.value.load === undefined
              ? ''
              : `; ${String(detail.value.load.cellsAtOnce)} cells at once${detail.value.load.processorBusy === null ? '' : `, processors ${String(Math.round(detail.value.load.processorBusy * 100))} % busy`}`}
          </p>
        )}
      </div>
      {detail.state === 'loading' && <p role="status">Loading…</p>}
      {detail.state === 'failed' && <p class="problem">{detail.message}</p>}
      {detail.state === 'there' && <Body key={cell} model={model} cell={cell} detail={detail.value} />}
      <Others model={model} cell={cell} query={query} />
    </>
  );
}
