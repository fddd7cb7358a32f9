import { factsOf, isBrowserKind } from '../config/browsers.ts';
import type { BrowserResult } from './schema.ts';
import type { BrowserPattern } from './version-range.ts';

/** A browser of a run; its version is known once it has started. */
export type NamedBrowser = Pick<BrowserResult, 'id' | 'kind'> & { version?: string };

/** The engine of a kind; a kind that results of a later version name is its own. */
const engineOf = (kind: string): string => (isBrowserKind(kind) ? factsOf(kind).engine : kind);

/** The browsers of a run, as expectations may name them. */
export class KnownBrowsers {
  readonly #names: ReadonlyMap<string, readonly string[]>;
  readonly #versions = new Map<string, string>();

  constructor(browsers: readonly NamedBrowser[]) {
    this.#names = new Map(browsers.map(({ id, kind }) => [id, [id, kind, engineOf(kind)]]));
    for (const { id, version } of browsers) if (version !== undefined) this.#versions.set(id, version);
  }

  /** Tells the version of a browser that has started. */
  learn(id: string, version: string): void {
    this.#versions.set(id, version);
  }

  /** Whether a pattern means a browser, whatever its version. */
  isNamed({ name }: BrowserPattern, id: string | null): boolean {
    if (name === '*') return true;
    return id !== null && (this.#names.get(id) ?? [id]).includes(name);
  }

  /** Whether a pattern means a browser. One whose version is not known is in no range. */
  isMeant(pattern: BrowserPattern, id: string | null): boolean {
    if (!this.isNamed(pattern, id)) return false;
    if (!pattern.hasRange) return true;
    const version = id === null ? undefined : this.#versions.get(id);
    return version !== undefined && pattern.takes(version);
  }
}
