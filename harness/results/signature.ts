import { createHash } from 'node:crypto';
import type { Cell } from './schema.ts';

/** Longest text of a signature; what goes beyond it is replaced by a hash. */
const longest = 300;

/** Parameters of formats in which a number is a name and not a count: `profile-level-id=42e01f`, `packetization-mode=1`. */
const named = /\b(?:profile-level-id|profile-id|packetization-mode|profile|tier|level-idx|level-id)=[\w.-]+/g;

/**
 * What differs from run to run, from the most to the least specific. A number inside a word stays (`VP8`,
 * `H264`, `av01.0.05M.08`, `RTCRtpTransceiver2`): it is part of a name.
 */
const volatile: readonly (readonly [RegExp, string])[] = [
  [/\b[0-9a-f]{2}(?::[0-9a-f]{2}){7,}\b/gi, '<hash>'],
  [/\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?/g, '<time>'],
  [/\b\d{1,2}:\d\d:\d\d(?:\.\d+)?\b/g, '<time>'],
  [/\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi, '<uuid>'],
  [/\b((?:ice-)?(?:ufrag|pwd)|usernameFragment|password)(["']?\s*[:= ]\s*["']?)[\w+/]{4,256}/g, '$1$2<id>'],
  [/\b(ids?["']?\s*[:= ]\s*["']?)(?=[\w-]*\d)[\w-]{4,}/gi, '$1<id>'],
  [/\b(candidate:)[\w+/]+/g, '$1<id>'],
  [/\b(?=[a-f]*\d)[0-9a-f]{12,}\b/gi, '<hash>'],
  [/(?<![\w:])(?:[0-9a-f]{0,4}:){2,7}[0-9a-f]{0,4}(?:%\w+)?(?![\w:])/gi, '<ip>'],
  [/\b\d{1,3}(?:\.\d{1,3}){3}\b/g, '<ip>'],
  [/(?:\/tmp|\/var\/folders|\/private\/var)\/[^\s"'`)]+/g, '<path>'],
  [/\b(?=[\w-]*\d)(?=[\w-]*[a-z])(?=[\w-]*[A-Z])[\w-]{16,}\b/g, '<id>'],
  [/(?<=[A-Za-z][_#])\d+\b/g, '<n>'],
  [
    /(?<![\w.])[+-]?\d+(?:[.,]\d+)*(?:e[+-]?\d+)?(?=(?:ms|s|min|us|µs|ns|px|fps|k?Hz|dBFS|dB|[kMG]?i?B|[kM]?bit)\b)/g,
    '<n>',
  ],
  // `chrome@150` is another browser than `chrome@156`.
  [/(?<![\w.]|[a-z]@)[+-]?\d+(?:[.,]\d+)*(?:e[+-]?\d+)?(?![\w])/g, '<n>'],
];

function normalise(message: string): string {
  const kept: string[] = [];
  // A private-use character takes the place of what stays as it is.
  let text = message.replaceAll(named, (match) => `\uE000${String.fromCodePoint(0xe100 + kept.push(match))}`);
  for (const [pattern, replacement] of volatile) text = text.replaceAll(pattern, replacement);
  text = text.replaceAll(
    /\uE000(?<at>[\uE101-\uE8FF])/gu,
    (_, at: string) => kept[at.charCodeAt(0) - 0xe101] ?? '',
  );
  return text.replaceAll(/\s+/g, ' ').trim();
}

/**
 * A failure with numbers, ids, ports, addresses, fingerprints and times normalised away, so that equal
 * failures compare equal and different ones do not; null for a pass. Also readable for people:
 * `timeout@ice wait-timeout answerer: waited <n> ms for connected`.
 */
export function signatureOf({
  status,
  phase,
  reason,
}: Pick<Cell, 'status' | 'phase' | 'reason'>): string | null {
  if (status === 'pass') return null;
  const where = phase === null ? status : `${status}@${phase}`;
  if (reason === null) return where;
  const text = normalise(reason.message);
  const rest =
    text.length <= longest ? '' : `… ${createHash('sha256').update(text).digest('hex').slice(0, 8)}`;
  return `${where} ${reason.code}${reason.peer === null ? '' : ` ${reason.peer}`}: ${text.slice(0, longest)}${rest}`;
}
