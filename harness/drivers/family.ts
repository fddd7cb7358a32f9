import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir, uptime } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { HarnessError } from '../errors.ts';
import { until } from './deadline.ts';
import {
  killHard,
  listProcesses,
  processLives,
  readProc,
  withDescendants,
  type Process,
} from './processes.ts';
import { forgetGroup, markName, markPrefix, reapDirectory, reapGroup } from './reaper.ts';

let count = 0;

/** How execa starts a program that a family ends: in its own process group, read by the caller; that it ends is no error. */
export const familyMember = {
  extendEnv: false,
  detached: true,
  cleanup: false,
  buffer: false,
  reject: false,
  stdio: ['ignore', 'pipe', 'pipe'],
} as const;

/**
 * All processes of one launch and the temporary folder that they may use: a browser starts dozens, and some leave
 * its process group (Chromium's and Firefox's crash reporters do).
 */
export class Family {
  /** A temporary folder of its own, removed by `end`. */
  readonly directory: string;
  readonly #mark: string;
  readonly #groups = new Set<number>();

  private constructor(directory: string) {
    this.directory = directory;
    this.#mark = `${markPrefix}${(count += 1)}`;
  }

  static async create(): Promise<Family> {
    const directory = await mkdtemp(join(tmpdir(), 'webrtc-interop-browser-'));
    reapDirectory(directory);
    return new Family(directory);
  }

  /** The environment to start its processes with. Sockets in TMPDIR need a short path, so only Linux gets its own. */
  env(extra: Record<string, string> = {}): Record<string, string> {
    const inherited = Object.entries(process.env).filter(
      (entry): entry is [string, string] => entry[1] !== undefined,
    );
    return {
      ...Object.fromEntries(inherited),
      ...(process.platform === 'linux' ? { TMPDIR: this.directory } : {}),
      ...extra,
      [markName]: this.#mark,
    };
  }

  /** Adds a process that leads a process group of its own. */
  adopt(leader: number): void {
    this.#groups.add(leader);
    reapGroup(leader);
  }

  /** Its live processes: those with its mark, those in its groups, and all that these started. */
  async members(): Promise<Process[]> {
    return this.#mine(await liveProcesses());
  }

  #mine(all: readonly Process[]): Process[] {
    const known = all.filter(({ pid, group }) => this.#groups.has(group) || this.#marks(pid));
    return withDescendants(
      all,
      known.map(({ pid }) => pid),
    );
  }

  /** The first of its processes that is stopped (SIGSTOP), in words; undefined if none is. */
  async stopped(): Promise<string | undefined> {
    const all = await liveProcesses();
    // Failed cells ask this, and as a rule nothing on the machine is stopped.
    if (!all.some(({ stopped }) => stopped)) return undefined;
    const found = this.#mine(all).find(({ stopped }) => stopped);
    return found && `${nameOf(found.pid)} (process ${String(found.pid)}) is stopped`;
  }

  /**
   * The first of its processes that began in the last `ms` milliseconds and has one of these texts in its command line,
   * in words; undefined if there is none, or no /proc.
   */
  async begunWithin(ms: number, texts: readonly string[]): Promise<string | undefined> {
    const since = uptime() * 1000 - ms;
    const all = await liveProcesses();
    const sought = all.filter(({ pid, startedAt = 0 }) => {
      if (startedAt <= since) return false;
      const command = commandOf(pid);
      return texts.some((text) => command.includes(text));
    });
    if (sought.length === 0) return undefined;
    const mine = new Set(this.#mine(all));
    const found = sought.find((entry) => mine.has(entry));
    return found && `${nameOf(found.pid)} (process ${String(found.pid)})`;
  }

  /**
   * Kills those that still live and removes its folder. Resolves when no process is left.
   * @throws {HarnessError} `process-left` if one outlives SIGKILL for `ms` milliseconds.
   */
  async end(ms = 5000): Promise<void> {
    if (process.platform === 'win32') await this.#endOnWindows();
    const ended = await until(
      async () => {
        const left = await this.members();
        for (const { pid } of left) killHard(pid);
        return left.length === 0;
      },
      { ms, everyMs: 30 },
    );
    if (!ended) {
      const pids = (await this.members()).map(({ pid }) => pid).join(', ');
      throw new HarnessError(
        'process-left',
        `Processes ${pids} still live ${ms} ms after SIGKILL, probably in a system call. End them by hand.`,
      );
    }
    for (const group of this.#groups) forgetGroup(group);
    await rm(this.directory, { recursive: true, force: true, maxRetries: 5 });
  }

  async #endOnWindows(): Promise<void> {
    for (const leader of this.#groups) {
      await execa('taskkill', ['/pid', String(leader), '/T', '/F'], { reject: false, timeout: 10_000 });
      await until(() => !processLives(leader), { ms: 5000 });
    }
  }

  #marks(pid: number): boolean {
    return readProc(pid, 'environ').split('\0').includes(`${markName}=${this.#mark}`);
  }
}

const liveProcesses = async (): Promise<Process[]> =>
  (await listProcesses()).filter(({ zombie, pid }) => !zombie && pid !== process.pid);

const commandOf = (pid: number): string => readProc(pid, 'cmdline').replaceAll('\0', ' ');

/** Its name, and the purpose that Chromium gives it. */
function nameOf(pid: number): string {
  const type = /--(?:utility-sub-type|type)=[\w.-]+/.exec(commandOf(pid))?.[0];
  return [readProc(pid, 'comm').trim() || 'a process', ...(type === undefined ? [] : [type])].join(' ');
}
