import { mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import PQueue from 'p-queue';
import { messageOf } from '../../errors.ts';
import { folderOf } from '../../results/safe-name.ts';
import type { Cell, Evidence } from '../../results/schema.ts';
import { writeAtomically } from '../../results/write-atomically.ts';
import { writing } from '../../results/write-error.ts';
import type { Reporter } from '../reporter.ts';
import { readEvidence, type EvidenceFile } from '../evidence-file.ts';
import { readInventories, type Inventory } from '../inventory.ts';
import { areasOf } from '../matrix.ts';
import { repeatsOf } from '../repeats.ts';
import { renderCell } from './cell-page.tsx';
import { renderIndex } from './index-page.tsx';
import type { Pages } from './matrix-table.tsx';

/** Pages made at a time: enough to keep the disk busy, few enough to hold little evidence in memory. */
const atATime = 8;
const style = fileURLToPath(new URL('style.css', import.meta.url));

/** Where each cell's page is: no two share one, on a file system that ignores case neither. */
export function pagesOf(cells: readonly Cell[]): Pages {
  const taken = new Set<string>();
  return new Map(
    [...repeatsOf(cells)].map(([cell, repeat]) => {
      const stem = `cells/${folderOf(cell)}`;
      let path = repeat === 1 ? `${stem}.html` : `${stem}.${repeat}.html`;
      for (let number = 2; taken.has(path.toLowerCase()); number += 1)
        path = `${stem}.${repeat}.${number}.html`;
      taken.add(path.toLowerCase());
      return [cell, path];
    }),
  );
}

/** The files of all attempts of a cell, each once. */
async function filesOf(dir: string, cell: Cell): Promise<EvidenceFile[]> {
  const all = [...cell.evidence, ...cell.attempts.flatMap((attempt) => attempt.evidence)];
  const byPath = new Map<string, Evidence>(all.map((evidence) => [evidence.path, evidence]));
  const files: EvidenceFile[] = [];
  for (const evidence of byPath.values()) files.push(await readEvidence(dir, evidence));
  return files;
}

/**
 * Writes `index.html`, `report.css` and a page for each cell below `cells/`, over earlier ones. A page that cannot be
 * written costs itself alone, and is said.
 */
export const write: Reporter['write'] = async ({ results, dir, expectations, say }) => {
  const pages = pagesOf(results.cells);
  const folder = join(dir, 'cells');
  // Removed first, so that nothing is written through what somebody put there.
  await writing(folder, () => rm(folder, { recursive: true, force: true }));
  await writeAtomically(join(dir, 'report.css'), await readFile(style, 'utf8')).catch((error: unknown) =>
    say(`report.css is not written: ${messageOf(error)}`),
  );
  const queue = new PQueue({ concurrency: atATime });
  const work = areasOf(results).flatMap(({ scenarios }) =>
    scenarios.flatMap((view) =>
      view.cells.map((cell) => async () => {
        const path = pages.get(cell) ?? '';
        try {
          const root = '../'.repeat(path.split('/').length - 1);
          const files = await filesOf(dir, cell);
          for (const { problem } of files) if (problem !== null) say(`${dir}: ${problem}`);
          const page = renderCell({ cell, view, files, pages, root });
          await mkdir(dirname(join(dir, path)), { recursive: true });
          await writeFile(join(dir, path), page, { flag: 'wx' });
        } catch (error) {
          say(`The page ${path} is not written: ${messageOf(error)}`);
        }
      }),
    ),
  );
  await queue.addAll(work);
  const inventories = new Map<string, Inventory[]>();
  for (const { name, cells, singles } of areasOf(results)) {
    inventories.set(name, await readInventories(dir, cells, [...singles.keys()]));
  }
  await writeAtomically(join(dir, 'index.html'), renderIndex(results, pages, expectations, inventories));
};
