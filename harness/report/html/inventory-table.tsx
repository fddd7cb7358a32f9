import type { VNode } from 'preact';
import { pairName } from '../matrix.ts';
import type { Inventory, InventoryRow } from '../inventory.ts';
import type { Pages } from './matrix-table.tsx';
import { addressOf, Scroll } from './page.tsx';

/** What was found in each browser, row by row; a browser's name leads to the cell, which has the proof. */
export function InventoryTable({
  inventory: { title, columns, names },
  pages,
}: {
  inventory: Inventory;
  pages: Pages;
}): VNode {
  return (
    <Scroll label={title}>
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
            <tr>
              <th scope="row" class="mono">
                {row}
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

function Found({ found, otherwise }: { found: InventoryRow | undefined; otherwise: string }): VNode {
  if (found === undefined) return <td class="soft">{otherwise}</td>;
  const { value, proof } = found;
  if (proof === undefined) return <td>{value}</td>;
  return (
    <td>
      <details>
        <summary>{value}</summary>
        <p>{proof}</p>
      </details>
    </td>
  );
}
