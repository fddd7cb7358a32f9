import { createHash } from 'node:crypto';
import { openRunFile, readHead, RunFileError, type RunFile } from '../results/run-file.ts';
import type { Evidence } from '../results/schema.ts';

/** A file of evidence as it is found now. */
export interface EvidenceFile extends Evidence {
  /** `changed`: it is not, byte for byte, what the run wrote. `refused`: it is no plain file of this run. */
  state: 'whole' | 'missing' | 'changed' | 'refused';
  /** Why it was refused, a sentence; null where it was not. */
  problem: string | null;
  /** Its beginning, decoded; empty for pictures and other bytes. */
  text: string;
  /** Whether `text` is only the beginning. */
  cut: boolean;
}

/** As much of a file as a page shows, in bytes; the rest is in the file itself. */
const shownBytes = 256 * 1024;
const isText = ({ kind }: Evidence): boolean =>
  ['offer', 'answer', 'signaling-log', 'stats', 'console'].includes(kind);

async function hashOf({ handle }: RunFile): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of handle.createReadStream({ start: 0, autoClose: false })) {
    if (Buffer.isBuffer(chunk)) hash.update(chunk);
  }
  return hash.digest('hex');
}

/** Reads one file of evidence below `dir`, and checks that it still is what the run wrote. */
export async function readEvidence(dir: string, evidence: Evidence): Promise<EvidenceFile> {
  try {
    const file = await openRunFile(dir, evidence.path);
    try {
      const head = await readHead(file.handle, Math.min(file.size, shownBytes));
      // One of another size has another hash, which needs no reading.
      const isSame = file.size === evidence.bytes && (await hashOf(file)) === evidence.sha256;
      const text = isText(evidence) ? head.toString('utf8') : '';
      const cut = text !== '' && file.size > head.length;
      return { ...evidence, state: isSame ? 'whole' : 'changed', problem: null, text, cut };
    } finally {
      await file.handle.close();
    }
  } catch (error) {
    if (!(error instanceof RunFileError)) throw error;
    const isMissing = error.code === 'file-missing';
    const problem = isMissing ? null : error.message;
    return { ...evidence, state: isMissing ? 'missing' : 'refused', problem, text: '', cut: false };
  }
}
