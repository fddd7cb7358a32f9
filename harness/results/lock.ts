import { randomUUID } from 'node:crypto';
import { readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { UsageError } from '../errors.ts';
import { hasCode, notWritable } from './write-error.ts';

/** A results folder that is this process's alone until it is released. */
export interface Lock {
  /** Gives the folder free. Harmless when called again. */
  release(): Promise<void>;
}

const owner = z.object({ pid: z.number().int().positive(), host: z.string(), token: z.string() });
type Owner = z.infer<typeof owner>;

/** What this process holds: a lock that names this process and is not here was left by an earlier one of its id. */
const held = new Set<string>();

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

async function isHeld(path: string, text: string): Promise<boolean> {
  const by = parseOwner(text);
  if (by === null) return Date.now() - (await stat(path)).mtimeMs < writingTakesAtMostMs;
  if (by.host !== hostname()) return true; // its processes cannot be seen from here
  return by.pid === process.pid ? held.has(by.token) : isRunning(by.pid);
}

function inUse(dir: string, path: string, text: string): UsageError {
  const by = parseOwner(text);
  const who = by === null ? 'Another run' : `Another run (process ${by.pid} on ${by.host})`;
  return new UsageError(
    'out-in-use',
    `${who} is writing into ${dir}. Name another folder with --out, or wait for it to end. ` +
      `If you are sure that it is gone, delete ${path}.`,
  );
}

/** Takes a stale lock out of the way, unless someone else was quicker and the lock is theirs by now. */
async function removeStale(dir: string, path: string, stale: string): Promise<void> {
  const aside = `${path}.${randomUUID()}.stale`;
  await rename(path, aside);
  const text = await readFile(aside, 'utf8');
  if (text !== stale) {
    await rename(aside, path);
    throw inUse(dir, path, text);
  }
  await rm(aside);
}

/**
 * Takes a results folder; a lock that a dead process left is taken over.
 * @throws {UsageError} `out-in-use` when another run has it.
 * @throws {IncompleteError} `results-not-writable`
 */
export async function lockFolder(dir: string): Promise<Lock> {
  const path = join(dir, '.lock');
  const mine = { pid: process.pid, host: hostname(), token: randomUUID() } satisfies Owner;
  for (let attempt = 0; attempt < 10; attempt += 1) {
    held.add(mine.token);
    try {
      await writeFile(path, JSON.stringify(mine), { flag: 'wx' });
      return {
        release: async () => {
          if (held.delete(mine.token)) await rm(path, { force: true });
        },
      };
    } catch (error) {
      held.delete(mine.token);
      if (!hasCode(error, 'EEXIST')) throw notWritable(path, error);
    }
    try {
      const text = await readFile(path, 'utf8');
      if (await isHeld(path, text)) throw inUse(dir, path, text);
      await removeStale(dir, path, text);
    } catch (error) {
      if (!hasCode(error, 'ENOENT')) throw error; // ENOENT: it was released meanwhile, so try again
    }
  }
  throw inUse(dir, path, '');
}
