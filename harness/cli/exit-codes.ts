import { CommanderError } from 'commander';
import { UsageError } from '../errors.ts';

/** What the exit codes of every command mean; CI jobs rely on them. */
export const exitCodes = {
  /** Every planned cell was reported, and nothing was unexpected. */
  ok: 0,
  /** Unexpected outcomes. */
  unexpected: 1,
  /** Usage or configuration error, including an empty selection. */
  usage: 2,
  /** A browser would not start, a cell is missing, the results could not be written. */
  incomplete: 3,
  interrupted: 130,
} as const;

/** The exit code of an error that ended a command. */
export function exitCodeOfError(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  if (error instanceof UsageError) return exitCodes.usage;
  // Whatever else ended it, not every planned cell was reported.
  return exitCodes.incomplete;
}
