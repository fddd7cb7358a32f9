import { createHash } from 'node:crypto';
import { mkdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import { openAppendLog } from './append-log.ts';
import type { CellKey } from './cell-key.ts';
import { pointLatest } from './latest.ts';
import { lockFolder } from './lock.ts';
import { parseCells, type Header } from './read-run.ts';
import { folderOf, safeFileName } from './safe-name.ts';
import {
  resultsSchema,
  schemaVersion,
  type BrowserResult,
  type Cell,
  type Evidence,
  type EvidenceKind,
  type Results,
  type Run,
  type ScenarioResult,
} from './schema.ts';
import type { StoppedRun } from './stopped-run.ts';
import { validate, validateCell } from './validate.ts';
import { writeAtomically } from './write-atomically.ts';
import { hasCode, notWritable, writing } from './write-error.ts';

/**
 * Where a run is kept as it happens. Every method rejects with `IncompleteError` `results-not-writable` when
 * the disk is full or the folder is not writable; what was written before stays.
 */
export interface ResultStore {
  /** The folder of the run, absolute. */
  readonly dir: string;
  /** Writes `run.json`, from which, with results.jsonl, a killed run is read. May be called again as more is known. */
  writeHeader(run: Run, browsers: BrowserResult[], scenarios: ScenarioResult[]): Promise<void>;
  /**
   * Appends one line to `results.jsonl`; on the disk when it resolves.
   * @throws {HarnessError} `invalid-cell` for a cell that contradicts itself, e.g. a pass with a check that did not hold.
   */
  appendCell(cell: Cell): Promise<void>;
  /**
   * Writes one file below `evidence/<area>/<group>/<name>/<offerer>--<answerer>/`; never over another one.
   * @param name a file name with its ending, e.g. `closing.json`; the side it was taken from is put before it.
   */
  writeEvidence(
    cell: CellKey,
    kind: EvidenceKind,
    peer: Evidence['peer'],
    name: string,
    content: string | Uint8Array,
  ): Promise<Evidence>;
  /**
   * Makes `results.json` of `results.jsonl`, points `latest` at it and gives the folder free. `complete`
   * becomes false when fewer cells than planned were reported.
   */
  finish(run: Run, browsers: BrowserResult[], scenarios: ScenarioResult[]): Promise<Results>;
  /** Gives the folder free without finishing. Harmless after `finish`. */
  close(): Promise<void>;
}

export interface StoreOptions {
  /** A pointer to the newest run, e.g. `reports/latest`; without it none is kept. */
  latest?: string;
  /** The run that was cut off in this folder, and goes on. */
  stopped?: StoppedRun;
}

/** Whether a planned cell came to an outcome. */
const isReported = (cell: Cell): boolean => cell.status !== 'notrun';

async function refuseOldResults(dir: string): Promise<void> {
  for (const name of ['results.json', 'run.json', 'results.jsonl']) {
    const path = join(dir, name);
    const { size } = await stat(path).catch((error: unknown) => {
      if (hasCode(error, 'ENOENT')) return { size: 0 };
      throw notWritable(path, error);
    });
    if (size > 0) {
      throw new UsageError(
        'out-has-results',
        `${dir} holds the results of an earlier run (${name}), and two runs in one folder would be mixed. ` +
          'Name another folder with --out, or delete this one first.',
      );
    }
  }
}

/**
 * Opens a folder for one run, and makes it if it is not there. A run that goes on is cleared of what it left half done.
 * @throws {UsageError} `out-in-use` when another run writes there, `out-has-results` when one has.
 * @throws {IncompleteError} `results-not-writable`
 */
export async function openStore(out: string, options: StoreOptions = {}): Promise<ResultStore> {
  const dir = resolve(out);
  await writing(dir, () => mkdir(dir, { recursive: true }));
  const { stopped } = options;
  const lock = stopped ?? (await lockFolder(dir));
  const logPath = join(dir, 'results.jsonl');
  const log = await (stopped ? stopped.clear() : refuseOldResults(dir))
    .then(() => openAppendLog(logPath))
    .catch(async (error: unknown) => {
      await lock.release();
      throw error;
    });

  async function close(): Promise<void> {
    await log.close();
    await lock.release();
  }

  return {
    dir,
    close,
    writeHeader: (run, browsers, scenarios) => {
      const header = { schemaVersion, run, browsers, scenarios } satisfies Header;
      return writeAtomically(join(dir, 'run.json'), `${JSON.stringify(header, null, 1)}\n`);
    },
    appendCell: async (cell) => log.append(JSON.stringify(validateCell(cell))),
    writeEvidence: async (cell, kind, peer, name, content) => {
      await log.checkPlace(); // or the folder that somebody removed would be made again
      const bytes = typeof content === 'string' ? Buffer.from(content) : content;
      const path = await writeNew(
        dir,
        `evidence/${folderOf(cell)}`,
        `${peer === null ? '' : `${peer}-`}${name}`,
        bytes,
      );
      return {
        kind,
        peer,
        path,
        sha256: createHash('sha256').update(bytes).digest('hex'),
        bytes: bytes.length,
      };
    },
    finish: async (run, browsers, scenarios) => {
      try {
        await log.close();
        const cells = parseCells(await readFile(logPath, 'utf8'), logPath, (warning) =>
          process.emitWarning(warning),
        );
        const complete = run.complete && cells.filter(isReported).length >= run.plannedCells;
        const path = join(dir, 'results.json');
        const whole = { schemaVersion, run: { ...run, complete }, browsers, scenarios, cells };
        const results = validate(resultsSchema, whole, path);
        await writeAtomically(path, `${JSON.stringify(results, null, 1)}\n`);
        if (options.latest !== undefined) await pointLatest(options.latest, dir);
        return results;
      } finally {
        await close();
      }
    },
  };
}

/** Writes a file under a name that nothing has yet; returns its path, relative to `dir`. */
async function writeNew(dir: string, folder: string, name: string, bytes: Uint8Array): Promise<string> {
  const safe = safeFileName(name);
  const dot = safe.lastIndexOf('.');
  await writing(join(dir, folder), () => mkdir(join(dir, folder), { recursive: true }));
  for (let number = 1; ; number += 1) {
    const path = `${folder}/${number === 1 ? safe : `${safe.slice(0, dot)}.${number}${safe.slice(dot)}`}`;
    try {
      await writeFile(join(dir, path), bytes, { flag: 'wx' });
      return path;
    } catch (error) {
      if (!hasCode(error, 'EEXIST')) throw notWritable(join(dir, path), error);
    }
  }
}
