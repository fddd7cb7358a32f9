import type { Agreed } from '../compare/agree.ts';
import { updateExpectations, type ExpectationsUpdate } from '../compare/update-expectations.ts';
import { readExpectationFile, type Expectation } from '../results/expectations.ts';
import { writeAtomically } from '../results/write-atomically.ts';
import { readWholeRun } from '../results/whole-run.ts';
import { exitCodes } from './exit-codes.ts';
import { printNote } from './say.ts';

/** The options of `expectations update`, as commander gives them. */
export interface UpdateFlags {
  expectations: string;
  out?: string;
}

async function updateBy(runs: readonly string[], file: string): Promise<ExpectationsUpdate> {
  const known = await readExpectationFile(file);
  return updateExpectations(known, await Promise.all(runs.map(readWholeRun)));
}

const nameOf = ({ scenarios, offerer, answerer }: Expectation): string =>
  `${scenarios}, ${offerer} → ${answerer}`;
const failureText = ({ expectation, cells, of }: Agreed): string =>
  `${nameOf(expectation)}, ${cells.length} of ${of} times: ${expectation.says.slice(0, 300)}`;

/** The differences between a file and runs, one per line. */
function differences(update: ExpectationsUpdate): string[] {
  const { added, dropped, nowSometimes, seenOnce, newLacks, noLongerLacking } = update;
  return [
    ...added.map((each) => `fails and is not known: ${failureText(each)}`),
    ...seenOnce.map((each) => `failed when it was run once, which excuses nothing: ${failureText(each)}`),
    ...dropped.map((each) => `holds no longer: ${nameOf(each)}: ${each.why}`),
    ...nowSometimes.map(
      (each) => `comes now and then, and does not say sometimes: ${nameOf(each)}: ${each.why}`,
    ),
    ...newLacks.map(({ browser, names }) => `${browser} lacks what is not listed: ${names.join(', ')}`),
    ...noLongerLacking.map(
      ({ browser, names }) => `${browser} has what it is listed to lack: ${names.join(', ')}`,
    ),
  ];
}

/**
 * `webrtc-interop expectations check`.
 * @returns 1 if anything does not fit
 * @throws {UsageError} if a run or the file cannot be read
 */
export async function checkCommand(runs: readonly string[], file: string): Promise<number> {
  const lines = differences(await updateBy(runs, file));
  for (const line of lines) printNote(line);
  printNote(lines.length === 0 ? 'The expectations fit these runs.' : `${lines.length} things do not fit.`);
  return lines.length === 0 ? exitCodes.ok : exitCodes.unexpected;
}

/**
 * `webrtc-interop expectations update`: the new file, and the differences on standard error.
 * @throws {UsageError} if a run or the file cannot be read
 */
export async function updateCommand(runs: readonly string[], flags: UpdateFlags): Promise<number> {
  const update = await updateBy(runs, flags.expectations);
  const text = `${JSON.stringify(update.file, null, 2)}\n`;
  if (flags.out === undefined) process.stdout.write(text);
  else await writeAtomically(flags.out, text);
  for (const line of differences(update)) printNote(line);
  if (flags.out !== undefined) printNote(`wrote ${flags.out}`);
  return exitCodes.ok;
}
