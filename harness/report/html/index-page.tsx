import type { VNode } from 'preact';
import { noExpectations, type Expectations } from '../../results/expectations.ts';
import { safeName } from '../../results/safe-name.ts';
import type { BrowserResult, Results } from '../../results/schema.ts';
import { statuses } from '../../results/schema.ts';
import { countsInWords, noCounts, totalsOf } from '../../results/totals.ts';
import {
  areasOf,
  failureGroups,
  knownFailures,
  leftOut,
  pairName,
  type AreaView,
  type FailureGroup,
} from '../matrix.ts';
import { lookOf, meanings, signs, sumOf } from '../outcome-look.ts';
import { countedCells, verdictOf } from '../verdict.ts';
import type { Inventory } from '../inventory.ts';
import { InventoryTable } from './inventory-table.tsx';
import { AreaTable, ScenarioTable, type Pages } from './matrix-table.tsx';
import { addressOf, renderPage, Scroll } from './page.tsx';
import { filterScript } from './scripts.ts';

const failuresListed = 100;
const cellsListed = 12;

/** A run, and what is known of failures. */
interface View {
  results: Results;
  expectations: Expectations;
}

/** The most of a text that a list shows; its page has the whole. */
export const shortened = (text: string, most = 400): string =>
  text.length <= most ? text : `${text.slice(0, most)}…`;

function Verdict({ results, expectations }: View): VNode {
  const { kind, sentence } = verdictOf(results, expectations);
  const tone = { good: 'pass', bad: 'fail', incomplete: 'timeout' }[kind];
  return (
    <p class={`verdict ${tone}`} role="status">
      <span aria-hidden="true">{{ good: signs.pass, bad: signs.fail, incomplete: signs.error }[kind]} </span>
      {sentence}
    </p>
  );
}

function Totals({ results }: { results: Results }): VNode {
  const { counted, canaries } = countedCells(results);
  return (
    <>
      <ul class="totals" aria-label="Totals">
        {sumOf(counted).map(({ tone, sign, words, count }) => (
          <li class={`badge ${tone}`}>
            <span aria-hidden="true">{sign} </span>
            {count} {words}
          </li>
        ))}
        {canaries !== null && <li class="badge due">{canaries}</li>}
      </ul>
      <details>
        <summary>What the words mean</summary>
        <dl class="facts">
          {statuses.flatMap((status) => [
            <dt>
              <span class={`badge ${status}`}>
                <span aria-hidden="true">{signs[status]} </span>
                {status}
              </span>
            </dt>,
            <dd>{meanings[status]}</dd>,
          ])}
          <dt>
            <span class="badge flaky">
              <span aria-hidden="true">{signs.flaky} </span>flaky
            </span>
          </dt>
          <dd>a pass that needed a retry; every attempt is kept</dd>
          <dt>canaries</dt>
          <dd>
            prove that the harness can say no: they have to come out unsupported and error, and only then are
            marked as good
          </dd>
        </dl>
      </details>
    </>
  );
}

function Settings({ browser }: { browser: BrowserResult }): VNode | string {
  const prefs = Object.entries(browser.prefs).map(([name, value]) => `${name} = ${String(value)}`);
  const settings = [...browser.launchArgs, ...prefs];
  if (settings.length === 0) return 'none';
  return (
    <details>
      <summary>
        {settings.length} {settings.length === 1 ? 'setting' : 'settings'}
        <span class="sr"> of {browser.id}</span>
      </summary>
      <pre>{settings.join('\n')}</pre>
    </details>
  );
}

