import { z } from 'zod';
import { UsageError } from '../errors.ts';
import { readRunText, RunFileError } from './run-file.ts';
import { cellSchema, resultsSchema, type Cell, type Results } from './schema.ts';
import { nameOf, parseJson, validate } from './validate.ts';

/** All of a run but its cells: `run.json`, written when the run begins. */
export const headerSchema = resultsSchema.omit({ cells: true });
export type Header = z.infer<typeof headerSchema>;

/** What hears of damage that a run can be read in spite of, a sentence each. */
export type Say = (warning: string) => void;

const withCells = z.looseObject({ cells: z.array(z.unknown()) });

async function readOptional(dir: string, name: string): Promise<string | null> {
  try {
    return await readRunText(dir, name);
  } catch (error) {
    if (!(error instanceof RunFileError)) throw error;
    if (error.code === 'file-missing') return null;
    throw new UsageError('no-results', `${dir}: ${error.message} Is it the folder of a run?`, {
      cause: error,
    });
  }
}

/** The cells that can be read; each of the others is left out, and said so with line or number, and field. */
function readableCells(cells: Iterable<() => Cell>, say: Say): Cell[] {
  const read: Cell[] = [];
  for (const next of cells) {
    try {
      read.push(next());
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      say(`A cell is left out, and the run counts as incomplete. ${error.message}`);
    }
  }
  return read;
}

/**
 * The cells of a `results.jsonl`. A last line without its end was being written when the run was killed: it is left
 * out, and so is a line that is no cell; both are said.
 */
export function parseCells(text: string, path: string, say: Say): Cell[] {
  const lines = text.split('\n');
  const torn = lines.pop() ?? '';
  if (torn !== '')
    say(`${path} ends in half a line, so the run was killed as it wrote a cell: that cell is lost.`);
  const cells = lines.map((line, index) => () => {
    const place = `${path}, line ${index + 1},`;
    return validate(cellSchema, parseJson(line, place), place);
  });
  return readableCells(cells, say);
}

/**
 * A run from its folder: `results.json`, or, where the run was killed before it wrote that, what `run.json` and
 * `results.jsonl` say, as a run that is not complete. A cell that cannot be read costs itself, and makes the run
 * incomplete.
 * @param say hears what was wrong; by default it becomes warnings of the process.
 * @throws {UsageError} `no-results` when the folder holds no run, `invalid-results` when the run's own data is damaged.
 */
export async function readRun(
  dir: string,
  say: Say = (warning) => process.emitWarning(warning),
): Promise<Results> {
  const whole = `${dir}/results.json`;
  const text = await readOptional(dir, 'results.json');
  if (text !== null) return wholeRun(parseJson(text, whole), whole, say);

  const start = `${dir}/run.json`;
  const header = await readOptional(dir, 'run.json');
  if (header === null) {
    throw new UsageError(
      'no-results',
      `${dir} holds neither results.json nor run.json. Name the folder of a run.`,
    );
  }
  const log = `${dir}/results.jsonl`;
  const { run, ...rest } = validate(headerSchema, parseJson(header, start), start);
  const cells = parseCells((await readOptional(dir, 'results.jsonl')) ?? '', log, say);
  say(
    `${dir} has no results.json: the run was killed. ${cells.length} of ${run.plannedCells} cells were read from ${log}.`,
  );
  return { ...rest, run: { ...run, complete: false }, cells };
}

/** What a `results.json` holds. @throws {UsageError} `invalid-results` */
function wholeRun(value: unknown, place: string, say: Say): Results {
  const { run, ...rest } = validate(headerSchema, value, place);
  const all = validate(withCells, value, place).cells;
  const cells = readableCells(
    all.map(
      (cell, index) => () => validate(cellSchema, cell, `${place}, cells[${index}] (${nameOf(cell)}),`),
    ),
    say,
  );
  return { ...rest, run: { ...run, complete: run.complete && cells.length === all.length }, cells };
}
