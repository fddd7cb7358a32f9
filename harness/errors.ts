/** Base class of the harness's own errors: what happened and what to do next, with a code. */
export class HarnessError extends Error {
  /** Stable, kebab-case; it becomes `reason.code` of a cell or the first word of a message on the terminal. */
  readonly code: string;

  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = new.target.name;
    this.code = code;
  }
}

/** The user asked for something impossible: exit code 2. */
export class UsageError extends HarnessError {}

/** The run could not be completed: a browser would not start, results could not be written. Exit code 3. */
export class IncompleteError extends HarnessError {}

/** A browser would not start. */
export class LaunchError extends IncompleteError {}

/** A peer's page, socket or browser went away while something waited for it. */
export class PeerGoneError extends HarnessError {}

/** The message of anything that was thrown. */
export const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
