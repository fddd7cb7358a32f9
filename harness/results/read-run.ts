import type { FileHandle } from 'node:fs/promises';
import { z } from 'zod';
import { UsageError } from '../errors.ts';
import { linesOf } from './lines.ts';
import { openRunFile, readRunText, RunFileError, type RunFile } from './run-file.ts';
import { cellSchema, resultsSchema, type Cell, type Results } from './schema.ts';
import { cellsFrom } from './stored-cell.ts';
import { nameOf, parseJson, validate } from './validate.ts';

/** All of a run except its cells: `run.json`, written when the run begins. */
export const headerSchema = resultsSchema.omit({ cells: true });
export type Header = z.infer<typeof headerSchema>;

/** Receives reports of damage in spite of which a run can be read, in one sentence each. */
export type Say = (warning: string) => void;

/** A run whose cells are read one after another, so that one of any size fits into memory. */
export interface StoredRun {
  /** What is said of the run before its cells are read: a cell that cannot be read makes it incomplete. */
  readonly header: Header;
  /** Reads the cells, anew at each call. A cell that cannot be read is left out and reported. */
  cells(): AsyncIterable<Cell>;
  /** Whether every cell asked for so far could be read: otherwise the run is not complete. */
  isWhole(): boolean;
}

/** Reports each problem once, however often a run is read, and remembers whether a cell was lost by it. */
class Losses {
  readonly #say: Say;
  readonly #said = new Set<string>();
  cells = 0;

  constructor(say: Say) {
    this.#say = say;
  }

  say(warning: string): void {
    if (this.#said.has(warning)) return;
    this.#said.add(warning);
    this.#say(warning);
  }

  /** Reports that a cell is left out, and why. */
  cell(why: string): void {
    this.cells += 1;
    this.say(`A cell is left out, and the run counts as incomplete. ${why}`);
  }
}

/** A `results.json` whose first line is longer than this, in bytes, is read as a whole. */
const longestHeader = 16 * 1024 * 1024;

const withCells = z.looseObject({ cells: z.array(z.unknown()) });

async function openOptional(dir: string, name: string): Promise<RunFile | null> {
  try {
    return await openRunFile(dir, name);
  } catch (error) {
    if (!(error instanceof RunFileError)) throw error;
    if (error.code === 'file-missing') return null;
    throw notReadable(dir, error);
  }
}

const notReadable = (dir: string, error: RunFileError): UsageError =>
  new UsageError('no-results', `${dir}: ${error.message} Is it the folder of a run?`, { cause: error });

async function textOf(dir: string, name: string): Promise<string> {
  try {
    return await readRunText(dir, name);
  } catch (error) {
    throw error instanceof RunFileError ? notReadable(dir, error) : error;
  }
}

/** A cell, or null if it cannot be read, which is reported with line or number, and field. */
function readable(read: () => Cell, losses: Losses): Cell | null {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof UsageError)) throw error;
    losses.cell(error.message);
    return null;
  }
}

/** A line of a `results.jsonl`, and the cells that it stands for. */
interface CellLine {
  text: string;
  cells: Cell[];
}

/**
 * The cells of an open `results.jsonl`. A last line without its end was being written when the run was killed: it is
 * left out, and so is a line that is not a cell; both are reported.
 */
async function* cellLines(
  handle: FileHandle,
  path: string,
  version: Results['schemaVersion'],
  losses: Losses,
): AsyncGenerator<CellLine> {
  let number = 0;
  for await (const { bytes, isWhole } of linesOf(handle)) {
    const text = bytes.toString('utf8');
    number += 1;
    if (!isWhole) {
      losses.say(`${path} ends in half a line, so the run was killed as it wrote a cell: that cell is lost.`);
      return;
    }
    const place = `${path}, line ${number},`;
    const cell = readable(() => validate(cellSchema, parseJson(text, place), place), losses);
    if (cell !== null) yield { text, cells: cellsFrom(cell, version) };
  }
}

/** The lines of a run's `results.jsonl` that hold a cell; none if it does not exist. @throws {UsageError} `no-results` */
export const storedLines = (
  dir: string,
  version: Results['schemaVersion'],
  say: Say,
): AsyncGenerator<CellLine> => linesOfLog(dir, version, new Losses(say));

const linesOfLog = (
  dir: string,
  version: Results['schemaVersion'],
  losses: Losses,
): AsyncGenerator<CellLine> =>
  reading(dir, 'results.jsonl', (handle) => cellLines(handle, `${dir}/results.jsonl`, version, losses));

