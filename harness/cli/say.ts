import pc from 'picocolors';
import { HarnessError, messageOf } from '../errors.ts';
import { plainJson, plainLines } from '../plain.ts';

/** Prints a line on standard output, whatever it contains. */
export const printLine = (text: string): boolean => process.stdout.write(`${plainLines(text)}\n`);

/** Prints a value as JSON on standard output, whatever it contains. */
export const printJson = (value: unknown): boolean => process.stdout.write(`${plainJson(value)}\n`);

/** Prints a line on standard error, so that standard output stays for other programs. */
export const printNote = (text: string): boolean => process.stderr.write(`${plainLines(text)}\n`);

/** Prints a warning on standard error, whatever it contains. */
export const printWarning = (text: string): boolean =>
  process.stderr.write(`${pc.yellow('warning:')} ${plainLines(text)}\n`);

/** Prints an error on standard error: with its code if it is one of ours, else with its stack. */
export function printError(error: unknown): void {
  const code = error instanceof HarnessError ? ` ${pc.dim(`[${error.code}]`)}` : '';
  process.stderr.write(`${pc.red('error:')} ${plainLines(messageOf(error))}${code}\n`);
  if (!(error instanceof HarnessError) && error instanceof Error)
    process.stderr.write(`${plainLines(error.stack ?? '')}\n`);
}
