import { basename } from 'node:path';
import { z } from 'zod';
import { areaOf } from '../results/cell-key.ts';
import type { EvidenceReader } from '../results/evidence-reader.ts';
import type { Cell, Evidence } from '../results/schema.ts';
import { jsonIn } from '../results/validate.ts';
import type { ReportInventory } from './data.ts';

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
      said: z.string().optional().describe('What MDN says of it.'),
      verdict: z.string().optional().describe('What that comes to, held against what was found.'),
      proof: z.string().optional().describe('What that rests on.'),
      links: z
        .array(z.object({ text: z.string(), url: z.url({ protocol: /^https$/ }) }))
        .optional()
        .describe('Where the row is written about; the first column that has some names them.'),
      differs: z.boolean().optional().describe('It is not what others say of it.'),
    }),
  ),
});
/** What a cell found, as a column; null if it left none, or one that is gone or has another shape. */
async function columnOf(reader: EvidenceReader, cell: Cell): Promise<z.infer<typeof column> | null> {
  const file = cell.evidence.find(
    ({ kind, path }) => kind === 'trace' && /(?:^|-)inventory(?:\.\d+)?\.json$/.test(basename(path)),
  );
  return file === undefined ? null : (column.safeParse(await jsonOf(reader, file)).data ?? null);
}

/** The tables of a run, as the page needs them. */
export class InventoryTables {
  readonly #reader: EvidenceReader;
  readonly #browsers: readonly string[];
  readonly #tables = new Map<
    string,
    {
      area: string;
      title: string;
      columns: { browser: string; cell: number; found: z.infer<typeof column> }[];
    }
  >();

  /** @param browsers ids in the order of the columns */
  constructor(reader: EvidenceReader, browsers: readonly string[]) {
    this.#reader = reader;
    this.#browsers = browsers;
  }

  async add(cell: Cell, at: number): Promise<void> {
    const found = await columnOf(this.#reader, cell);
    if (found === null) return;
    const area = areaOf(cell.scenario);
    const key = JSON.stringify([area, found.table]);
    const table = this.#tables.get(key) ?? { area, title: found.table, columns: [] };
    const { offerer: browser } = cell;
    // a repeated cell has only one column, the last
    const others = table.columns.filter(
      (column) => column.browser !== browser || column.found.column !== found.column,
    );
    this.#tables.set(key, { ...table, columns: [...others, { browser, cell: at, found }] });
  }

  tables(): ReportInventory[] {
    return [...this.#tables.values()].map(({ area, title, columns }) => {
      const names = [...new Set(columns.flatMap(({ found }) => found.rows.map(({ row }) => row)))];
      const places = new Map(names.map((name, at) => [name, at]));
      const place = ({ browser }: { browser: string }): number => this.#browsers.indexOf(browser);
      const rows = columns.flatMap(({ found }) => found.rows);
      // the first column that has links provides them
      const links = new Map(
        rows.toReversed().flatMap(({ row, links }) => (links === undefined ? [] : [[row, links] as const])),
      );
      return {
        area,
        title,
        names,
        links: names.map((name) => links.get(name) ?? []),
        compared: rows.some(({ differs }) => differs !== undefined),
        columns: columns
          .toSorted((one, other) => place(one) - place(other))
          .map(({ cell, found }) => ({
            cell,
            name: found.column ?? null,
            otherwise: found.otherwise,
            rows: found.rows.map(({ row, value, said, verdict, proof, differs = false }) => ({
              of: places.get(row) ?? 0,
              value,
              said: said ?? null,
              verdict: verdict ?? null,
              proof: proof ?? null,
              differs,
            })),
          })),
      };
    });
  }
}

async function jsonOf(reader: EvidenceReader, evidence: Evidence): Promise<unknown> {
  const found = await reader.find(evidence);
  // Any problem with it is reported with its cell.
  return 'content' in found && found.content.length <= mostBytes
    ? jsonIn(found.content.toString('utf8'))
    : undefined;
}
