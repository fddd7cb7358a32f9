import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import { writeAllureHtml } from '../report/allure-html.ts';
import { withGithub, writeReports } from '../report/index.ts';
import { loadReporter } from '../report/load-reporter.ts';
import { comparisonSentence } from '../report/comparison-text.ts';
import { verdictOf } from '../report/verdict.ts';
import { exitCodeOf } from '../results/totals.ts';
import { readRun } from '../results/read-run.ts';
import { exitCodes } from './exit-codes.ts';
import { judgeBy, type JudgingFlags } from './judging.ts';
import { openFile } from './open-file.ts';
import { printError, printWarning, printLine } from './say.ts';

/** The options of `report`, as commander gives them. */
export interface ReportFlags extends JudgingFlags {
  format: string[];
  open?: boolean;
}

/**
 * `webrtc-interop report`: each folder by itself, so that one that is no run does not cost the others their reports.
 * @returns 2 where a folder is no run, 3 where something could not be read or written; else 0 whatever the outcomes, or,
 *   with `--baseline`, what the run itself would have ended with
 */
export async function reportCommand(folders: readonly string[], flags: ReportFlags): Promise<number> {
  for (const name of flags.format) await loadReporter(name);
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

async function reportOne(folder: string, flags: ReportFlags): Promise<number> {
  const results = await readRun(folder, printWarning);
  const { expectations, compare } = await judgeBy(flags, results);
  const comparison = compare(results);
  const problems = await writeReports(results, folder, withGithub(flags.format), {
    expectations,
    comparison,
  });
  for (const problem of problems) printWarning(problem);
  printLine(`${folder}: wrote ${flags.format.join(', ')}`);
  if (flags.open === true) await openPage(folder, flags.format);
  if (comparison !== null) printLine(`${folder}: ${comparisonSentence(comparison)}`);
  printLine(`${folder}: ${verdictOf(results, expectations).sentence}`);
  if (problems.length > 0) return exitCodes.incomplete;
  if (comparison === null) return exitCodes.ok;
  return results.run.interrupted ? exitCodes.incomplete : exitCodeOf(results, expectations);
}

/** Opens the page of a report, or says where it is. */
async function openPage(folder: string, format: readonly string[]): Promise<void> {
  const page = format.includes('allure') ? await writeAllureHtml(folder) : join(folder, 'index.html');
  if (await openFile(page)) printLine(`${folder}: opened ${page}`);
  else printLine(`${folder}: ${page} is the page; nothing here opens it by itself`);
}
