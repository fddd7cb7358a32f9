import { mergeParts } from '../merge/merge.ts';
import { writeMerged } from '../merge/write.ts';
import { withGithub, writeReports } from '../report/index.ts';
import { loadReporter } from '../report/load-reporter.ts';
import { verdictOf } from '../report/verdict.ts';
import { readExpectationFile, Expectations } from '../results/expectations.ts';
import { outlineOf } from '../results/outline.ts';
import { readWholeRun, runFolderOf } from '../results/whole-run.ts';
import { exitCodes } from './exit-codes.ts';
import { printLine, printWarning } from './say.ts';

/** The options of `merge`, as commander gives them. */
export interface MergeFlags {
  out: string;
  format: string[];
  expectations: string;
}

/**
 * `webrtc-interop merge`.
 * @returns 0 whatever the outcomes, 3 if a part is incomplete or a report could not be written
 * @throws {UsageError} if the runs cannot be read or do not make one; then nothing is written
 */
export async function mergeCommand(folders: readonly string[], flags: MergeFlags): Promise<number> {
  for (const name of flags.format) await loadReporter(name);
  const known = await readExpectationFile(flags.expectations);
  const dirs = await Promise.all(folders.map(runFolderOf));
  const parts = await Promise.all(dirs.map(async (dir) => ({ dir, results: await readWholeRun(dir) })));
  const stored = await writeMerged(mergeParts(parts, process.argv.slice(2)), flags.out);
  const results = await outlineOf(stored);
  const expectations = new Expectations(known, results.browsers);
  const problems = await writeReports(stored, flags.out, withGithub(flags.format), {
    expectations,
    run: results,
  });
  for (const problem of problems) printWarning(problem);
  printLine(`${flags.out}: ${folders.length} runs with ${results.cells.length} cells`);
  printLine(`${flags.out}: ${verdictOf(results, expectations).sentence}`);
  return problems.length > 0 || !results.run.complete ? exitCodes.incomplete : exitCodes.ok;
}
