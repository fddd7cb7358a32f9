import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir, uptime } from 'node:os';
import { join } from 'node:path';
import { execa } from 'execa';
import { HarnessError } from '../errors.ts';
import { until } from './deadline.ts';
import { killHard, listProcesses, processLives, withDescendants, type Process } from './processes.ts';
import { forgetGroup, markName, markPrefix, reapDirectory, reapGroup } from './reaper.ts';

let count = 0;

/** How execa starts a program that a family ends: in its own process group, read by the caller, its end no error. */
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
    const all = (await listProcesses()).filter((entry) => !entry.zombie && entry.pid !== process.pid);
    const marked = await Promise.all(all.map((entry) => this.#marks(entry.pid)));
    const known = all.filter((entry, index) => marked[index] === true || this.#groups.has(entry.group));
    return withDescendants(
      all,
      known.map(({ pid }) => pid),
    );
  }

  /** The first of its processes that is stopped (SIGSTOP), in words; undefined if none is. */
  async stopped(): Promise<string | undefined> {
    const found = (await this.members()).find(({ stopped }) => stopped);
    return found && `${await nameOf(found.pid)} (process ${String(found.pid)}) is stopped`;
  }

  /**
   * The first of its processes that began in the last `ms` milliseconds and has one of these texts in its command line,
   * in words; undefined if there is none, or no /proc.
   */
  async begunWithin(ms: number, texts: readonly string[]): Promise<string | undefined> {
    const since = uptime() * 1000 - ms;
    const young = (await this.members()).filter(({ startedAt = 0 }) => startedAt > since);
    const commands = await Promise.all(young.map(({ pid }) => commandOf(pid)));
    const at = commands.findIndex((command) => texts.some((text) => command.includes(text)));
    const found = young[at];
    return found && `${await nameOf(found.pid)} (process ${String(found.pid)})`;
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

  async #marks(pid: number): Promise<boolean> {
    if (process.platform !== 'linux') return false;
    try {
      const environment = await readFile(`/proc/${pid}/environ`, 'latin1');
      return environment.split('\0').includes(`${markName}=${this.#mark}`);
    } catch {
      return false; // It ended meanwhile, or belongs to another user and so not to us.
    }
  }
}

const readProc = (pid: number, file: string): Promise<string> =>
  readFile(`/proc/${String(pid)}/${file}`, 'latin1').catch(() => ''); // It ended meanwhile, or there is no /proc.

const commandOf = async (pid: number): Promise<string> =>
  (await readProc(pid, 'cmdline')).replaceAll('\0', ' ');

/** Its name, and the purpose that Chromium gives it. */
async function nameOf(pid: number): Promise<string> {
  const [name, command] = await Promise.all([readProc(pid, 'comm'), commandOf(pid)]);
  const type = /--(?:utility-sub-type|type)=[\w.-]+/.exec(command)?.[0];
  return [name.trim() || 'a process', ...(type === undefined ? [] : [type])].join(' ');
}