/** The first line of a `results.json` that has a line for each cell, as the store writes it. */
const openLine = /^\{"schemaVersion":.*,"cells":\[$/;
const closeLine = ']}';

/** The first line of a `results.json`, up to its cells, which have a line each. */
export const openLineOf = (header: Header): string => `${JSON.stringify(header).slice(0, -1)},"cells":[`;

/** The lines of a `results.json`, made from its header and the lines of its cells. */
export async function* resultsLines(header: Header, cells: AsyncIterable<string>): AsyncGenerator<string> {
  yield openLineOf(header);
  let previous: string | undefined;
  for await (const cell of cells) {
    if (previous !== undefined) yield `\n${previous},`;
    previous = cell;
  }
  yield `${previous === undefined ? '' : `\n${previous}`}\n${closeLine}\n`;
}

/** The cells of a `results.json` that has a line for each of them. */
async function* cellsByLine(
  handle: FileHandle,
  path: string,
  version: Results['schemaVersion'],
  losses: Losses,
): AsyncGenerator<Cell> {
  let at = -1;
  let isEnded = false;
  for await (const { bytes } of linesOf(handle)) {
    const text = bytes.toString('utf8');
    if (at < 0) {
      at = 0; // the header
      continue;
    }
    if (text === closeLine) {
      isEnded = true;
      continue;
    }
    const cell = readable(() => {
      const json = text.endsWith(',') ? text.slice(0, -1) : text;
      const value = parseJson(json, `${path}, line ${at + 2},`);
      return validate(cellSchema, value, () => `${path}, cells[${at}] (${nameOf(value)}),`);
    }, losses);
    at += 1;
    if (cell !== null) yield* cellsFrom(cell, version);
  }
  if (!isEnded) losses.cell(`${path} has no end: was it cut off?`);
}

/**
 * Opens a run from its folder: `results.json`, or, where the run was killed before it wrote that, what `run.json` and
 * `results.jsonl` say, as a run that is not complete.
 * @param say is told what was wrong; by default it becomes warnings of the process.
 * @throws {UsageError} `no-results` when the folder holds no run, `invalid-results` when the run's own data is damaged.
 */
export async function openStoredRun(
  dir: string,
  say: Say = (warning) => process.emitWarning(warning),
): Promise<StoredRun> {
  const whole = await openOptional(dir, 'results.json');
  if (whole === null) return killedRun(dir, say);
  const path = `${dir}/results.json`;
  try {
    let first = '';
    for await (const { bytes } of linesOf(whole.handle, longestHeader)) {
      first = bytes.toString('utf8');
      break;
    }
    const losses = new Losses(say);
    if (!openLine.test(first))
      return wholeRun(parseJson(await textOf(dir, 'results.json'), path), path, losses);
    const header = validate(headerSchema, parseJson(`${first}]}`, path), path);
    const cells = (handle: FileHandle) => cellsByLine(handle, path, header.schemaVersion, losses);
    return {
      header,
      cells: () => reading(dir, 'results.json', cells),
      isWhole: () => losses.cells === 0,
    };
  } finally {
    await whole.handle.close();
  }
}

/** Reads what a file of the run holds, then closes it. */
async function* reading<T>(
  dir: string,
  name: string,
  read: (handle: FileHandle) => AsyncIterable<T>,
): AsyncGenerator<T> {
  const file = await openOptional(dir, name);
  if (file === null) return;
  try {
    yield* read(file.handle);
  } finally {
    await file.handle.close();
  }
}

async function killedRun(dir: string, say: Say): Promise<StoredRun> {
  const start = `${dir}/run.json`;
  const about = await openOptional(dir, 'run.json');
  if (about === null) {
    throw new UsageError(
      'no-results',
      `${dir} holds neither results.json nor run.json. Name the folder of a run.`,
    );
  }
  await about.handle.close();
  const { run, ...rest } = validate(headerSchema, parseJson(await textOf(dir, 'run.json'), start), start);
  const log = `${dir}/results.jsonl`;
  // Refused now rather than when its cells are asked for.
  await (await openOptional(dir, 'results.jsonl'))?.handle.close();
  const losses = new Losses(say);
  async function* cells(): AsyncGenerator<Cell> {
    let count = 0;
    for await (const { cells: of } of linesOfLog(dir, rest.schemaVersion, losses)) {
      count += of.length;
      yield* of;
    }
    losses.say(
      `${dir} has no results.json: the run was killed. ${count} of ${run.plannedCells} cells were read from ${log}.`,
    );
  }
  // It is not complete, however much of it can be read.
  return { header: { ...rest, run: { ...run, complete: false } }, cells, isWhole: () => losses.cells === 0 };
}

/** What a `results.json` of another layout holds. @throws {UsageError} `invalid-results` */
function wholeRun(value: unknown, place: string, losses: Losses): StoredRun {
  const header = validate(headerSchema, value, place);
  const all = validate(withCells, value, place).cells;
  async function* cells(): AsyncGenerator<Cell> {
    for (const [index, each] of all.entries()) {
      const of = (): string => `${place}, cells[${index}] (${nameOf(each)}),`;
      const cell = readable(() => validate(cellSchema, each, of), losses);
      if (cell !== null) yield* cellsFrom(cell, header.schemaVersion);
    }
  }
  return { header, cells, isWhole: () => losses.cells === 0 };
}

/** A run that is in memory, to be read like one that is stored. */
export function inMemory({ cells, ...header }: Results): StoredRun {
  async function* each(): AsyncGenerator<Cell> {
    yield* cells;
  }
  return { header, cells: each, isWhole: () => true };
}

/** Reads a stored run as a whole. */
export async function wholeOf(stored: StoredRun): Promise<Results> {
  const cells: Cell[] = [];
  for await (const cell of stored.cells()) cells.push(cell);
  const { run, ...rest } = stored.header;
  return { ...rest, run: { ...run, complete: run.complete && stored.isWhole() }, cells };
}

/**
 * The whole of a run from its folder, see `openStoredRun`. A cell that cannot be read is left out, and makes the run
 * incomplete.
 * @throws {UsageError} `no-results`, `invalid-results`
 */
export const readRun = async (dir: string, say?: Say): Promise<Results> =>
  wholeOf(await openStoredRun(dir, say));
