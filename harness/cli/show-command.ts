import { once } from 'node:events';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { UsageError } from '../errors.ts';
import { openRunFile, RunFileError } from '../results/run-file.ts';
import { runFolderOf } from '../results/whole-run.ts';
import { exitCodes } from './exit-codes.ts';
import { openFile } from './open-file.ts';
import { printLine, printWarning } from './say.ts';
import { serveFolder } from './serve-folder.ts';

/** The options of `show`, as commander gives them. */
export interface ShowFlags {
  file?: boolean;
  open: boolean;
}

/** @throws {UsageError} `no-report` */
async function checkReport(folder: string): Promise<void> {
  try {
    const { handle } = await openRunFile(folder, 'index.html');
    await handle.close();
  } catch (error) {
    if (!(error instanceof RunFileError)) throw error;
    throw new UsageError(
      'no-report',
      `${folder} has no report: ${error.message} \`webrtc-interop report ${folder}\` writes it.`,
    );
  }
}

/** Opens an address, which has been printed in case nothing opens it. */
async function openAddress(address: string): Promise<void> {
  if (!(await openFile(address))) printWarning('Nothing here opens it by itself.');
}

/**
 * `webrtc-interop show`; ends with Ctrl+C, or at once if it serves nothing.
 * @throws {UsageError} `no-results`, `no-report`
 */
export async function showCommand(run: string, { file = false, open }: ShowFlags): Promise<number> {
  const folder = await runFolderOf(run);
  await checkReport(folder);
  if (file) {
    const address = pathToFileURL(join(folder, 'index.html')).href;
    printLine(address);
    if (open) await openAddress(address);
    return exitCodes.ok;
  }
  const served = await serveFolder(folder);
  try {
    printLine(`${served.address}\nCtrl+C ends it.`);
    if (open) await openAddress(served.address);
    await Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((name) => once(process, name)));
    return exitCodes.ok;
  } finally {
    await served.close();
  }
}
