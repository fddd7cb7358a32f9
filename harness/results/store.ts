import { mkdir, stat } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { UsageError } from '../errors.ts';
import { openAppendLog } from './append-log.ts';
import { areaOf, type CellKey } from './cell-key.ts';
import { pointLatest } from './latest.ts';
import { lockFolder } from './lock.ts';
import { openPacks } from './pack-writer.ts';
import { openStoredRun, resultsLines, storedLines, type Header, type StoredRun } from './read-run.ts';
import { safeFileName } from './safe-name.ts';
import {
  schemaVersion,
  type BrowserResult,
  type Cell,
  type Evidence,
  type EvidenceKind,
  type Run,
  type ScenarioResult,
} from './schema.ts';
import type { StoppedRun } from './stopped-run.ts';
import { isStored, storedCell } from './stored-cell.ts';
import { validateCell } from './validate.ts';
import { writeAtomically, writePartsAtomically } from './write-atomically.ts';
import { hasCode, notWritable, writing } from './write-error.ts';

/** A piece of evidence before it is stored. */
export interface NewEvidence {
  kind: EvidenceKind;
  peer: Evidence['peer'];
  /** A file name with its ending, e.g. `closing.json`; the side it was taken from is put before it. */
  name: string;
  content: string | Uint8Array;
}

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
   * Appends one line to `results.jsonl`; it is on the disk when this resolves. Of cells that were recorded together only the
   * first has a line, which stands for all.
   * @throws {HarnessError} `invalid-cell` for a cell that contradicts itself, e.g. a pass with a check that did not hold.
   */
  appendCell(cell: Cell): Promise<void>;
  /**
   * Stores what an attempt left, in packs below `evidence/`: each content once, however many cells have it. Each piece gets
   * a name that no other one has.
   * @param of the cell that it is from: what the same browsers leave in scenarios of an area is alike, and compressed as such
   */
  writeEvidence(evidence: readonly NewEvidence[], of: CellKey): Promise<Evidence[]>;
  /**
   * Makes `results.json` from `results.jsonl`, points `latest` at it and frees the folder. `complete`
   * becomes false if fewer cells than planned were reported.
   */
  finish(run: Run, browsers: BrowserResult[], scenarios: ScenarioResult[]): Promise<StoredRun>;
  /** Frees the folder without finishing. Harmless after `finish`. */
  close(): Promise<void>;
}

export interface StoreOptions {
  /** A pointer to the newest run, e.g. `reports/latest`; without it no pointer is kept. */
  latest?: string;
  /** The run that was cut off in this folder and now goes on. */
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
 * Opens a folder for one run, and makes it if it does not exist. If a run goes on, what it left half done is removed.
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

  const packs = openPacks(join(dir, 'evidence'));

  async function close(): Promise<void> {
    await packs.close();
    await log.close();
    await lock.release();
  }

  async function* lines(): AsyncGenerator<string> {
    for await (const { text } of storedLines(dir, schemaVersion, () => undefined)) yield text;
  }

  return {
    dir,
    close,
    writeHeader: (run, browsers, scenarios) => {
      const header = { schemaVersion, run, browsers, scenarios } satisfies Header;
      return writeAtomically(join(dir, 'run.json'), `${JSON.stringify(header)}\n`);
    },
    appendCell: async (cell) => {
      if (isStored(cell)) await log.append(JSON.stringify(storedCell(validateCell(cell))));
    },
    writeEvidence: async (evidence, { scenario, offerer, answerer }) => {
      await log.checkPlace(); // otherwise the folder would be made again if somebody removed it
      const named = withNames(evidence);
      const stored = await packs.store(
        named.map((piece) => ({
          content: piece.content,
          alike: isPicture(piece.kind)
            ? null
            : JSON.stringify([areaOf(scenario), offerer, answerer, isDescribing(piece)]),
        })),
      );
      return named.flatMap(({ kind, peer, path }, at) => {
        const file = stored[at];
        return file === undefined ? [] : [{ kind, peer, path, ...file }];
      });
    },
    finish: async (run, browsers, scenarios) => {
      try {
        await packs.close();
        await packs.checkThere();
        await log.close();
        let reported = 0;
        const warn = (warning: string): void => process.emitWarning(warning);
        for await (const { cells } of storedLines(dir, schemaVersion, warn))
          reported += cells.filter(isReported).length;
        const complete = run.complete && reported >= run.plannedCells;
        const header = { schemaVersion, run: { ...run, complete }, browsers, scenarios } satisfies Header;
        await writePartsAtomically(join(dir, 'results.json'), resultsLines(header, lines()));
        if (options.latest !== undefined) await pointLatest(options.latest, dir);
        return await openStoredRun(dir);
      } finally {
        await close();
      }
    },
  };
}

/** Pictures are compressed already. */
const isPicture = (kind: EvidenceKind): boolean => kind === 'screenshot' || kind === 'frame';

/**
 * Whether it contains descriptions, which are the same in all pieces that do. Kept apart from the rest, they are near
 * enough to each other, and to the dictionary, for deflate to see that: it looks back over 32 kB.
 */
const isDescribing = ({ kind, name }: NewEvidence): boolean =>
  kind === 'offer' || kind === 'answer' || kind === 'signaling-log' || name === 'descriptions.json';

/** Each piece with a path: its side and its name, and a number if another one has the same name. */
function withNames(evidence: readonly NewEvidence[]): (NewEvidence & { path: string })[] {
  const taken = new Set<string>();
  return evidence.map((piece) => {
    const safe = safeFileName(`${piece.peer === null ? '' : `${piece.peer}-`}${piece.name}`);
    const dot = safe.lastIndexOf('.');
    let path = safe;
    for (let number = 2; taken.has(path.toLowerCase()); number += 1)
      path = `${safe.slice(0, dot)}.${String(number)}${safe.slice(dot)}`;
    taken.add(path.toLowerCase());
    return { ...piece, path };
  });
}
