import { mkdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { EvidenceReader } from '../results/evidence-reader.ts';
import { writing } from '../results/write-error.ts';
import type { Cell } from '../results/schema.ts';
import { CellTable } from './cell-table.ts';
import { Claims } from './claims.ts';
import { compressedCall, fileOfChunk, jsonCall } from './chunk-file.ts';
import type { CellChunk, CellDetail, ChunkName, ReportIndex } from './data.ts';
import { EvidencePlaces } from './evidence-places.ts';
import type { Report } from './reporter.ts';
import { InventoryTables } from './inventory.ts';
import { Measured } from './measured.ts';
import { indexOf } from './report-index.ts';

/** Writes the data of the page, see data.ts. */
export interface DataWriter {
  cell(cell: Cell): Promise<void>;
  /** Writes what is left. @returns what the page begins with */
  end(): Promise<ReportIndex>;
}

/** Few enough for the page to load at once, many enough for a hundred thousand cells to be a few hundred files. */
const cellsInChunk = 250;

/** Begins the data of a page, replacing that of an earlier one. */
export async function openData(report: Report): Promise<DataWriter> {
  const { run, dir, expectations, say } = report;
  const folder = join(dir, 'data');
  await writing(folder, async () => {
    // Removed first, so that nothing is written through what somebody put there.
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder);
  });
  const scenarios = new Map(run.scenarios.map((scenario) => [scenario.id, scenario]));
  const places = new EvidencePlaces(report);
  const baseline = expectations.baseline?.folder;
  const before = baseline === undefined ? null : new EvidenceReader(baseline);
  const table = new CellTable(run, expectations);
  const measured = new Measured();
  const claims = new Claims();
  const inventories = new InventoryTables(
    places.reader,
    run.browsers.map(({ id }) => id),
  );
  const chunk = new TextBuffer();
  let inChunk = 0;
  let chunks = 0;

  const write = (name: ChunkName, text: string): Promise<void> => {
    const path = join(dir, fileOfChunk(name));
    return writing(path, () => writeFile(path, text, { flag: 'wx' }));
  };
  const compressed = async (name: ChunkName, json: Uint8Array | string): Promise<void> =>
    write(name, await compressedCall(name, json));

  /** Adds a cell to its chunk, as text: what is small and short-lived costs little memory. */
  function addToChunk(detail: CellDetail): void {
    if (inChunk === 0) {
      table.beginChunk();
      const begin = { first: table.size - 1, cells: [] } satisfies CellChunk;
      chunk.add(JSON.stringify(begin).slice(0, -2));
    }
    chunk.add(`${inChunk === 0 ? '' : ','}${JSON.stringify(detail)}`);
    inChunk += 1;
  }

  /** What a cell that is not a pass is compared with. */
  async function lastPassOf(cell: Cell): Promise<CellDetail['lastPass']> {
    const pass = cell.status === 'pass' ? undefined : expectations.baseline?.lastPass(cell);
    if (pass === undefined || before === null) return null;
    return { startedAt: pass.startedAt, evidence: await places.descriptionsOf(pass, before) };
  }

  async function endChunk(): Promise<void> {
    chunk.add(']}');
    await compressed(`cells/${chunks}`, chunk.take());
    inChunk = 0;
    chunks += 1;
  }

  return {
    async cell(cell) {
      const at = table.add(cell);
      measured.add(cell, at);
      claims.add(cell, at);
      await inventories.add(cell, at);
      const declared = scenarios.get(cell.scenario);
      addToChunk({
        reason: cell.reason,
        phase: cell.phase,
        signature: cell.signature,
        startedAt: cell.startedAt,
        durationMs: cell.durationMs,
        checks: cell.checks,
        measurements: cell.measurements,
        repro: cell.repro,
        ...(cell.load === undefined ? {} : { load: cell.load }),
        specUrls: declared?.specUrls ?? [],
        version: declared?.version ?? 1,
        together: cell.standsFor?.length ?? 1,
        source: declared?.source ?? null,
        attempts: cell.attempts.map((attempt) => {
          const { evidence: _, ...rest } = attempt;
          return rest;
        }),
        evidence: await places.of(cell),
        lastPass: await lastPassOf(cell),
      });
      if (inChunk === cellsInChunk) await endChunk();
    },
    async end() {
      if (inChunk > 0) await endChunk();
      await places.close();
      if (measured.left > 0)
        say(
          `${dir}: ${measured.left} measurements are in their cells alone: there are too many of other names.`,
        );
      if (claims.left > 0)
        say(`${dir}: ${claims.left} claims are in their cells alone: they are about too many members.`);
      await compressed('claims', JSON.stringify(claims.tables()));
      const tables = inventories.tables();
      await compressed('inventories', JSON.stringify(tables));
      const index = indexOf(run, expectations, table, {
        measured: measured.names(),
        inventories: tables.map(({ area, title }) => ({ area, title })),
        claims: claims.size,
      });
      let at = 0;
      for (const each of measured.chunks(index.cells.pair)) {
        await compressed(`measured/${at}`, JSON.stringify(each));
        at += 1;
      }
      await write('index', jsonCall('index', index));
      return index;
    },
  };
}

/** Gathers text as UTF-8, in memory that is reused. */
class TextBuffer {
  #bytes = Buffer.alloc(1024 * 1024);
  #length = 0;

  add(text: string): void {
    const most = this.#length + Buffer.byteLength(text);
    if (most > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], most * 2);
    this.#length += this.#bytes.write(text, this.#length);
  }

  /** What was gathered, valid until the next text is added. */
  take(): Buffer {
    const gathered = this.#bytes.subarray(0, this.#length);
    this.#length = 0;
    return gathered;
  }
}
