import { readFile } from 'node:fs/promises';
import { messageOf, UsageError } from '../errors.ts';

/** A script that a page loads ahead of everything: a polyfill, a patched adapter, a fault. */
export interface Script {
  /** For messages: a file's path, or what made it. */
  name: string;
  source: string;
  /** Whether it is webrtc-adapter, which windows that are compared with those of the page have to do without. */
  adapter?: true;
  /** Whether it brings a scenario's modules, which fresh windows do without. */
  modules?: true;
}

/**
 * Reads a script that the user named.
 * @throws {UsageError} `script-not-readable`
 */
export async function readScript(path: string): Promise<Script> {
  try {
    return { name: path, source: await readFile(path, 'utf8') };
  } catch (error) {
    throw new UsageError('script-not-readable', `The script ${path} cannot be read: ${messageOf(error)}.`, {
      cause: error,
    });
  }
}
