import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import type { ReportInventory } from '../data.ts';
import { cellAddress, scenarioAddress } from './address.ts';
import { sectionWords } from './groups.ts';
import { useLoaded, useMore } from './hooks.ts';
import { loadInventories } from './load.ts';
import type { Model } from './model.ts';
import { outcomeSigns, outcomeWords, Scroll, Sign, toneOf } from './parts.tsx';
import { find, problemsOf } from './query.ts';
import { count, namesOf, pairInWords, shortVersion } from './words.ts';

const rowsStep = 150;

interface Table {
  /** Places of the pairs, from left to right. */
  pairs: number[];
  /** Places of the scenarios, from top to bottom, by group. */
  scenarios: number[];
}

/** The scenarios and pairs that a query leaves, without the pairs that cannot connect. */
function tableOf(model: Model, query: string): Table {
  const scenarios = new Set<number>();
  const pairs = new Set<number>();
  for (const cell of find(query, model)) {
    const pair = model.index.cells.pair[cell] ?? 0;
    if (model.outOfIt.has(pair)) continue;
    scenarios.add(model.index.cells.scenario[cell] ?? 0);
    pairs.add(pair);
  }
  const groups = new Map<string, number[]>();
  for (const scenario of [...scenarios].toSorted((one, other) => one - other)) {
    const group = groupOf(model, scenario);
    groups.set(group, [...(groups.get(group) ?? []), scenario]);
  }
  return { pairs: [...pairs].toSorted((one, other) => one - other), scenarios: [...groups.values()].flat() };
}

/** `codecs/video` of `codecs/video/vp8`. */
const groupOf = (model: Model, scenario: number): string =>
  (model.index.scenarios[scenario]?.id ?? '').split('/').slice(0, 2).join('/');

/** The outcomes of a scenario for one pair: a link for each cell. */
export function Outcomes({
  model,
  scenario,
  pair,
  query,
}: {
  model: Model;
  scenario: number;
  pair: number;
  query: string;
}): VNode {
  const cells = model.cellsAt(scenario, pair);
  if (cells.length === 0)
    return (
      <td class="none">
        <span aria-hidden="true">·</span>
        <span class="sr">not asked</span>
      </td>
    );
  return (
    <td>
      {cells.map((cell) => {
        const tone = toneOf(model, cell);
        const outcome = model.outcome(cell);
        return (
          <a class={`mini ${tone}`} href={cellAddress(model, cell, query)}>
            <Sign>
              {tone === 'known' || tone === 'lost' ? sectionWords[tone].sign : outcomeSigns[outcome]}
            </Sign>
            {tone === 'passed' || tone === 'lacking' ? (
              <span class="sr">{outcomeWords[outcome]}</span>
            ) : (
              <span>
                {outcomeWords[outcome]}
                {tone === 'new' && ', new'}
                {tone === 'known' && <span class="sr">, known</span>}
              </span>
            )}
          </a>
        );
      })}
    </td>
  );
}

/** The version of each browser, by its id. */
const versionsOf = ({ index: { browsers } }: Model): ReadonlyMap<string, string> =>
  new Map(browsers.map(({ id, version }) => [id, shortVersion(version)]));

export function PairHeads({ model, pairs }: { model: Model; pairs: readonly number[] }): VNode {
  const nameOf = namesOf(model.index.browsers);
  const versions = versionsOf(model);
  return (
    <>
      {pairs.map((at) => {
        const pair = model.index.pairs[at];
        if (pair === undefined) return null;
        return (
          <th scope="col">
            {pairInWords(pair, nameOf)}
            <span class="soft">
              {[pair.offerer, ...(pair.answerer === null ? [] : [pair.answerer])]
                .map((id) => versions.get(id) ?? '?')
                .join(' → ')}
            </span>
          </th>
        );
      })}
    </>
  );
}

/** Places of the rows that differ from what MDN says, in any browser. */
const differentIn = ({ columns }: ReportInventory): ReadonlySet<number> =>
  new Set(columns.flatMap(({ rows }) => rows.filter(({ differs }) => differs).map(({ of }) => of)));

function Inventories({ model }: { model: Model }): VNode {
  const loaded = useLoaded('inventories', loadInventories);
  const [isShort, setShort] = useState(false);
  if (loaded.state === 'loading') return <p>Loading…</p>;
  if (loaded.state === 'failed') return <p class="problem">{loaded.message}</p>;
  const tables = loaded.value.map((inventory) => ({ inventory, different: differentIn(inventory) }));
  const differences = tables.reduce((sum, { different }) => sum + different.size, 0);
  return (
    <>
      {loaded.value.some(({ compared }) => compared) && (
        <label>
          <input type="checkbox" checked={isShort} onChange={() => setShort(!isShort)} /> in the tables below,
          only what differs from MDN ({differences})
        </label>
      )}
      {tables.map(({ inventory, different }) =>
        isShort && different.size === 0 ? null : (
          <InventoryTable
            key={`${inventory.area} ${inventory.title}`}
            model={model}
            inventory={inventory}
            only={isShort ? different : undefined}
          />
        ),
      )}
    </>
  );
}

