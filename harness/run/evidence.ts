import type { Role } from '../protocol/signaling.ts';
import type { EvidenceKind } from '../results/schema.ts';

/** A piece of evidence before it is written. */
export interface EvidenceItem {
  kind: EvidenceKind;
  peer: Role | null;
  /** File name, unique-made by the store where two of a cell are called the same. */
  name: string;
  content: string | Uint8Array;
}

export type EvidenceBag = EvidenceItem[];
