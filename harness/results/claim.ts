/** The bounds that a claim has to be within; null if something else is expected. */
function endsOf(expected: unknown): { least: number; most: number } | null {
  if (typeof expected !== 'object' || expected === null) return null;
  if (!('least' in expected || 'most' in expected)) return null;
  const { least = -Infinity, most = Infinity }: { least?: unknown; most?: unknown } = expected;
  return typeof least === 'number' && typeof most === 'number' ? { least, most } : null;
}

/** What a claim has to be, in words: `46`, `0.19 to 0.32`, `at most 3`. @param shown how a value is written */
export function dueInWords(expected: unknown, shown: (value: unknown) => string): string {
  const ends = endsOf(expected);
  if (ends === null) return shown(expected);
  if (ends.most === Infinity) return `at least ${shown(ends.least)}`;
  if (ends.least === -Infinity) return `at most ${shown(ends.most)}`;
  return `${shown(ends.least)} to ${shown(ends.most)}`;
}

/** By how much a claim is off: as a multiple of what it has to be, or as a difference; null unless both are numbers. */
export function offBy(expected: unknown, actual: unknown): { times: number } | { more: number } | null {
  if (typeof actual !== 'number') return null;
  const ends = endsOf(expected);
  const due = ends === null ? expected : actual > ends.most ? ends.most : ends.least;
  if (typeof due !== 'number' || !Number.isFinite(due)) return null;
  const times = actual / due;
  return due > 0 && actual > 0 && (times >= 1.5 || times <= 0.67) ? { times } : { more: actual - due };
}
