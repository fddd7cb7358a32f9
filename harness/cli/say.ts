import pc from 'picocolors';
import { HarnessError, messageOf } from '../errors.ts';
import { plainJson, plainLines } from '../plain.ts';

/** A line on standard output, whatever is in it. */
export const printLine = (text: string): boolean => process.stdout.write(`${plainLines(text)}\n`);

/** A value as JSON on standard output, whatever is in it. */
export const printJson = (value: unknown): boolean => process.stdout.write(`${plainJson(value)}\n`);

/** A line on standard error, beside what a command writes for other programs. */
export const printNote = (text: string): boolean => process.stderr.write(`${plainLines(text)}\n`);

/** A warning on standard error, whatever is in it. */
export const printWarning = (text: string): boolean =>
  process.stderr.write(`${pc.yellow('warning:')} ${plainLines(text)}\n`);

/** An error on standard error: with its code where it is one of ours, else with its stack. */
export function printError(error: unknown): void {
  const code = error instanceof HarnessError ? ` ${pc.dim(`[${error.code}]`)}` : '';
  process.stderr.write(`${pc.red('error:')} ${plainLines(messageOf(error))}${code}\n`);
  if (!(error instanceof HarnessError) && error instanceof Error)
    process.stderr.write(`${plainLines(error.stack ?? '')}\n`);
}
