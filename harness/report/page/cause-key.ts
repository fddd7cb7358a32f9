import type { ReportCause } from '../data.ts';
import { lacksOf } from './capability.ts';

/** A short name, the same from run to run: FNV-1a of a text. */
function hashOf(text: string): string {
  let hash = 0x811c9dc5;
  for (let at = 0; at < text.length; at += 1) hash = Math.imul(hash ^ text.charCodeAt(at), 0x01000193);
  return (hash >>> 0).toString(16).padStart(8, '0');
}

/**
 * What causes are grouped by, for addresses: what is known about it, else the first thing that is missing (what else a side
 * lacks mostly follows from that), else the signature.
 */
export function keyOfCause({ known, status, message, signature }: ReportCause): string {
  if (known !== null) return hashOf(known.why);
  const [lack] = status === 'unsupported' ? lacksOf(message, () => undefined) : [];
  return hashOf(lack === undefined ? signature : `${lack.browser} lacks ${lack.name}`);
}
