import type { VNode } from 'preact';
import { pairName } from '../matrix.ts';
import type { Inventory, InventoryRow } from '../inventory.ts';
import type { Pages } from './matrix-table.tsx';
import { addressOf, Scroll } from './page.tsx';

/** What was found in each browser, row by row; a browser's name leads to the cell, which has the proof. */
export function InventoryTable({
  inventory: { title, columns, names, compared },
  pages,
}: {
  inventory: Inventory;
  pages: Pages;
}): VNode {
  return (
    <Scroll label={title}>
      {compared && <DiffersFilter columns={columns} title={title} />}
      <table class="wide">
        <caption class="sr">{title}: a column for each browser</caption>
        <thead>
          <tr>
            <td />
            {columns.map(({ cell, name }) => (
              <th scope="col">
                <a href={addressOf('', pages.get(cell) ?? '')}>
                  {pairName(cell)}
                  {name === undefined ? '' : `, ${name}`}
                </a>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {names.map((row) => (
            <tr data-same={compared && !differsIn(columns, row) ? '' : undefined}>
              <th scope="row" class="mono">
                {row}
                <Links columns={columns} row={row} />
              </th>
              {columns.map(({ rows, otherwise }) => (
                <Found found={rows.get(row)} otherwise={otherwise} />
              ))}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

type Columns = Inventory['columns'];

const differsIn = (columns: Columns, row: string): boolean =>
  columns.some(({ rows }) => rows.get(row)?.differs === true);

/** Hides the rows that are as others say; works without a script. */
function DiffersFilter({ columns, title }: { columns: Columns; title: string }): VNode {
  const count = [...new Set(columns.flatMap(({ rows }) => [...rows.keys()]))].filter((row) =>
    differsIn(columns, row),
  ).length;
  return (
    <label class="differs">
      <input type="checkbox" /> only what differs from MDN ({count})<span class="sr"> of {title}</span>
    </label>
  );
}

function Links({ columns, row }: { columns: Columns; row: string }): VNode | null {
  const links = columns.flatMap(({ rows }) => rows.get(row)?.links ?? []);
  const once = [...new Map(links.map((link) => [link.text, link])).values()];
  if (once.length === 0) return null;
  return (
    <span class="links">
      {once.map(({ text, url }) => (
        <>
          {' '}
          <a href={url}>
            {text}
            <span class="sr"> of {row}</span>
          </a>
        </>
      ))}
    </span>
  );
}

function Found({ found, otherwise }: { found: InventoryRow | undefined; otherwise: string }): VNode {
  if (found === undefined) return <td class="soft">{otherwise}</td>;
  const { value, proof, differs = false } = found;
  const mark = differs ? 'differs' : undefined;
  if (proof === undefined) return <td class={mark}>{value}</td>;
  return (
    <td class={mark}>
      <details>
        <summary>{value}</summary>
        <p>{proof}</p>
      </details>
    </td>
  );
}
