import { UsageError } from '../errors.ts';
import type { Format } from '../report/formats.ts';
import { writeReports } from '../report/index.ts';
import { verdictOf } from '../report/verdict.ts';
import { readExpectations } from '../results/expectations.ts';
import { openStoredRun } from '../results/read-run.ts';
import { exitCodes } from './exit-codes.ts';
import { printError, printWarning, printLine } from './say.ts';

/** The options of `report`, as commander gives them. */
export interface ReportFlags {
  format: Format[];
  expectations: string;
}

/**
 * `webrtc-interop report`: each folder by itself, so that one that is no run does not cost the others their reports.
 * @returns 2 where a folder is no run, 3 where something could not be read or written, else 0 whatever the outcomes
 */
export async function reportCommand(folders: readonly string[], flags: ReportFlags): Promise<number> {
  const codes = new Set<number>([exitCodes.ok]);
  for (const folder of folders) {
    try {
      codes.add(await reportOne(folder, flags));
    } catch (error) {
      if (!(error instanceof UsageError)) throw error;
      printError(error);
      codes.add(exitCodes.usage);
    }
  }
  return codes.has(exitCodes.usage) ? exitCodes.usage : Math.max(...codes);
}

async function reportOne(folder: string, { format, expectations: file }: ReportFlags): Promise<number> {
  const stored = await openStoredRun(folder, printWarning);
  const expectations = await readExpectations(file, stored.header.browsers);
  const { outline, problems } = await writeReports(stored, folder, format, expectations);
  for (const problem of problems) printWarning(problem);
  printLine(`${folder}: wrote ${format.join(', ')}`);
  printLine(`${folder}: ${verdictOf(outline, expectations).sentence}`);
  return problems.length === 0 ? exitCodes.ok : exitCodes.incomplete;
}
