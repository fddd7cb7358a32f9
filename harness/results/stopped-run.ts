import { lstat, readdir, realpath, rm } from 'node:fs/promises';
import { join, relative, sep } from 'node:path';
import { UsageError } from '../errors.ts';
import { keyOf, type CellKey } from './cell-key.ts';
import { lockFolder, type Lock } from './lock.ts';
import { packName } from './pack-writer.ts';
import { readPlan, type RunPlan } from './plan-file.ts';
import { readRun, type Header, type Say } from './read-run.ts';
import type { Cell } from './schema.ts';
import { isStored, storedCell } from './stored-cell.ts';
import { writeAtomically } from './write-atomically.ts';
import { hasCode, writing } from './write-error.ts';

/** A run that was killed or interrupted, as its folder has it. The folder belongs to this process until `release`. */
export interface StoppedRun extends Lock {
  /** The absolute path of the folder, without links. */
  readonly dir: string;
  readonly header: Header;
  readonly plan: RunPlan;
  /** The cells that have an outcome. */
  readonly kept: readonly Cell[];
  /** The planned cells that have none, in the order of the plan. */
  readonly left: readonly CellKey[];
  /** Whether it ran to its end, results included. */
  readonly isOver: boolean;
  /**
   * Prepares the folder for the run to go on: cells that were not reached, half lines and packs that hold
   * nothing of a kept cell are removed. Nothing is changed before this.
   * @throws {IncompleteError} `results-not-writable`
   */
  clear(): Promise<void>;
}

/** The planned cells without an outcome. @throws {UsageError} `resume-differs` for a cell that was not planned */
export function cellsLeft(dir: string, planned: readonly CellKey[], kept: readonly Cell[]): CellKey[] {
  const done = new Map<string, number>();
  for (const cell of kept) done.set(keyOf(cell), (done.get(keyOf(cell)) ?? 0) + 1);
  const left = planned.filter((cell) => {
    const times = done.get(keyOf(cell)) ?? 0;
    if (times > 0) done.set(keyOf(cell), times - 1);
    return times === 0;
  });
  const strange = kept.find((cell) => (done.get(keyOf(cell)) ?? 0) > 0);
  if (strange === undefined) return left;
  throw new UsageError(
    'resume-differs',
    `${dir} holds ${strange.scenario} more often than its plan.json has it: they are not of one run.`,
  );
}

/** The files below `evidence/`, relative to the run. @throws {UsageError} `run-has-links` */
async function evidenceFiles(dir: string): Promise<string[]> {
  const root = join(dir, 'evidence');
  const refuse = (path: string): never => {
    throw new UsageError(
      'run-has-links',
      `${path} is neither a file nor a folder, and nothing is written beside it: run it again from the start.`,
    );
  };
  try {
    if (!(await lstat(root)).isDirectory()) refuse(root);
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return [];
    throw error;
  }
  const entries = await readdir(root, { recursive: true, withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = join(entry.parentPath, entry.name);
    if (entry.isDirectory()) return [];
    return entry.isFile() ? [relative(dir, path).split(sep).join('/')] : refuse(path);
  });
}

async function clear(dir: string, kept: readonly Cell[], files: readonly string[]): Promise<void> {
  const named = new Set(
    kept.flatMap(({ evidence, attempts }) =>
      [...evidence, ...attempts.flatMap((attempt) => attempt.evidence)].map(({ path, pack }) =>
        pack === undefined ? path : `evidence/${packName(pack)}`,
      ),
    ),
  );
  const lines = kept.filter(isStored).map((cell) => `${JSON.stringify(storedCell(cell))}\n`);
  await writeAtomically(join(dir, 'results.jsonl'), lines.join(''));
  // From here on run.json and results.jsonl are the run, whenever it is cut off again.
  await writing(dir, async () => {
    const drafts = (await readdir(dir)).filter((name) => /\.[0-9a-f-]{36}\.tmp$/.test(name));
    const unnamed = files.filter((path) => !named.has(path));
    for (const file of ['results.json', ...drafts, ...unnamed]) await rm(join(dir, file), { force: true });
  });
}

/**
 * Opens the folder of a run that was killed or interrupted. Changes nothing in it.
 * @param say is told what was wrong with it
 * @throws {UsageError} `no-plan`, `no-results` or `invalid-results` if the folder holds no such run, `out-in-use`
 * if one writes there, `resume-differs` if it holds cells that its plan does not have, `run-has-links`
 */
export async function openStopped(folder: string, say: Say): Promise<StoppedRun> {
  const plan = await readPlan(folder);
  const dir = await realpath(folder);
  const lock = await lockFolder(dir);
  try {
    const { cells, ...header } = await readRun(dir, say);
    const kept = cells.filter(({ status }) => status !== 'notrun');
    const left = cellsLeft(dir, plan.cells, kept);
    const files = await evidenceFiles(dir);
    return {
      dir,
      header,
      plan,
      kept,
      left,
      isOver: left.length === 0 && header.run.finishedAt !== null && !header.run.interrupted,
      clear: () => clear(dir, kept, files),
      release: () => lock.release(),
    };
  } catch (error) {
    await lock.release();
    throw error;
  }
}
