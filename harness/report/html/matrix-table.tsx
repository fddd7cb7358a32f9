import type { VNode } from 'preact';
import type { CellKey } from '../../results/cell-key.ts';
import type { CellOutline } from '../../results/outline.ts';
import type { AreaView, Matrix, ScenarioView } from '../matrix.ts';
import { pairName } from '../matrix.ts';
import { lookOf, sumOf, worstLook } from '../outcome-look.ts';
import { addressOf, Scroll } from './page.tsx';

/** Where each cell has its page, relative to index.html. */
export type Pages = ReadonlyMap<CellKey, string>;

export interface Links {
  root: string;
  pages: Pages;
  /** The cell whose page this is. */
  current?: CellOutline;
}

function Tile({ cell, root, pages, current }: { cell: CellOutline } & Links): VNode {
  const { tone, sign, words } = lookOf(cell);
  return (
    <a
      class={tone}
      href={addressOf(root, pages.get(cell) ?? '')}
      data-tone={tone}
      data-offerer={cell.offerer}
      data-answerer={cell.answerer}
      aria-current={cell === current ? 'page' : undefined}
    >
      <span aria-hidden="true">{sign} </span>
      {words}
      <span class="sr">, {pairName(cell)}</span>
    </a>
  );
}

const None = (): VNode => (
  <span class="none">
    <span aria-hidden="true">·</span>
    <span class="sr">not in this run</span>
  </span>
);

const Tiles = ({ cells, ...links }: { cells: readonly CellOutline[] } & Links): VNode =>
  cells.length === 0 ? (
    <None />
  ) : (
    <>
      {cells.map((cell) => (
        <Tile cell={cell} {...links} />
      ))}
    </>
  );

/** Rows offer, columns answer; `show` makes what stands in a cell. */
function Pairs({
  pairs,
  label,
  corner,
  show,
}: {
  corner: string;
  pairs: Matrix;
  label: string;
  show: (cells: CellOutline[]) => VNode;
}): VNode {
  return (
    <table class="matrix">
      <caption class="sr">{label}: rows offer, columns answer</caption>
      <thead>
        <tr>
          <th scope="col" class="corner">
            {corner}
          </th>
          {pairs.answerers.map((answerer) => (
            <th scope="col">{answerer}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        {pairs.offerers.map((offerer) => (
          <tr>
            <th scope="row">{offerer}</th>
            {pairs.answerers.map((answerer) => (
              <td>{show(pairs.at(offerer, answerer))}</td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Singles({
  singles,
  label,
  show,
}: {
  singles: Map<string, CellOutline[]>;
  label: string;
  show: (cells: CellOutline[]) => VNode;
}): VNode {
  return (
    <table class="matrix">
      <caption class="sr">{label}: one browser each</caption>
      <thead>
        <tr>
          {[...singles.keys()].map((id) => (
            <th scope="col">{id}</th>
          ))}
        </tr>
      </thead>
      <tbody>
        <tr>
          {[...singles.values()].map((cells) => (
            <td>{show(cells)}</td>
          ))}
        </tr>
      </tbody>
    </table>
  );
}

/** All cells of one scenario, each leading to its page. */
export function ScenarioTable({ view, ...links }: { view: ScenarioView } & Links): VNode {
  const show = (cells: CellOutline[]): VNode => <Tiles cells={cells} {...links} />;
  return (
    <Scroll label={`Cells of ${view.id}`}>
      {view.pairs.offerers.length > 0 && (
        <Pairs corner="offers ↓" pairs={view.pairs} label={view.title} show={show} />
      )}
      {view.singles.size > 0 && <Singles singles={view.singles} label={view.title} show={show} />}
    </Scroll>
  );
}

/** The sums of an area, each leading to its page where it is one cell, else to the area's scenarios. */
export function AreaTable({ area, target, ...links }: { area: AreaView; target: string } & Links): VNode {
  const show = (cells: CellOutline[]): VNode => {
    const [first, ...others] = cells;
    if (first === undefined) return <None />;
    if (others.length === 0) return <Tile cell={first} {...links} />;
    return (
      <a class={worstLook(cells)} href={target}>
        {sumOf(cells).map(({ sign, words, count }, index) => (
          <span class="sum">
            <b aria-hidden="true">{sign}</b> {count} {words}
            {index === 0 ? <span class="sr">, {pairName(first)}</span> : null}
          </span>
        ))}
      </a>
    );
  };
  return (
    <Scroll label={`Sums of ${area.name}`}>
      <div class="overview">
        {area.pairs.offerers.length > 0 && (
          <Pairs corner="offers ↓ answers →" pairs={area.pairs} label={`Sums of ${area.name}`} show={show} />
        )}
        {area.singles.size > 0 && (
          <Singles singles={area.singles} label={`Sums of ${area.name}`} show={show} />
        )}
      </div>
    </Scroll>
  );
}
