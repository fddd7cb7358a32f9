import { basename, join } from 'node:path';
import { z } from 'zod';
import { EvidenceReader } from '../results/evidence-reader.ts';
import type { BrowserResult, Cell } from '../results/schema.ts';
import { jsonIn } from '../results/validate.ts';
import { compareVersions } from '../results/version-range.ts';
import { writeAtomically } from '../results/write-atomically.ts';
import type { Reporter } from './reporter.ts';

/** More than any cell leaves. */
const mostBytes = 1024 * 1024;

/** Where a browser differs from what browser-compat-data says: the evidence `compat.json` of a cell. */
export const differenceSchema = z.object({
  path: z.string().regex(/^api(?:\.[\w-]+)+$/),
  browser: z.string(),
  support: z.object({ version_added: z.union([z.string(), z.literal(false)]) }),
  status: z.object({ experimental: z.boolean(), standard_track: z.boolean(), deprecated: z.boolean() }),
});
export type Difference = z.infer<typeof differenceSchema>;
const differences = z.array(differenceSchema);

/** The key under which a feature has its statement. */
const own = '__compat';

/** A feature of browser-compat-data, and those below it. */
export interface Feature {
  [own]?: Pick<Difference, 'status'> & { support: Record<string, Difference['support']> };
  [name: string]: Feature | Feature[typeof own];
}

/** Differences in the form of browser-compat-data's own files: https://github.com/mdn/browser-compat-data */
export function compatOf(all: readonly Difference[]): { api: Feature } {
  const api: Feature = {};
  for (const { path, browser, support, status } of all.toSorted((a, b) => (a.path < b.path ? -1 : 1))) {
    let at: Feature = api;
    for (const name of path.split('.').slice(1)) {
      const below = at[name];
      at = isFeature(below) ? below : (at[name] = {});
    }
    at[own] = { support: { ...at[own]?.support, [browser]: support }, status };
  }
  return { api };
}

const isFeature = (value: Feature | Feature[typeof own]): value is Feature =>
  value !== undefined && !('support' in value);

type Looking = Pick<Cell, 'offerer' | 'evidence'>;
type Named = Pick<BrowserResult, 'id' | 'engine' | 'version'>;

/**
 * The differences from browser-compat-data that cells found; null if none looked. Of several versions of a browser the newest
 * counts: what an older one has says nothing about now.
 * @param dir the folder of their run
 * @param say is told what cannot be read, in one sentence each
 */
export async function differencesIn(
  cells: AsyncIterable<Looking> | Iterable<Looking>,
  browsers: readonly Named[],
  dir: string,
  say: (problem: string) => void,
): Promise<Difference[] | null> {
  const reader = new EvidenceReader(dir);
  const found = new Map<string, Difference[]>();
  for await (const { offerer, evidence } of cells) {
    for (const piece of evidence) {
      const { kind, path } = piece;
      if (kind !== 'trace' || !/(?:^|-)compat(?:\.\d+)?\.json$/.test(basename(path))) continue;
      const read = await reader.find(piece);
      if ('problem' in read) say(read.problem);
      if (!('content' in read)) continue;
      const parsed =
        read.content.length <= mostBytes
          ? differences.safeParse(jsonIn(read.content.toString('utf8')))
          : { success: false as const };
      if (parsed.success) found.set(offerer, [...(found.get(offerer) ?? []), ...parsed.data]);
      else say(`${join(dir, path)} is not what compat.json is made of.`);
    }
  }
  return found.size === 0 ? null : ofNewest(found, browsers);
}

/** The differences, by id, of browsers of which no newer version is among those that looked. */
export function ofNewest(found: ReadonlyMap<string, Difference[]>, browsers: readonly Named[]): Difference[] {
  const newer = (id: string, than: Named | undefined): boolean => {
    const other = browsers.find((browser) => browser.id === id);
    if (other === undefined || than === undefined || other.engine !== than.engine) return false;
    return compareVersions(other.version, than.version) > 0;
  };
  const namesOf = (id: string): string[] => (found.get(id) ?? []).map(({ browser }) => browser);
  return [...found].flatMap(([id, all]) => {
    const self = browsers.find((browser) => browser.id === id);
    const later = [...found.keys()].filter((other) => newer(other, self));
    // One without differences may be the same browser as well.
    return all.filter(
      ({ browser }) =>
        !later.some((other) => namesOf(other).length === 0 || namesOf(other).includes(browser)),
    );
  });
}

/** Writes `compat.json` if browsers differ from browser-compat-data: ready to be sent there. */
export const write: Reporter['write'] = async ({ run, cells, dir, say }) => {
  const all = (await differencesIn(cells(), run.browsers, dir, say)) ?? [];
  if (all.length > 0)
    await writeAtomically(join(dir, 'compat.json'), `${JSON.stringify(compatOf(all), null, 2)}\n`);
};
