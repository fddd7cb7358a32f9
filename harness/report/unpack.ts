import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { EvidenceReader } from '../results/evidence-reader.ts';
import { safeFileName } from '../results/safe-name.ts';
import type { Attempt, Cell, Evidence } from '../results/schema.ts';
import { writing } from '../results/write-error.ts';

/** The attempts of a cell that left something, each with its number from 1. */
export const attemptsOf = (cell: Cell): { number: number; attempt: Pick<Attempt, 'evidence'> }[] =>
  (cell.attempts.length > 0 ? cell.attempts : [cell]).map((attempt, at) => ({ number: at + 1, attempt }));

/** A name that any file system takes, whoever wrote the results. */
const nameOf = ({ path }: Evidence): string => safeFileName(path.split('/').at(-1) ?? '');

/**
 * Writes the evidence of a cell as files into a folder, which it makes: those of the attempt that the cell stands for,
 * those of earlier ones below `attempt-1/` and so on. Nothing that exists is overwritten.
 * @param say is told of what is missing, changed or refused; what was changed is written all the same
 * @returns how many files were written
 */
export async function unpackCell(
  reader: EvidenceReader,
  cell: Cell,
  folder: string,
  say: (problem: string) => void,
): Promise<number> {
  const attempts = attemptsOf(cell);
  let written = 0;
  for (const { number, attempt } of attempts) {
    const to = number === attempts.length ? folder : join(folder, `attempt-${number}`);
    for (const evidence of attempt.evidence) {
      const path = join(to, nameOf(evidence));
      const found = await reader.find(evidence);
      if (found.state === 'missing')
        say(`${path} is not written: its content (${evidence.sha256}) is missing.`);
      else if (found.state === 'refused') say(`${path} is not written. ${found.problem}`);
      else {
        if (found.state === 'changed') say(`${path} is not what the run wrote: its hash is another.`);
        await writing(path, async () => {
          await mkdir(to, { recursive: true });
          await writeFile(path, found.content, { flag: 'wx' });
        });
        written += 1;
      }
    }
  }
  return written;
}
