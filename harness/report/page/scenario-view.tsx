import type { VNode } from 'preact';
import { cellAddress, viewAddress } from './address.ts';
import { sectionsOf } from './groups.ts';
import { useLoaded } from './hooks.ts';
import { loadCell } from './load.ts';
import type { Model } from './model.ts';
import { Badge, bugName, OutLink, Scroll, Why } from './parts.tsx';
import { amount, browserName, namesOf, pairInWords } from './words.ts';

const levels = {
  must: 'A specification demands it.',
  should: 'It is recommended, or relied on.',
  info: 'Good to know.',
} as const;

/** What a question's answers mean for somebody who builds on them. */
function meaningOf(model: Model, cells: readonly number[]): string {
  const nameOf = namesOf(model.index.browsers);
  const judged = cells.filter((cell) => !model.outOfIt.has(model.index.cells.pair[cell] ?? 0));
  const named = (of: readonly number[]): string =>
    [...new Set(of.map((cell) => pairInWords(model.pair(cell), nameOf)))].join('; ');
  const failing = judged.filter((cell) => ['fail', 'timeout', 'crash'].includes(model.outcome(cell)));
  const lacking = judged.filter((cell) => model.outcome(cell) === 'unsupported');
  const passing = judged.filter((cell) => ['pass', 'flaky'].includes(model.outcome(cell)));
  if (passing.length === judged.length && judged.length > 0)
    return 'An application may rely on it between all browsers of this run.';
  const parts = [
    ...(failing.length === 0 ? [] : [`do not rely on it for ${named(failing)}`]),
    ...(lacking.length === 0 ? [] : [`ask for it before you use it: it is missing for ${named(lacking)}`]),
    ...(passing.length === 0 ? [] : [`it works for ${named(passing)}`]),
  ];
  const said = parts.join('; ');
  return said === ''
    ? 'Nothing is known of it in this run.'
    : `${said.charAt(0).toUpperCase()}${said.slice(1)}.`;
}

/** One question, for all pairs: outcomes, why, the specification, the measurements. */
export function ScenarioView({
  model,
  scenario,
  query,
}: {
  model: Model;
  scenario: number;
  query: string;
}): VNode {
  const about = model.index.scenarios[scenario];
  const nameOf = namesOf(model.index.browsers);
  const cells = model.index.pairs.flatMap((_, pair) => model.cellsAt(scenario, pair));
  const id = about?.id ?? '';
  const details = useLoaded(id, () => Promise.all(cells.map((cell) => loadCell(model.index, cell))));
  const [first] = details.state === 'there' ? details.value : [];
  const measured =
    details.state === 'there'
      ? [...new Set(details.value.flatMap((cell) => Object.keys(cell.measurements)))]
      : [];
  const shown = cells.filter((cell) => !model.outOfIt.has(model.index.cells.pair[cell] ?? 0));
  const why = new Map(
    sectionsOf(model, cells).flatMap(({ groups }) =>
      groups.flatMap((group) => group.cells.map((cell) => [cell, group] as const)),
    ),
  );
  return (
    <>
      <p class="crumbs">
        <a href={viewAddress('compatibility', query || `area:${model.areaOfScenario[scenario] ?? ''}`)}>
          ← Compatibility
        </a>{' '}
        <span class="mono">{id}</span>
      </p>
      <h1>{about?.question}</h1>
      <p>
        <b>{about?.title}.</b> {about === undefined ? '' : levels[about.level]}{' '}
        {model.index.browsers.map(browserName).join(', ')}.
      </p>
      <p class="meaning">{meaningOf(model, cells)}</p>
      {first !== undefined && first.specUrls.length > 0 && (
        <p>
          Specification:{' '}
          {first.specUrls.map((url) => (
            <>
              <OutLink href={url} />{' '}
            </>
          ))}
        </p>
      )}
      <h2>Pairs</h2>
      <Scroll label="Outcomes by pair">
        <table class="wide">
          <thead>
            <tr>
              <th scope="col">Pair</th>
              <th scope="col">Outcome</th>
              <th scope="col">Why</th>
            </tr>
          </thead>
          <tbody>
            {shown.map((cell) => {
              const group = why.get(cell);
              return (
                <tr>
                  <th scope="row">
                    <a href={cellAddress(model, cell, query)}>{pairInWords(model.pair(cell), nameOf)}</a>
                  </th>
                  <td class="tight">
                    <Badge model={model} cell={cell} />
                  </td>
                  <td>
                    {group !== undefined && model.cause(cell) !== undefined && (
                      <Why model={model} group={group} />
                    )}{' '}
                    {group?.bug != null && <OutLink href={group.bug}>{bugName(group.bug)}</OutLink>}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
      {shown.length < cells.length && (
        <p class="soft">Pairs with a browser that has no RTCPeerConnection are left out here.</p>
      )}
      {measured.length > 0 && details.state === 'there' && (
        <>
          <h2>Measured</h2>
          <Scroll label="Measurements by pair">
            <table class="wide">
              <thead>
                <tr>
                  <td />
                  {shown.map((cell) => (
                    <th scope="col">{pairInWords(model.pair(cell), nameOf)}</th>
                  ))}
                </tr>
              </thead>
              <tbody>
                {measured.map((name) => (
                  <tr>
                    <th scope="row">{name}</th>
                    {shown.map((cell) => {
                      const found = details.value[cells.indexOf(cell)]?.measurements[name];
                      return (
                        <td class="tight">{found === undefined ? '–' : amount(found.value, found.unit)}</td>
                      );
                    })}
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        </>
      )}
      {details.state === 'failed' && <p class="problem">{details.message}</p>}
    </>
  );
}
