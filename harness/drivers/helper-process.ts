import { execa } from 'execa';
import { LaunchError, messageOf } from '../errors.ts';
import { within } from '../within.ts';
import { settlesWithin } from './deadline.ts';
import { Family, familyMember } from './family.ts';
import { LogTail } from './log-tail.ts';
import { processLives } from './processes.ts';
import type { Helper } from './shared-helper.ts';

export interface HelperCommand {
  /** What to call it in an error. */
  name: string;
  command: string;
  /** Puts what it needs into its directory, which only this user can read. */
  prepare?(directory: string): Promise<void>;
  args(directory: string): string[];
  env?(directory: string): Record<string, string>;
  /** Resolves with the environment for the browsers when it is ready. `said` is its first output on stdout. */
  ready(started: { directory: string; said: Promise<string> }): Promise<Record<string, string>>;
  /** Whether it answers a client; pending forever if it hangs. Asked regularly while it runs. */
  answers(env: Record<string, string>): Promise<boolean>;
}

/** How often a helper is asked whether it answers. */
const askMs = 3000;
/** One that has not answered for this long hangs, however busy the machine is. */
const hungMs = 10_000;

/**
 * Starts a helper process in a family of its own and waits until it is ready.
 * @throws {LaunchError} `helper-failed` if it does not run or is not ready within `timeoutMs`.
 */
export async function startHelper(helper: HelperCommand, timeoutMs = 10_000): Promise<Helper> {
  const family = await Family.create();
  const log = new LogTail();
  try {
    await helper.prepare?.(family.directory);
    const child = execa(helper.command, helper.args(family.directory), {
      env: family.env(helper.env?.(family.directory)),
      ...familyMember,
    });
    const { pid } = child;
    if (pid !== undefined) family.adopt(pid);
    log.follow(child.stdout);
    log.follow(child.stderr);
    const ended = child.then(({ exitCode, signal, shortMessage }) => {
      if (signal !== undefined) return `was ended by ${signal}`;
      return exitCode === undefined ? (shortMessage ?? 'did not start') : `ended with exit code ${exitCode}`;
    });
    const failed = ended.then((how): never => {
      throw new Error(`it ${how}`);
    });
    const said = new Promise<string>((resolve) => {
      child.stdout.once('data', (data) => resolve(String(data)));
    });
    const env = await within(
      timeoutMs,
      'it to be ready',
      Promise.race([failed, helper.ready({ directory: family.directory, said })]),
    );
    failed.catch(() => undefined); // From here on `lost` reports its end.
    if (pid === undefined) throw new Error(`it ${await ended}`);
    const name = `${helper.name} (process ${String(pid)})`;
    let hung = false;
    const stopAsking = whileAnswering(
      () => helper.answers(env),
      () => {
        hung = true;
        child.kill('SIGKILL');
      },
    );
    return {
      env,
      pid,
      lives: () => processLives(pid),
      lost: ended.then((how) => {
        stopAsking();
        return hung ? `${name} did not answer for ${String(hungMs)} ms and was ended` : `${name} ${how}`;
      }),
      async stop() {
        stopAsking();
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

/** Asks again and again, one question at a time, until one is not answered in time. Returns a function that stops this. */
function whileAnswering(answers: () => Promise<boolean>, onHung: () => void): () => void {
  let timer: NodeJS.Timeout;
  let stopped = false;
  const ask = async (): Promise<void> => {
    const answered = await within(hungMs, 'an answer', answers()).catch(() => false);
    if (stopped) return;
    if (answered) next();
    else onHung();
  };
  const next = (): void => {
    timer = setTimeout(() => void ask(), askMs);
    timer.unref();
  };
  next();
  return () => {
    stopped = true;
    clearTimeout(timer);
  };
}