function Browsers({ results }: { results: Results }): VNode {
  const { browsers: counts } = totalsOf({ cells: countedCells(results).counted });
  const missing = [...counts.keys()].filter((id) => results.browsers.every((browser) => browser.id !== id));
  return (
    <Scroll label="Table of browsers">
      <table class="wide">
        <thead>
          <tr>
            <th scope="col">Browser</th>
            <th scope="col">Product and version</th>
            <th scope="col">Driver</th>
            <th scope="col">Flags and preferences</th>
            <th scope="col">Cells it took part in</th>
          </tr>
        </thead>
        <tbody>
          {results.browsers.map((browser) => (
            <tr>
              <th scope="row">{browser.id}</th>
              <td>
                {browser.product} {browser.version} ({browser.engine})
              </td>
              <td>
                {browser.driver.name} {browser.driver.version}
              </td>
              <td>
                <Settings browser={browser} />
              </td>
              <td>{countsInWords(counts.get(browser.id) ?? noCounts()) || 'none'}</td>
            </tr>
          ))}
          {missing.map((id) => (
            <tr>
              <th scope="row">{id}</th>
              <td colSpan={3}>never started, so nothing is known of it</td>
              <td>{countsInWords(counts.get(id) ?? noCounts())}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function Failure({ group, pages }: { group: FailureGroup; pages: Pages }): VNode {
  const [first] = group.cells;
  const look = lookOf(first);
  const more = group.cells.length - cellsListed;
  return (
    <li class="card failure">
      <span class={`badge ${look.tone}`}>
        <span aria-hidden="true">{look.sign} </span>
        {look.words}
        {first.phase !== null && ` at ${first.phase}`}
      </span>
      <p>
        {first.reason === null ? (
          'no reason given'
        ) : (
          <>
            <code>{first.reason.code}</code> {shortened(first.reason.message)}
          </>
        )}
      </p>
      <ul>
        {group.cells.slice(0, cellsListed).map((cell) => (
          <li>
            <a href={addressOf('', pages.get(cell) ?? '')}>
              {cell.scenario}, {pairName(cell)}
            </a>
          </li>
        ))}
        {more > 0 && <li>and {more} more that failed in the same way, in the matrix below</li>}
      </ul>
    </li>
  );
}

function Failures({ results, expectations, pages }: View & { pages: Pages }): VNode | null {
  const groups = failureGroups(results, expectations);
  if (groups.length === 0) return null;
  const more = groups.length - failuresListed;
  return (
    <section aria-labelledby="unexpected">
      <h2 id="unexpected">Unexpected</h2>
      <ul class="totals cards">
        {groups.slice(0, failuresListed).map((group) => (
          <Failure group={group} pages={pages} />
        ))}
      </ul>
      {more > 0 && <p>And {more} more kinds of failure, in the matrix below.</p>}
    </section>
  );
}

/** What browsers are known to do wrong: red in the matrix, and no reason to fail a build. */
function Known({ results, expectations, pages }: View & { pages: Pages }): VNode | null {
  const known = knownFailures(results, expectations);
  if (known.length === 0) return null;
  return (
    <section aria-labelledby="known">
      <h2 id="known">Known failures</h2>
      <ul class="plain">
        {known.map(({ expectation: { why, bug }, cells }) => (
          <li>
            <details>
              <summary>
                {why} ({cells.length} {cells.length === 1 ? 'cell' : 'cells'})
              </summary>
              {bug !== undefined && (
                <p>
                  <a href={bug}>{bug}</a>
                </p>
              )}
              <ul>
                {cells.map((cell) => (
                  <li>
                    <a href={addressOf('', pages.get(cell) ?? '')}>
                      {cell.scenario}, {pairName(cell)}
                    </a>
                  </li>
                ))}
              </ul>
            </details>
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Why cells were left out: a capability that a side lacks, a browser that would not start. */
function LeftOut({ results, pages }: { results: Results; pages: Pages }): VNode | null {
  const groups = leftOut(results);
  if (groups.length === 0) return null;
  return (
    <section aria-labelledby="left-out">
      <h2 id="left-out">Left out</h2>
      <details>
        <summary>
          {groups.reduce((sum, { cells }) => sum + cells.length, 0)} cells, for {groups.length}{' '}
          {groups.length === 1 ? 'reason' : 'reasons'}
        </summary>
        <ul>
          {groups.map(({ cause, cells }) => (
            <li>
              {cells.length} {cells[0].status}: {cause} (
              <a href={addressOf('', pages.get(cells[0]) ?? '')}>
                {cells.length > 1 && 'first '}
                {cells[0].scenario}, {pairName(cells[0])}
              </a>
              )
            </li>
          ))}
        </ul>
      </details>
    </section>
  );
}

function Filter({ results }: { results: Results }): VNode {
  const tones = [...new Set(results.cells.map((cell) => lookOf(cell).tone))];
  const browsers = [...totalsOf(results).browsers.keys()];
  return (
    <form class="filter" hidden aria-label="Filter the scenarios">
      <label>
        Text
        <input type="search" name="text" placeholder="title or id" />
      </label>
      <label>
        Outcome
        <select name="status">
          <option value="">all</option>
          {tones.map((tone) => (
            <option value={tone}>{tone}</option>
          ))}
        </select>
      </label>
      <label>
        Browser
        <select name="browser">
          <option value="">all</option>
          {browsers.map((id) => (
            <option value={id}>{id}</option>
          ))}
        </select>
      </label>
      <button type="reset">Show all</button>
      <span id="matches" class="soft" role="status" />
    </form>
  );
}

/** How wide the cards of an area have to be for their matrices to show whole. */
function widthClass({ pairs, singles }: AreaView): string {
  const columns = Math.max(pairs.answerers.length, singles.size);
  return ['', '', '', 'three', 'four'][columns] ?? 'many';
}

const idOf = (area: AreaView): string => `area-${safeName(area.name)}`;

/** The sums of every area, which is what a reader comes for: ahead of everything but what is unexpected. */
function Overview({ areas, pages }: { areas: readonly AreaView[]; pages: Pages }): VNode {
  return (
    <section aria-labelledby="matrix">
      <h2 id="matrix">Matrix</h2>
      <div class="grids">
        {areas.map((area) => (
          <div>
            <h3>
              <a href={`#${idOf(area)}`}>{area.name}</a>
            </h3>
            <AreaTable area={area} target={`#${idOf(area)}`} root="" pages={pages} />
          </div>
        ))}
      </div>
    </section>
  );
}

function Area({
  area,
  inventories,
  pages,
}: {
  area: AreaView;
  inventories: readonly Inventory[];
  pages: Pages;
}): VNode {
  const id = idOf(area);
  return (
    <section aria-labelledby={id} data-area>
      <h2 id={id}>{area.name}</h2>
      {inventories.map((inventory) => (
        <>
          <h3>{inventory.title}</h3>
          <InventoryTable inventory={inventory} pages={pages} />
        </>
      ))}
      <h3>
        {area.scenarios.length} {area.scenarios.length === 1 ? 'scenario' : 'scenarios'}
        <span class="sr"> of {area.name}</span>
      </h3>
      <div class={`cards ${widthClass(area)}`}>
        {area.scenarios.map((view) => (
          <article class="card" data-text={`${view.title} ${view.id}`.toLowerCase()}>
            <h4>{view.title}</h4>
            <p class="soft">
              <span class="mono">{view.id}</span>
              {view.declared !== undefined && ` · ${view.declared.level}`}
            </p>
            <ScenarioTable view={view} root="" pages={pages} />
          </article>
        ))}
      </div>
    </section>
  );
}

/** `index.html`: what is unexpected, the matrix, what ran on what, and every cell by area. */
export function renderIndex(
  results: Results,
  pages: Pages,
  expectations: Expectations = noExpectations,
  inventories: ReadonlyMap<string, readonly Inventory[]> = new Map(),
): string {
  const { run } = results;
  const { os, osVersion, arch, cpus, node } = run.environment;
  const { sentence } = verdictOf(results, expectations);
  const areas = areasOf(results);
  return renderPage({
    title: `WebRTC interoperability: ${sentence}`,
    root: '',
    script: filterScript,
    header: (
      <>
        <h1>WebRTC interoperability</h1>
        <p class="soft">
          Run <span class="mono">{run.id}</span>, <time dateTime={run.startedAt}>{run.startedAt}</time>
          {run.finishedAt !== null && (
            <>
              {' to '}
              <time dateTime={run.finishedAt}>{run.finishedAt}</time>
            </>
          )}
          , on {os} {osVersion}, {arch}, {cpus} CPUs, Node {node}; webrtc-interop {run.harness.version}
          {run.harness.commit !== null && ` (${run.harness.commit.slice(0, 12)})`}
          {run.shard !== null && `; shard ${run.shard.index} of ${run.shard.total}`}.
        </p>
        <Verdict results={results} expectations={expectations} />
        <Totals results={results} />
      </>
    ),
    children: (
      <>
        <Failures results={results} expectations={expectations} pages={pages} />
        <Overview areas={areas} pages={pages} />
        <section aria-labelledby="browsers">
          <h2 id="browsers">Browsers</h2>
          <Browsers results={results} />
        </section>
        <Known results={results} expectations={expectations} pages={pages} />
        <LeftOut results={results} pages={pages} />
        <Filter results={results} />
        {areas.map((area) => (
          <Area area={area} inventories={inventories.get(area.name) ?? []} pages={pages} />
        ))}
      </>
    ),
  });
}