/**
 * What was found in each browser, row by row; a browser's name leads to the cell, which has the proof. If rows are compared
 * with MDN, a browser has three columns: what MDN says, what was measured, and the verdict.
 */
function InventoryTable({
  model,
  inventory: { area, title, names, links, compared, columns },
  only,
}: {
  model: Model;
  inventory: ReportInventory;
  /** Places of the rows to show; default all. */
  only: ReadonlySet<number> | undefined;
}): VNode {
  const nameOf = namesOf(model.index.browsers);
  const versions = versionsOf(model);
  const found = columns.map(({ rows }) => new Map(rows.map((row) => [row.of, row])));
  return (
    <section>
      <h2>{title}</h2>
      <Scroll label={title}>
        <table class="wide">
          <thead>
            <tr>
              <td class="soft" rowSpan={compared ? 2 : 1}>
                {area}
              </td>
              {columns.map(({ cell, name }) => (
                <th scope={compared ? 'colgroup' : 'col'} colSpan={compared ? 3 : 1}>
                  <a href={cellAddress(model, cell)}>
                    {nameOf(model.pair(cell).offerer)}
                    {name !== null && `, ${name}`}
                  </a>
                  <span class="soft"> {versions.get(model.pair(cell).offerer) ?? '?'}</span>
                </th>
              ))}
            </tr>
            {compared && (
              <tr>
                {columns.map(() => (
                  <>
                    <th scope="col">MDN says</th>
                    <th scope="col">measured</th>
                    <th scope="col">verdict</th>
                  </>
                ))}
              </tr>
            )}
          </thead>
          <tbody>
            {names.map((name, at) =>
              only?.has(at) === false ? null : (
                <tr key={name}>
                  <th scope="row">
                    {name}
                    {(links[at] ?? []).map(({ text, url }) => (
                      <span class="soft">
                        {' '}
                        <a href={url}>
                          {text}
                          <span class="sr"> of {name}</span>
                        </a>
                      </span>
                    ))}
                  </th>
                  {columns.map(({ otherwise }, column) => {
                    const row = found[column]?.get(at);
                    return compared ? (
                      <>
                        <td class="soft">{row?.said ?? '–'}</td>
                        <Found found={row} otherwise={otherwise} />
                        <td class="soft">
                          {row?.differs === true ? <strong>{row.verdict}</strong> : row?.verdict}
                        </td>
                      </>
                    ) : (
                      <Found found={row} otherwise={otherwise} />
                    );
                  })}
                </tr>
              ),
            )}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}

type FoundRow = ReportInventory['columns'][number]['rows'][number];

function Found({ found, otherwise }: { found: FoundRow | undefined; otherwise: string }): VNode {
  if (found === undefined) return <td class="soft">{otherwise}</td>;
  if (found.proof === null) return <td>{found.value}</td>;
  return (
    <td>
      <details>
        <summary>{found.value}</summary>
        <p>{found.proof}</p>
      </details>
    </td>
  );
}

/** One row per question, grouped; one column per directed pair, with versions. */
export function CompatibilityView({ model, query }: { model: Model; query: string }): VNode {
  const { pairs, scenarios } = useMemo(() => tableOf(model, query), [model, query]);
  const { shown, end } = useMore(query, scenarios.length, rowsStep);
  const groups = new Map<string, number[]>();
  for (const scenario of scenarios.slice(0, shown)) {
    const group = groupOf(model, scenario);
    const rows = groups.get(group);
    if (rows === undefined) groups.set(group, [scenario]);
    else rows.push(scenario);
  }
  return (
    <>
      <h1>What works between which browsers</h1>
      {problemsOf(query, model).map((problem) => (
        <p class="problem">{problem}</p>
      ))}
      <p role="status">
        {count(scenarios.length, 'question')}, {count(pairs.length, 'column')}. The first browser offers, the
        second answers. ✓ passes, ○ fails as it is known to, – not supported.
      </p>
      <div class="sticky-scroll" role="region" aria-label="Compatibility table" tabIndex={0}>
        <table class="compatibility">
          <thead>
            <tr>
              <th scope="col">Question</th>
              <PairHeads model={model} pairs={pairs} />
            </tr>
          </thead>
          {[...groups].map(([group, rows]) => (
            <tbody key={group}>
              <tr class="group">
                <th scope="rowgroup" colSpan={pairs.length + 1}>
                  {group}
                </th>
              </tr>
              {rows.map((scenario) => {
                const about = model.index.scenarios[scenario];
                return (
                  <tr key={scenario}>
                    <th scope="row">
                      <a href={scenarioAddress(about?.id ?? '', query)}>{about?.title}</a>
                      <span class="soft">{about?.question}</span>
                    </th>
                    {pairs.map((pair) => (
                      <Outcomes model={model} scenario={scenario} pair={pair} query={query} />
                    ))}
                  </tr>
                );
              })}
            </tbody>
          ))}
        </table>
        <p ref={end} class="soft">
          {shown < scenarios.length && `${String(scenarios.length - shown)} more below…`}
        </p>
      </div>
      {model.index.inventories.length > 0 && query === '' && <Inventories model={model} />}
    </>
  );
}
