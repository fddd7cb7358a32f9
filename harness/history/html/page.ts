import { fileURLToPath } from 'node:url';
import { reportPage, type PageSources } from '../../report/html/page-files.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The page of a site over many runs: it has the look and the parts of a report's. */
export const historyPage: PageSources = {
  name: 'history',
  folder: here('../page/'),
  scripts: { 'history.js': 'main' },
  styles: [...reportPage.styles, here('../page/history.css')],
  imports: [here('../'), here('../../compare/'), reportPage.folder, ...reportPage.imports],
};
