/** Compares all parts: below, at or above 0, as the first is older than, equal to or newer than the second. */
export function compareVersions(version: string, other: string): number {
  return compared(version, other) || -compared(other, version);
}

/** The numbers at the beginning of each part of a version: `154.0a1` has 154 and 0. */
const numbersIn = (version: string): number[] =>
  version.split('.').map((part) => Number.parseInt(part, 10) || 0);

/**
 * Compares only as many parts as `bound` has, so that 153.7.0 is equal to 153 and above 153.6.
 * @returns below, at or above 0, as `version` is below, at or above the bound
 */
function compared(version: string, bound: string): number {
  const parts = numbersIn(version);
  for (const [at, wanted] of numbersIn(bound).entries()) {
    const difference = (parts[at] ?? 0) - wanted;
    if (difference !== 0) return difference;
  }
  return 0;
}

const meanings: Readonly<Record<string, (difference: number) => boolean>> = {
  '<': (difference) => difference < 0,
  '<=': (difference) => difference <= 0,
  '=': (difference) => difference === 0,
  '>=': (difference) => difference >= 0,
  '>': (difference) => difference > 0,
};

/** A browser by its id, kind or engine, or `*`, with any number of bounds on its version: `gecko >=153 <158`. */
export const sidePattern = /^\S+(?: (?:[<>]=?|=)\d+(?:\.\d+)*)*$/;

/** Browsers as an expectation names them. */
export interface BrowserPattern {
  /** An id, kind or engine; `*` for any. */
  name: string;
  /** Whether it says something about versions. */
  hasRange: boolean;
  /** Whether a version is within all its bounds. */
  takes(version: string): boolean;
}

/** @param text as `sidePattern` has it */
export function browserPattern(text: string): BrowserPattern {
  const [name = '*', ...bounds] = text.split(' ');
  return {
    name,
    hasRange: bounds.length > 0,
    takes: (version) =>
      bounds.every((bound) => {
        const [, sign = '', wanted = ''] = /^([<>=]+)(.+)$/.exec(bound) ?? [];
        return meanings[sign]?.(compared(version, wanted)) === true;
      }),
  };
}
