import { execa } from 'execa';
import { LaunchError, messageOf } from '../errors.ts';
import { within } from '../within.ts';
import { settlesWithin } from './deadline.ts';
import { Family } from './family.ts';
import { LogTail } from './log-tail.ts';
import { processLives } from './processes.ts';
import type { Helper } from './shared-helper.ts';

export interface HelperCommand {
  /** What to call it in an error. */
  name: string;
  command: string;
  /** Puts into its directory what it needs; that is this user's alone. */
  prepare?(directory: string): Promise<void>;
  args(directory: string): string[];
  env?(directory: string): Record<string, string>;
  /** Resolves with the environment for the browsers when it is ready. `said` is the first that it wrote to stdout. */
  ready(started: { directory: string; said: Promise<string> }): Promise<Record<string, string>>;
}

/**
 * Starts a helper process in a family of its own and waits until it is ready.
 * @throws {LaunchError} `helper-failed` when it does not run or is not ready within `timeoutMs`.
 */
export async function startHelper(helper: HelperCommand, timeoutMs = 10_000): Promise<Helper> {
  const family = await Family.create();
  const log = new LogTail();
  try {
    await helper.prepare?.(family.directory);
    const child = execa(helper.command, helper.args(family.directory), {
      env: family.env(helper.env?.(family.directory)),
      extendEnv: false,
      detached: true,
      cleanup: false,
      buffer: false,
      reject: false,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (child.pid !== undefined) family.adopt(child.pid);
    log.follow(child.stdout);
    log.follow(child.stderr);
    const ended = child.then((result): never => {
      throw new Error(
        result.exitCode === undefined
          ? (result.shortMessage ?? 'it did not start')
          : `exit code ${result.exitCode}`,
      );
    });
    const said = new Promise<string>((resolve) => {
      child.stdout.once('data', (data) => resolve(String(data)));
    });
    const env = await within(
      timeoutMs,
      'it to be ready',
      Promise.race([ended, helper.ready({ directory: family.directory, said })]),
    );
    ended.catch(() => undefined); // Browsers tell by themselves when their display is gone.
    return {
      env,
      lives: () => child.pid !== undefined && processLives(child.pid),
      async stop() {
        child.kill('SIGTERM');
        await settlesWithin(1000, ended);
        await family.end();
      },
    };
  } catch (error) {
    await family.end();
    throw new LaunchError(
      'helper-failed',
      `${helper.name} did not start: ${messageOf(error)}.${log.text === '' ? '' : `\n${log.text}`}`,
      { cause: error },
    );
  }
}
