import { hostname, userInfo } from 'node:os';
import { join } from 'node:path';
import { UsageError } from '../errors.ts';
import { writeAllureHtml } from '../report/allure-html.ts';
import { withGithub, writeReports } from '../report/index.ts';
import { loadReporter } from '../report/load-reporter.ts';
import { publishRun } from '../report/publish.ts';
import { comparisonSentence } from '../report/comparison-text.ts';
import { verdictOf } from '../report/verdict.ts';
import { exitCodeOf } from '../results/totals.ts';
import { outlineOf } from '../results/outline.ts';
import { openStoredRun, type StoredRun } from '../results/read-run.ts';
import { exitCodes } from './exit-codes.ts';
import { judgeBy, type JudgingFlags } from './judging.ts';
import { openFile } from './open-file.ts';
import { printError, printWarning, printLine } from './say.ts';

/** The options of `report`, as commander gives them. */
export interface ReportFlags extends JudgingFlags {
  format: string[];
  publish?: string;
  open?: boolean;
}

/**
 * `webrtc-interop report`: each folder by itself, so that one that is not a run does not keep the others from their reports.
 * @returns 2 if a folder is not a run, 3 if something could not be read or written; else 0 whatever the outcomes or, with
 *   `--baseline`, the exit code that the run itself would have had
 */
export async function reportCommand(folders: readonly string[], flags: ReportFlags): Promise<number> {
  for (const name of flags.format) await loadReporter(name);
  if (flags.publish !== undefined && folders.length > 1)
    throw new UsageError('publish-one', '--publish takes one run: name one, or call it for each.');
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

/** The copy of a run that anyone may see, in the folder that is named for it. */
async function published(
  stored: StoredRun,
  from: string,
  { publish = '' }: ReportFlags,
): Promise<{ folder: string; stored: StoredRun }> {
  const machine = { hostName: hostname(), userName: userInfo().username };
  return { folder: publish, stored: await publishRun(stored, from, publish, machine, printWarning) };
}

async function reportOne(named: string, flags: ReportFlags): Promise<number> {
  const whole = await openStoredRun(named, printWarning);
  const { folder, stored } =
    flags.publish === undefined ? { folder: named, stored: whole } : await published(whole, named, flags);
  const results = await outlineOf(stored);
  const { expectations, compare } = await judgeBy(flags, results);
  const comparison = await compare(stored);
  const problems = await writeReports(stored, folder, withGithub(flags.format), {
    expectations,
    comparison,
    run: results,
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
