import { readdirSync, readFileSync } from 'node:fs';
import { execa } from 'execa';

/** A process of this machine, as the system lists it. */
export interface Process {
  pid: number;
  parent: number;
  /** Its process group. */
  group: number;
  /** Ended, but its parent has not yet noticed. */
  zombie: boolean;
  /** Does nothing until it is continued: by SIGSTOP or another signal of that kind. */
  stopped: boolean;
  /** Milliseconds since the machine started; only if /proc tells it. */
  startedAt?: number;
}

/**
 * All processes of this machine (of this user, where the system shows no others).
 * Linux is read from /proc, as slim containers have no `ps`; synchronously, which takes a fraction of the processor time:
 * nothing there waits for a disk.
 */
export async function listProcesses(): Promise<Process[]> {
  if (process.platform === 'linux') {
    return readdirSync('/proc').flatMap((name) => (/^\d+$/.test(name) ? (statOf(Number(name)) ?? []) : []));
  }
  if (process.platform === 'win32') return [];
  const { stdout } = await execa('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat='], { timeout: 5000 });
  return stdout.split('\n').flatMap((line) => {
    const [pid, parent, group, state] = line.trim().split(/\s+/);
    if (state === undefined) return [];
    const is = (letter: string): boolean => state.startsWith(letter);
    return [
      { pid: Number(pid), parent: Number(parent), group: Number(group), zombie: is('Z'), stopped: is('T') },
    ];
  });
}

/** Undefined if there is no such process. */
function statOf(pid: number): Process | undefined {
  const text = readProc(pid, 'stat');
  return text === '' ? undefined : parseStat(pid, text);
}

/** A file of /proc about a process; empty if it has ended, belongs to another user, or there is no /proc. */
export function readProc(pid: number, file: 'cmdline' | 'comm' | 'environ' | 'stat'): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}

/** https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html; the name may hold spaces and brackets. */
function parseStat(pid: number, text: string): Process | undefined {
  const fields = text.slice(text.lastIndexOf(')') + 2).split(' ');
  const [state, parent, group] = fields;
  if (state === undefined) return undefined;
  return {
    pid,
    parent: Number(parent),
    group: Number(group),
    zombie: state === 'Z' || state === 'X',
    stopped: state === 'T',
    // field 22 of the file, in hundredths of a second
    startedAt: Number(fields[19]) * 10,
  };
}

/** The processes with these ids, and all their descendants. */
export function withDescendants(all: readonly Process[], pids: Iterable<number>): Process[] {
  const inside = new Set(pids);
  for (let before = -1; before !== inside.size;) {
    before = inside.size;
    for (const { pid, parent } of all) if (inside.has(parent)) inside.add(pid);
  }
  return all.filter(({ pid }) => inside.has(pid));
}

/** Whether a process exists and is more than a zombie; a stopped one (SIGSTOP) is alive. Never throws. */
export function processLives(pid: number): boolean {
  try {
    if (process.platform === 'linux') {
      return statOf(pid)?.zombie === false;
    }
    return process.kill(pid, 0);
  } catch {
    return false; // There is no such process.
  }
}

/** Sends SIGKILL to a process, or to a whole group when `pid` is negative; one that is gone is fine. */
export function killHard(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended by itself.
  }
}
