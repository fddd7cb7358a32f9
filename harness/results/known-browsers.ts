import { factsOf, isBrowserKind } from '../config/browsers.ts';
import type { BrowserResult } from './schema.ts';
import type { BrowserPattern } from './version-range.ts';

/** A browser of a run; its version is known once it has started, and so is its engine if its kind does not tell. */
export type NamedBrowser = Pick<BrowserResult, 'id' | 'kind'> &
  Partial<Pick<BrowserResult, 'version' | 'engine'>>;

/** The engine of a kind; a kind that is unknown here, from results of a later version, counts as its own engine. */
const engineOf = (kind: string): string => (isBrowserKind(kind) ? factsOf(kind).engine : kind);

/** The browsers of a run, as expectations may name them. */
export class KnownBrowsers {
  readonly #names: Map<string, readonly string[]>;
  readonly #versions = new Map<string, string>();

  constructor(browsers: readonly NamedBrowser[]) {
    this.#names = new Map(browsers.map(({ id, kind, engine = engineOf(kind) }) => [id, [id, kind, engine]]));
    for (const { id, version } of browsers) if (version !== undefined) this.#versions.set(id, version);
  }

  /** Learns version and engine of a browser that has started: only then does a device say what it is. */
  learn({ id, version, engine }: Pick<BrowserResult, 'id' | 'version' | 'engine'>): void {
    this.#versions.set(id, version);
    const names = this.#names.get(id);
    if (names?.includes(engine) === false) this.#names.set(id, [...names, engine]);
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
