import type { BrowserResult, Run } from '../results/schema.ts';
import type { Part } from './parts.ts';

/** A browser of one part, with what distinguishes it from others that have its id. */
interface Variant {
  id: string;
  version: string;
  os: string;
  arch: string;
}

const variantOf = (
  id: string,
  browser: BrowserResult | undefined,
  { environment: { os, arch } }: Run,
): Variant => ({
  id,
  version: browser?.version ?? 'unknown',
  os,
  arch,
});

const differences = ['version', 'os', 'arch'] as const;
const keyOf = (variant: Variant): string => JSON.stringify(variant);

/** An id may have these characters only: it becomes part of file names. */
const safe = (text: string): string => text.replaceAll(/[^\w.@-]/g, '_').slice(0, 64);

/** Every id that the browsers and cells of a part have. */
const idsOf = ({ results: { browsers, cells } }: Part): Set<string> =>
  new Set([
    ...browsers.map(({ id }) => id),
    ...cells.flatMap(({ offerer, answerer }) => [offerer, answerer ?? offerer]),
  ]);

/** Maps the ids of one part to those in the whole. */
export type Ids = (id: string) => string;

/**
 * Distinguishes browsers that share an id by adding version and system to their names (`firefox-153.7.0-linux`), as far as
 * needed. One that did not start in a part is taken for the one with that id
 * that did start on the same system, if there is one.
 */
export function tellApart(parts: readonly Part[]): Map<Part, Ids> {
  const found = parts.map((part) => {
    const { browsers, run } = part.results;
    const started = new Map(browsers.map((browser) => [browser.id, browser]));
    return { part, variants: [...idsOf(part)].map((id) => variantOf(id, started.get(id), run)) };
  });
  const started = found.flatMap(({ variants }) => variants).filter(({ version }) => version !== 'unknown');
  const settled = found.map(({ part, variants }) => ({
    part,
    variants: variants.map((variant) =>
      variant.version !== 'unknown'
        ? variant
        : (started.find(
            ({ id, os, arch }) => id === variant.id && os === variant.os && arch === variant.arch,
          ) ?? variant),
    ),
  }));
  const all = new Map(
    settled.flatMap(({ variants }) => variants.map((variant) => [keyOf(variant), variant])),
  );
  const taken = new Set<string>();
  const names = new Map<string, string>();
  for (const [key, variant] of all) {
    const others = [...all.values()].filter(({ id }) => id === variant.id);
    const words = differences
      .filter((what) => new Set(others.map((other) => other[what])).size > 1)
      .map((what) => variant[what]);
    const name = others.length === 1 ? variant.id : safe([variant.id, ...words].join('-'));
    let free = name;
    for (let number = 2; taken.has(free); number += 1) free = `${name}.${number}`;
    taken.add(free);
    names.set(key, free);
  }
  return new Map(
    settled.map(({ part, variants }) => {
      const ids = new Map(variants.map((variant) => [variant.id, names.get(keyOf(variant)) ?? variant.id]));
      return [part, (id) => ids.get(id) ?? id];
    }),
  );
}
