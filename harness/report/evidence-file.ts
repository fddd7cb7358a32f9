import type { EvidenceReader } from '../results/evidence-reader.ts';
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
  /** A picture as an address that holds it; null for anything else. */
  picture: string | null;
}

/** As much of a file as a page shows, in bytes. */
const shownBytes = 256 * 1024;
const isText = ({ kind }: Evidence): boolean =>
  ['offer', 'answer', 'signaling-log', 'stats', 'console'].includes(kind);
const isPicture = ({ kind }: Evidence): boolean => kind === 'screenshot' || kind === 'frame';

/** Reads one file of evidence, and checks that it still is what the run wrote. */
export async function readEvidence(reader: EvidenceReader, evidence: Evidence): Promise<EvidenceFile> {
  const found = await reader.find(evidence);
  const nothing = { ...evidence, problem: null, text: '', cut: false, picture: null };
  if (found.state === 'missing') return { ...nothing, state: found.state };
  if (found.state === 'refused') return { ...nothing, state: found.state, problem: found.problem };
  const { state, content } = found;
  const text = isText(evidence) ? content.subarray(0, shownBytes).toString('utf8') : '';
  const picture = isPicture(evidence) ? `data:image/png;base64,${content.toString('base64')}` : null;
  return { ...nothing, state, text, cut: text !== '' && content.length > shownBytes, picture };
}
