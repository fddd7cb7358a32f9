import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Evidence } from '../results/schema.ts';
import { hasCode } from '../results/write-error.ts';

/** A file of evidence as it is found now. */
export interface EvidenceFile extends Evidence {
  /** `changed`: it is not, byte for byte, what the run wrote. */
  state: 'whole' | 'missing' | 'changed';
  /** Its beginning, decoded; empty for pictures and other bytes. */
  text: string;
  /** Whether `text` is only the beginning. */
  cut: boolean;
}

/** As much of a file as a page shows, in bytes; the rest is in the file itself. */
const shownBytes = 256 * 1024;
/** Beyond this a file is hashed piece by piece. */
const atOnceBytes = 8 * 1024 * 1024;

const isText = ({ kind }: Evidence): boolean =>
  ['offer', 'answer', 'signaling-log', 'stats', 'console'].includes(kind);

async function hashAndHead(
  path: string,
  bytes: number,
): Promise<{ sha256: string; head: Buffer; size: number }> {
  const hash = createHash('sha256');
  if (bytes <= atOnceBytes) {
    const content = await readFile(path);
    return {
      sha256: hash.update(content).digest('hex'),
      head: content.subarray(0, shownBytes),
      size: content.length,
    };
  }
  const start: Buffer[] = [];
  let size = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: shownBytes })) {
    if (!Buffer.isBuffer(chunk)) continue;
    hash.update(chunk);
    if (size < shownBytes) start.push(chunk);
    size += chunk.length;
  }
  return { sha256: hash.digest('hex'), head: Buffer.concat(start).subarray(0, shownBytes), size };
}

/** Reads one file of evidence below `dir`, and checks that it still is what the run wrote. */
export async function readEvidence(dir: string, evidence: Evidence): Promise<EvidenceFile> {
  try {
    const { sha256, head, size } = await hashAndHead(join(dir, evidence.path), evidence.bytes);
    const state = sha256 === evidence.sha256 ? 'whole' : 'changed';
    const text = isText(evidence) ? head.toString('utf8') : '';
    return { ...evidence, state, text, cut: text !== '' && size > head.length };
  } catch (error) {
    if (!hasCode(error, 'ENOENT')) throw error;
    return { ...evidence, state: 'missing', text: '', cut: false };
  }
}
