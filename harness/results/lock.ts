import { randomUUID } from 'node:crypto';
import { readdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { z } from 'zod';
import { UsageError } from '../errors.ts';
import { hasCode, notWritable } from './write-error.ts';

/** A results folder that belongs to this process alone until it is released. */
export interface Lock {
  /** Frees the folder. Harmless when called again. */
  release(): Promise<void>;
}

const owner = z.object({ pid: z.number().int().positive(), host: z.string(), token: z.string() });
type Owner = z.infer<typeof owner>;

/** Locks that this process holds: one that names this process but is not here was left by an earlier process with its id. */
const held = new Set<string>();

/** How a lock shows other machines that its process is alive, in milliseconds. */
export interface LockTimes {
  /** How often its file is touched. */
  renewMs: number;
  /** A lock last touched longer ago than this, by this machine's clock, may be stale. */
  staleMs: number;
  /** It is stale if it is not touched while it is watched for this long: clocks of machines differ. */
  watchMs: number;
}

export const lockTimes: LockTimes = { renewMs: 5000, staleMs: 60_000, watchMs: 12_000 };

/** A lock without a readable owner is one that is just being written, unless it is older than this, in milliseconds. */
const writingTakesAtMostMs = 5_000;

function parseOwner(text: string): Owner | null {
  try {
    return owner.parse(JSON.parse(text));
  } catch {
    return null; // torn or foreign: judged by its age
  }
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return hasCode(error, 'EPERM'); // it runs, and is somebody else's
  }
}

const touchedAt = async (path: string): Promise<number> => (await stat(path)).mtimeMs;

/** Whether a process that cannot be seen from here renews its lock. */
async function isRenewed(path: string, { staleMs, watchMs }: LockTimes): Promise<boolean> {
  const touched = await touchedAt(path);
  if (Math.abs(Date.now() - touched) < staleMs) return true;
  await delay(watchMs);
  return (await touchedAt(path)) !== touched;
}

async function isHeld(path: string, text: string, times: LockTimes): Promise<boolean> {
  const by = parseOwner(text);
  if (by === null) return Date.now() - (await touchedAt(path)) < writingTakesAtMostMs;
  if (by.host !== hostname()) return isRenewed(path, times);
  return by.pid === process.pid ? held.has(by.token) : isRunning(by.pid);
}

async function inUse(dir: string, path: string, text: string, { staleMs }: LockTimes): Promise<UsageError> {
  const by = parseOwner(text);
  const who = by === null ? 'Another run' : `Another run (process ${by.pid} on ${by.host})`;
  const touched = await touchedAt(path).catch(() => undefined);
  const since = touched === undefined ? '' : `, and said so last at ${new Date(touched).toISOString()}`;
  const free =
    by === null || by.host === hostname()
      ? ''
      : `Where that machine is gone, the folder is free ${staleMs / 1000} s after that time. `;
  return new UsageError(
    'out-in-use',
    `${who} is writing into ${dir}${since}. Name another folder with --out, or wait for it to end. ${free}` +
      `If you are sure that it is gone, delete ${path}.`,
  );
}

const pathOf = (dir: string, number: number): string => join(dir, `.lock-${number}`);

/** The numbers of the locks in a folder, the highest first. */
async function numbersIn(dir: string): Promise<number[]> {
  const names = await readdir(dir).catch((error: unknown) => {
    if (hasCode(error, 'ENOENT')) return []; // the folder was removed, and its locks with it
    throw error;
  });
  return names
    .flatMap((name) => /^\.lock-(?<number>[1-9]\d{0,8})$/.exec(name)?.groups?.['number'] ?? [])
    .map(Number)
    .toSorted((a, b) => b - a);
}

/** The number that a new lock would have. @throws {UsageError} `out-in-use` when the newest is held. */
async function nextNumber(dir: string, times: LockTimes): Promise<number> {
  const [newest] = await numbersIn(dir);
  if (newest === undefined) return 1;
  const path = pathOf(dir, newest);
  try {
    const text = await readFile(path, 'utf8');
    if (await isHeld(path, text, times)) throw await inUse(dir, path, text, times);
    return newest + 1;
  } catch (error) {
    if (hasCode(error, 'ENOENT')) return newest; // it was released meanwhile
    throw error;
  }
}

/** Makes a lock file, unless there is one with that number. */
async function make(path: string, mine: Owner): Promise<boolean> {
  held.add(mine.token);
  try {
    await writeFile(path, JSON.stringify(mine), { flag: 'wx' });
    return true;
  } catch (error) {
    held.delete(mine.token);
    if (hasCode(error, 'EEXIST')) return false;
    throw notWritable(path, error);
  }
}

/** Touches a lock every `renewMs` milliseconds; returns a function that ends that. */
function renewing(path: string, renewMs: number): () => void {
  const touch = (): void => {
    const now = new Date();
    // if the folder was removed, whatever writes results notices
    utimes(path, now, now).catch(() => undefined);
  };
  const timer = setInterval(touch, renewMs);
  timer.unref();
  return () => clearInterval(timer);
}

/**
 * Takes a results folder; a lock that a dead process left is taken over, and so is one of another machine that is no
 * longer renewed.
 *
 * Locks are numbered and the highest counts. A stale one is not removed but outnumbered: of all processes that try at
 * once, only one makes the file with the next number. Removing it first would leave a moment for two to get in.
 * @throws {UsageError} `out-in-use` when another run has it.
 * @throws {IncompleteError} `results-not-writable`
 */
export async function lockFolder(dir: string, times: LockTimes = lockTimes): Promise<Lock> {
  const mine = { pid: process.pid, host: hostname(), token: randomUUID() } satisfies Owner;
  for (let attempt = 0; attempt < 10; attempt += 1) {
    const number = await nextNumber(dir, times);
    const path = pathOf(dir, number);
    if (!(await make(path, mine))) continue;
    const [newest] = await numbersIn(dir);
    if (newest === number) {
      const stopRenewing = renewing(path, times.renewMs);
      return {
        async release() {
          stopRenewing();
          await release(dir, number, mine);
        },
      };
    }
    await rm(path, { force: true }); // someone outnumbered it before it was there
    held.delete(mine.token);
  }
  throw await inUse(dir, pathOf(dir, 1), '', times);
}

/** Removes the stale locks with lower numbers, then its own: as long as any exist, its own is the highest. */
async function release(dir: string, number: number, mine: Owner): Promise<void> {
  if (!held.has(mine.token)) return;
  const numbers = await numbersIn(dir);
  for (const stale of numbers.filter((other) => other < number))
    await rm(pathOf(dir, stale), { force: true });
  await rm(pathOf(dir, number), { force: true });
  held.delete(mine.token);
}
