import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../errors.ts';
import { cellSchema, resultsSchema, type Cell, type Results } from './schema.ts';
import { parseJson, validate } from './validate.ts';
import { hasCode } from './write-error.ts';

/** All of a run but its cells: `run.json`, written when the run begins. */
export const headerSchema = resultsSchema.omit({ cells: true });
export type Header = z.infer<typeof headerSchema>;

async function readOptional(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return null;
    throw new UsageError('no-results', `Cannot read ${path}: ${String(error)}. Is it the folder of a run?`, {
      cause: error,
    });
  }
}

/**
 * The cells of a `results.jsonl`. A last line without its end was being written when the run was killed:
 * it is left out, and said so.
 * @throws {UsageError} `invalid-results` with line, cell and field.
 */
export function parseCells(text: string, path: string, say: (warning: string) => void): Cell[] {
  const lines = text.split('\n');
  const torn = lines.pop() ?? '';
  if (torn !== '')
    say(`${path} ends in half a line, so the run was killed as it wrote a cell: that cell is lost.`);
  return lines.map((line, index) => {
    const place = `${path}, line ${index + 1},`;
    return validate(cellSchema, parseJson(line, place), place);
  });
}

/**
 * A run from its folder: `results.json`, or, where the run was killed before it wrote that, what `run.json`
 * and `results.jsonl` say, as a run that is not complete.
 * @param say takes warnings, each a sentence; by default they become warnings of the process.
 * @throws {UsageError} `no-results` when the folder holds no run, `invalid-results` with file, cell and field.
 */
export async function readRun(
  dir: string,
  say: (warning: string) => void = (warning) => process.emitWarning(warning),
): Promise<Results> {
  const whole = join(dir, 'results.json');
  const text = await readOptional(whole);
  if (text !== null) return validate(resultsSchema, parseJson(text, whole), whole);

  const start = join(dir, 'run.json');
  const header = await readOptional(start);
  if (header === null) {
    throw new UsageError(
      'no-results',
      `${dir} holds neither results.json nor run.json. Name the folder of a run.`,
    );
  }
  const log = join(dir, 'results.jsonl');
  const { run, ...rest } = validate(headerSchema, parseJson(header, start), start);
  const cells = parseCells((await readOptional(log)) ?? '', log, say);
  say(
    `${dir} has no results.json: the run was killed. ${cells.length} of ${run.plannedCells} cells were read from ${log}.`,
  );
  return { ...rest, run: { ...run, complete: false }, cells };
}
