import { IncompleteError, messageOf } from '../errors.ts';

const advice: Record<string, string> = {
  ENOSPC: 'The disk is full: free some space, or name a folder on another disk with --out.',
  EDQUOT: 'The disk quota is used up: free some space, or name a folder on another disk with --out.',
  EFBIG: 'The file may not grow further (see ulimit -f): raise the limit, or select fewer cells.',
  EACCES: 'This user may not write there: change the permissions, or name another folder with --out.',
  EPERM: 'This user may not write there: change the permissions, or name another folder with --out.',
  EROFS: 'That file system is read-only: name another folder with --out.',
  ENOTDIR: 'A part of that path is a file: name another folder with --out.',
  EEXIST: 'A file is where a folder has to be: name another folder with --out.',
  EMFILE: 'This process has too many files open (see ulimit -n): raise the limit, or lower --jobs.',
};

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : '';

/** Whether this is the file system's error of that code, e.g. `ENOENT`. */
export const hasCode = (error: unknown, code: string): boolean => codeOf(error) === code;

/** The file system's refusal to write, with what to do about it. */
export const notWritable = (path: string, error: unknown): IncompleteError =>
  new IncompleteError(
    'results-not-writable',
    `Cannot write ${path}: ${messageOf(error)}. ` +
      `${advice[codeOf(error)] ?? 'Name another folder with --out.'} What was written before is kept.`,
    { cause: error },
  );

/** Runs `work`, which writes `path`; its failure becomes `results-not-writable`. */
export async function writing<T>(path: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw notWritable(path, error);
  }
}
