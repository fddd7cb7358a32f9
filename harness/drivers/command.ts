import { execa } from 'execa';
import type { BrowserSpec } from '../config/browser-spec.ts';
import { messageOf } from '../errors.ts';
import type { Exit, RunningBrowser } from './driver.ts';
import { exitOf } from './exit.ts';
import { Family, familyMember } from './family.ts';
import { browserNotFound } from './launch-errors.ts';
import { LogTail } from './log-tail.ts';

/** A program that opens an address; nobody drives it, and its arguments are all that it is told. */
export interface StartedCommand {
  pid: number;
  /** Resolves when it has ended. */
  ended: Promise<Exit>;
  /** Ends it with all that it started. */
  close(): Promise<void>;
}

/**
 * Starts `PROGRAM args… URL`, in a process group of its own.
 * @throws {LaunchError} `browser-not-found`
 */
export async function startCommand(spec: BrowserSpec, url: string): Promise<StartedCommand> {
  const { id, executable = '', args = [], env = {} } = spec;
  const family = await Family.create();
  const log = new LogTail();
  const child = execa(executable, [...args, url], { env: family.env(env), ...familyMember });
  log.follow(child.stdout);
  log.follow(child.stderr);
  if (child.pid === undefined) {
    const said = await child.then(({ originalMessage }) => originalMessage, messageOf);
    await family.end();
    throw browserNotFound(spec, [`${executable} (${said ?? 'it did not start'})`]);
  }
  family.adopt(child.pid);
  const { pid } = child;
  const ended = child.then(({ exitCode, signal }) => ({
    ...exitOf(`${executable} (process ${String(pid)}) of ${id}`, exitCode ?? null, signal ?? null),
    lastWords: log.text,
  }));
  return { pid, ended, close: () => family.end() };
}

/** A browser that a program shows: it ends with the program, and the program with it. */
export function shownBy(command: StartedCommand, browser: RunningBrowser): RunningBrowser {
  let closing: Promise<Exit> | undefined;
  const exited = Promise.race([browser.exited, command.ended]);
  const isOver = { yet: false };
  void exited.then(() => (isOver.yet = true));
  return {
    details: browser.details,
    pid: command.pid,
    maxPages: browser.maxPages,
    exited,
    open: (url) => browser.open(url),
    stopped: () => browser.stopped(),
    replaced: (ms) => browser.replaced(ms),
    isAlive: async () => !isOver.yet && (await browser.isAlive()),
    close: () =>
      (closing ??= (async () => {
        await browser.close();
        await command.close();
        return exited;
      })()),
  };
}
