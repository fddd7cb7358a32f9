import { join } from 'node:path';
import { messageOf } from '../../errors.ts';
import { writeAtomically } from '../../results/write-atomically.ts';
import type { Reporter } from '../reporter.ts';
import { openData } from '../write-data.ts';
import { renderIndexHtml } from './index-html.tsx';
import { pageFiles, reportPage } from './page-files.ts';

/**
 * Writes `index.html`, its script and style, and below `data/` what they show, over earlier ones. A file that cannot be
 * written is left out and reported.
 */
export const write: Reporter['write'] = async (report) => {
  const files = await pageFiles(reportPage);
  const data = await openData(report);
  for await (const cell of report.cells()) await data.cell(cell);
  const index = await data.end();
  const all = { ...files, 'index.html': renderIndexHtml(index) };
  for (const [name, content] of Object.entries(all))
    await writeAtomically(join(report.dir, name), content).catch((error: unknown) =>
      report.say(`${name} is not written: ${messageOf(error)}`),
    );
};
