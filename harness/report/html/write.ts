import { join } from 'node:path';
import { messageOf } from '../../errors.ts';
import { writeAtomically } from '../../results/write-atomically.ts';
import type { OpenReport } from '../index.ts';
import { openData } from '../write-data.ts';
import { renderIndexHtml } from './index-html.tsx';
import { pageFileNames, pageFiles } from './page-files.ts';

/**
 * Writes `index.html`, its script and style, and below `data/` what they show, over earlier ones. One that cannot be
 * written costs itself alone, and is said.
 */
export const open: OpenReport = async (context) => {
  const files = await pageFiles();
  const data = await openData(context);
  return {
    cell: (cell) => data.cell(cell),
    async end(outline) {
      const index = await data.end(outline);
      const all = { ...files, 'index.html': renderIndexHtml(index) };
      for (const name of [...pageFileNames, 'index.html'] as const)
        await writeAtomically(join(context.dir, name), all[name]).catch((error: unknown) =>
          context.say(`${name} is not written: ${messageOf(error)}`),
        );
    },
  };
};
