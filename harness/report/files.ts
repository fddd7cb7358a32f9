import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { messageOf } from '../errors.ts';
import { Repeats } from '../results/cell-name.ts';
import { EvidenceReader } from '../results/evidence-reader.ts';
import { folderOf } from '../results/safe-name.ts';
import { writing } from '../results/write-error.ts';
import type { Reporter } from './reporter.ts';
import { unpackCell } from './unpack.ts';

/** Writes `files/` again: the evidence of every cell as files, `files/<scenario>/<offerer>--<answerer>/`. */
export const write: Reporter['write'] = async ({ cells, dir, say }) => {
  const root = join(dir, 'files');
  // Removed first, so that nothing is written through what somebody put there.
  await writing(root, () => rm(root, { recursive: true, force: true }));
  const reader = new EvidenceReader(dir);
  const repeats = new Repeats();
  for await (const cell of cells()) {
    const repeat = repeats.next(cell);
    const folder = join(root, `${folderOf(cell)}${repeat > 1 ? `.${repeat}` : ''}`);
    try {
      await unpackCell(reader, cell, folder, (problem) => say(`${dir}: ${problem}`));
    } catch (error) {
      say(`${dir}: ${messageOf(error)}`);
    }
  }
};
