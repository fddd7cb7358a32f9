import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import { unpackCell } from '../report/unpack.ts';
import { cellName, Repeats } from '../results/cell-name.ts';
import { EvidenceReader } from '../results/evidence-reader.ts';
import { openStoredRun, type StoredRun } from '../results/read-run.ts';
import { folderOf } from '../results/safe-name.ts';
import type { Cell } from '../results/schema.ts';
import { runFolderOf } from '../results/whole-run.ts';
import { exitCodes } from './exit-codes.ts';
import { printLine, printWarning } from './say.ts';

/** The options of `evidence`, as commander gives them. */
export interface EvidenceFlags {
  out?: string;
}

const namesShown = 5;

/** The cell with a name. @throws {UsageError} `no-such-cell`, with cells of similar names */
async function findCell(stored: StoredRun, wanted: string): Promise<{ cell: Cell; repeat: number }> {
  const repeats = new Repeats();
  const alike: string[] = [];
  for await (const cell of stored.cells()) {
    const repeat = repeats.next(cell);
    const name = cellName(cell, repeat);
    if (name === wanted) return { cell, repeat };
    if (name.includes(wanted) && alike.length < namesShown) alike.push(name);
  }
  const others = alike.length === 0 ? '' : ` There is ${alike.join(', ')}.`;
  throw new UsageError(
    'no-such-cell',
    `The run has no cell "${wanted}".${others} A cell is named by its scenario and its pair, e.g. codecs/video/vp8/chromium:firefox.`,
  );
}

/**
 * `webrtc-interop evidence`.
 * @returns 0, or 3 if a file is missing or is not what the run wrote
 * @throws {UsageError} `no-results`, `invalid-results`, `no-such-cell`
 * @throws {IncompleteError} `results-not-writable`
 */
export async function evidenceCommand(wanted: string, run: string, flags: EvidenceFlags): Promise<number> {
  const folder = await runFolderOf(run);
  const { cell, repeat } = await findCell(await openStoredRun(folder, printWarning), wanted);
  const out = flags.out ?? join('evidence', `${folderOf(cell)}${repeat === 1 ? '' : `.${repeat}`}`);
  let problems = 0;
  const written = await unpackCell(new EvidenceReader(folder), cell, out, (problem) => {
    problems += 1;
    printWarning(problem);
  });
  printLine(`${out}: ${written} files`);
  return problems === 0 ? exitCodes.ok : exitCodes.incomplete;
}
