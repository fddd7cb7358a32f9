import { createHash } from 'node:crypto';
import { UsageError } from '../errors.ts';
import { openRunFile, readHead, RunFileError } from './run-file.ts';
import type { Evidence } from './schema.ts';

/** No evidence is larger, in bytes: what says that it is would fill the memory. */
const mostBytes = 1024 * 1024 * 1024;

/**
 * The content of a piece of evidence, as the run wrote it.
 * @param dir the folder of the run
 * @throws {UsageError} `evidence-missing` where it is gone, `evidence-not-whole` where it was changed or is no plain file
 */
export async function evidenceContent(dir: string, evidence: Evidence): Promise<Buffer> {
  const { path, bytes, sha256 } = evidence;
  const refuse = (why: string, cause?: unknown): UsageError =>
    new UsageError('evidence-not-whole', `Evidence of ${dir} is not as the run wrote it: ${why}`, { cause });
  try {
    const { handle, size } = await openRunFile(dir, path);
    try {
      if (size !== bytes || bytes > mostBytes)
        throw refuse(`${path} has ${size} bytes, and ${bytes} were written.`);
      const content = await readHead(handle, bytes);
      if (createHash('sha256').update(content).digest('hex') !== sha256) throw refuse(`${path} was changed.`);
      return content;
    } finally {
      await handle.close();
    }
  } catch (error) {
    if (!(error instanceof RunFileError)) throw error;
    if (error.code !== 'file-missing') throw refuse(error.message, error);
    throw new UsageError('evidence-missing', `Evidence of ${dir} is gone: ${error.message}`, {
      cause: error,
    });
  }
}
