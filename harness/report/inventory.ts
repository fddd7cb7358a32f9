import { basename } from 'node:path';
import { z } from 'zod';
import { readRunText, RunFileError } from '../results/run-file.ts';
import type { Cell } from '../results/schema.ts';
import { jsonIn } from '../results/validate.ts';

/** More than any inventory has. */
const mostBytes = 16 * 1024 * 1024;

/** What a scenario about one browser found, as a column of a table: its evidence `inventory.json`. */
const column = z.object({
  table: z.string().describe('The title of the table; scenarios that give the same one share it.'),
  column: z.string().optional().describe('What the column is about beside its browser.'),
  otherwise: z.string().default('–').describe('What is so of a row that it does not have.'),
  rows: z.array(
    z.object({
      row: z.string().describe('What was looked at.'),
      value: z.string().describe('What was found of it.'),
      proof: z.string().optional().describe('What that rests on.'),
      links: z
        .array(z.object({ text: z.string(), url: z.url({ protocol: /^https$/ }) }))
        .optional()
        .describe('Where the row is written about; the first column that has some names them.'),
      differs: z.boolean().optional().describe('It is not what others say of it.'),
    }),
  ),
});
export type InventoryRow = z.infer<typeof column>['rows'][number];

/** One table of an area: what was looked at × browsers. */
export interface Inventory {
  title: string;
  /** A column for each cell that has one; those of a browser are beside each other. */
  columns: {
    cell: Cell;
    name: string | undefined;
    rows: ReadonlyMap<string, InventoryRow>;
    otherwise: string;
  }[];
  /** Every row of any column, in the order in which they first come. */
  names: string[];
  /** Whether its rows can differ from what others say. */
  compared: boolean;
}

/**
 * The inventories that the cells of an area left as evidence; a file that is gone or of another shape has none.
 * @param browsers ids in the order of the columns
 */
export async function readInventories(
  dir: string,
  cells: readonly Cell[],
  browsers: readonly string[],
): Promise<Inventory[]> {
  const found = new Map<string, Inventory>();
  for (const cell of cells) {
    const file = cell.evidence.find(
      ({ kind, path }) => kind === 'trace' && /(?:^|-)inventory(?:\.\d+)?\.json$/.test(basename(path)),
    );
    if (!file) continue;
    const parsed = column.safeParse(await jsonOf(dir, file.path));
    if (!parsed.success) continue;
    const { table: title, column: name, rows, otherwise } = parsed.data;
    const { columns, names, compared } = found.get(title) ?? { columns: [], names: [], compared: false };
    found.set(title, {
      title,
      // a repeated cell has its column once, and the last word
      columns: [
        ...columns.filter((other) => other.cell.offerer !== cell.offerer || other.name !== name),
        { cell, name, rows: new Map(rows.map((each) => [each.row, each])), otherwise },
      ],
      names: [...new Set([...names, ...rows.map(({ row }) => row)])],
      compared: compared || rows.some(({ differs }) => differs !== undefined),
    });
  }
  const place = ({ cell }: Inventory['columns'][number]) => browsers.indexOf(cell.offerer);
  return [...found.values()].map((inventory) => ({
    ...inventory,
    columns: inventory.columns.toSorted((one, other) => place(one) - place(other)),
  }));
}

async function jsonOf(dir: string, path: string): Promise<unknown> {
  try {
    return jsonIn(await readRunText(dir, path, mostBytes));
  } catch (error) {
    if (error instanceof RunFileError) return undefined; // the page of its cell says what is wrong with it
    throw error;
  }
}
