import { readFile } from 'node:fs/promises';
import { messageOf, UsageError } from '../errors.ts';

/** A script that a page loads before everything else: a polyfill, a patched adapter, a fault. */
export interface Script {
  /** For messages: a file's path, or what made it. */
  name: string;
  source: string;
  /** Whether it is webrtc-adapter: windows that the page is compared with do not load it. */
  adapter?: true;
  /** Whether it brings a scenario's modules: fresh windows do not load it. */
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
