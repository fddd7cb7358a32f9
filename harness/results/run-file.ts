import { constants } from 'node:buffer';
import { constants as fs } from 'node:fs';
import { open, realpath, type FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { HarnessError, messageOf } from '../errors.ts';
import { hasCode } from './write-error.ts';

/** A file in the folder of a run that does not exist (`file-missing`) or is not accepted as one of it (`file-refused`). */
export class RunFileError extends HarnessError {}

/** A regular file of a run. */
export interface RunFile {
  handle: FileHandle;
  /** In bytes. */
  size: number;
}

/** The longest text that Node can hold. */
const longestText = constants.MAX_STRING_LENGTH;

/** Whether a path stays below the folder that it starts from: parts of plain characters, none of them `.` or `..`. */
export const isBelow = (path: string): boolean =>
  // oxlint-disable-next-line no-control-regex -- a line break in a name is what this keeps out
  path.split('/').every((part) => !/^\.{0,2}$/.test(part) && !/[\\\u0000-\u001F\u007F-\u009F]/.test(part));

const refused = (path: string, why: string): RunFileError =>
  new RunFileError('file-refused', `${path} is not read: ${why}.`);

function asRunFileError(path: string, error: unknown): RunFileError {
  if (hasCode(error, 'ENOENT') || hasCode(error, 'ENOTDIR'))
    return new RunFileError('file-missing', `${path} is not there.`, { cause: error });
  if (hasCode(error, 'ELOOP')) return refused(path, 'it is a link');
  if (hasCode(error, 'ENXIO')) return refused(path, 'it is no regular file');
  return refused(path, messageOf(error));
}

/**
 * Opens a file in the folder of a run. Others may have made the folder, so nothing in it may lead elsewhere: links are
 * refused at every step below `dir`, and so is anything but a regular file, without waiting for it.
 * @param dir the folder, which may itself be named by a link, as `reports/latest` is
 * @param path relative to it, with forward slashes
 * @throws {RunFileError}
 */
export async function openRunFile(dir: string, path: string): Promise<RunFile> {
  if (!isBelow(path)) throw refused(JSON.stringify(path), 'the path leads out of the folder of the run');
  try {
    const root = await realpath(dir);
    const whole = join(root, ...path.split('/'));
    if ((await realpath(dirname(whole))) !== dirname(whole)) throw refused(path, 'it lies behind a link');
    // Windows does not have these flags, and has no such links and no such files.
    const flags = fs.O_RDONLY | (fs.O_NOFOLLOW ?? 0) | (fs.O_NONBLOCK ?? 0);
    const handle = await open(whole, flags);
    try {
      const about = await handle.stat();
      if (!about.isFile())
        throw refused(path, about.isDirectory() ? 'it is a folder' : 'it is no regular file');
      return { handle, size: about.size };
    } catch (error) {
      await handle.close();
      throw error;
    }
  } catch (error) {
    throw error instanceof RunFileError ? error : asRunFileError(path, error);
  }
}

/**
 * Reads a text of a run, of bounded length.
 * @throws {RunFileError}
 */
export async function readRunText(dir: string, path: string, most = longestText): Promise<string> {
  const { handle, size } = await openRunFile(dir, path);
  try {
    if (size > most) throw refused(path, `it has ${size} bytes, and ${most} are the most`);
    return (await readHead(handle, size)).toString('utf8');
  } catch (error) {
    throw error instanceof RunFileError ? error : asRunFileError(path, error);
  } finally {
    await handle.close();
  }
}

/** The first bytes of a file, fewer if it is shorter: reading ends even if the file grows meanwhile. */
export async function readHead(handle: FileHandle, bytes: number): Promise<Buffer> {
  const head = Buffer.alloc(bytes);
  let length = 0;
  while (length < bytes) {
    const { bytesRead } = await handle.read(head, length, bytes - length, length);
    if (bytesRead === 0) break;
    length += bytesRead;
  }
  return head.subarray(0, length);
}
