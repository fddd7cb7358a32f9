/** A browser as compatibility tables name it. */
export interface Product {
  /** The browsers that share its surface; `chromium` stands for Chrome and Edge as well. */
  family: 'chromium' | 'firefox' | 'safari' | 'webkitgtk';
  version: string;
  /** Its name in browser-compat-data; null where it has none there. */
  bcd: 'chrome' | 'edge' | 'firefox' | 'safari' | null;
}

/**
 * @param userAgent `navigator.userAgent`
 * @param version the product's own, which WebKitGTK's user agent does not tell
 */
export function productOf(userAgent: string, version: string): Product {
  if (/Firefox\//.test(userAgent)) return { family: 'firefox', version, bcd: 'firefox' };
  if (/Edg\//.test(userAgent)) return { family: 'chromium', version, bcd: 'edge' };
  if (/Chrome\//.test(userAgent)) return { family: 'chromium', version, bcd: 'chrome' };
  return /Macintosh|iPhone|iPad/.test(userAgent)
    ? { family: 'safari', version, bcd: 'safari' }
    : { family: 'webkitgtk', version, bcd: null };
}

/** Whether a version is another one or a later one, number by number: `2.50.6` is at least `2.50`. */
export function isAtLeast(version: string, other: string): boolean {
  const [one, two] = [version, other].map((text) => text.split('.').map(Number));
  for (const [at, least] of (two ?? []).entries()) {
    const number = one?.[at] ?? 0;
    if (number !== least) return number > least;
  }
  return true;
}
