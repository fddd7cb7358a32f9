import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { configNames } from '../config/find-config.ts';
import { packageRoot } from '../own-files.ts';
import { existing } from './existing.ts';
import { defaultKinds } from './install.ts';

/** What the user wants from `init`. */
export interface InitWishes {
  /** The browsers of the configuration; empty: those on the machine on which it runs. */
  browsers: readonly string[];
  /** A workflow for GitHub Actions. */
  workflow: boolean;
}

/** What was done with the files; paths are relative to the folder. */
export interface InitReport {
  written: string[];
  /** What was there already and was left alone. */
  leftAlone: string[];
}

const workflowPath = '.github/workflows/webrtc-interop.yml';

/** A sample file of the package. The workflow is this project's own, which runs what it is about. */
const sample = (path: string): Promise<string> => readFile(join(packageRoot, path), 'utf8');

const listed = (names: readonly string[]): string => `[${names.map((name) => `'${name}'`).join(', ')}]`;

const configText = async (browsers: readonly string[]): Promise<string> => {
  const text = await sample('harness/setup/samples/config.txt');
  return browsers.length > 0
    ? text.replace('BROWSERS', listed(browsers))
    : text.replace('browsers: BROWSERS', `// browsers: ${listed(defaultKinds())}`);
};

/** Writes a configuration, a sample scenario with its fault and a workflow into a folder; overwrites nothing. */
export async function init(folder: string, { browsers, workflow }: InitWishes): Promise<InitReport> {
  const config = (await existing(folder, configNames)) ?? 'webrtc-interop.config.ts';
  const files: readonly (readonly [path: string, text: string])[] = [
    [config, await configText(browsers)],
    ['interop/sample.spec.ts', await sample('harness/setup/samples/spec.txt')],
    ['interop/sample.faults.ts', await sample('harness/setup/samples/faults.txt')],
    ...(workflow ? [[workflowPath, await sample(workflowPath)] as const] : []),
  ];
  const report: InitReport = { written: [], leftAlone: [] };
  for (const [path, text] of files) {
    const list = (await writeNew(join(folder, path), text)) ? report.written : report.leftAlone;
    list.push(path);
  }
  return report;
}

/** Writes a file unless something is there; returns whether it wrote it. */
async function writeNew(path: string, text: string): Promise<boolean> {
  await mkdir(dirname(path), { recursive: true });
  try {
    // fails if anything is there, even a dangling link
    await writeFile(path, text, { flag: 'wx' });
    return true;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EEXIST') return false;
    throw error;
  }
}
