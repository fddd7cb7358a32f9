import { hostname, userInfo } from 'node:os';
import { UsageError } from '../errors.ts';
import { encodeRun, type EncodedRun } from '../history/encode-run.ts';
import { addToSite } from '../history/write-site.ts';
import { differencesIn } from '../report/compat.ts';
import { Scrubber } from '../report/scrub.ts';
import { Expectations, readExpectationFile, type ExpectationFile } from '../results/expectations.ts';
import { readWholeRun, runFolderOf } from '../results/whole-run.ts';
import { exitCodes } from './exit-codes.ts';
import { printLine, printWarning } from './say.ts';

/** The options of `history`, as commander gives them. */
export interface HistoryFlags {
  out: string;
  label?: string;
  url?: string;
  expectations: string;
}

/** The address of a site, with a slash at its end. @throws {UsageError} `bad-url` */
function addressOf(url: string | undefined): string | undefined {
  if (url === undefined) return undefined;
  const parsed = URL.canParse(url) ? new URL(url) : null;
  if (parsed === null || !/^https?:$/.test(parsed.protocol))
    throw new UsageError(
      'bad-url',
      `--url takes an address such as https://example.org/history/, not "${url}".`,
    );
  return parsed.href.endsWith('/') ? parsed.href : `${parsed.href}/`;
}

async function encoded(
  named: string,
  known: ExpectationFile,
  { label = '' }: HistoryFlags,
  say: (problem: string) => void,
): Promise<EncodedRun> {
  const results = await readWholeRun(named);
  return encodeRun(results, {
    label,
    expectations: new Expectations(known, results.browsers),
    scrubber: new Scrubber({ hostName: hostname(), userName: userInfo().username }),
    compat: await differencesIn(results.cells, results.browsers, await runFolderOf(named), say),
  });
}

/**
 * `webrtc-interop history`.
 * @returns 0 whatever the outcomes, 3 if something of the site or of a run could not be read
 * @throws {UsageError} if a run cannot be read or is there already, or the folder is not a site; then nothing is written
 */
export async function historyCommand(runs: readonly string[], flags: HistoryFlags): Promise<number> {
  const url = addressOf(flags.url);
  const known = await readExpectationFile(flags.expectations);
  let problems = 0;
  const say = (problem: string): void => {
    problems += 1;
    printWarning(problem);
  };
  const added: EncodedRun[] = [];
  for (const run of runs) added.push(await encoded(run, known, flags, say));
  const all = await addToSite(flags.out, added, { url, say });
  printLine(`${flags.out}: added ${String(added.length)} of now ${String(all)} runs`);
  return problems === 0 ? exitCodes.ok : exitCodes.incomplete;
}
