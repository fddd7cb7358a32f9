import { basename, join } from 'node:path';
import { z } from 'zod';
import { EvidenceReader } from '../results/evidence-reader.ts';
import type { Cell } from '../results/schema.ts';
import { jsonIn } from '../results/validate.ts';
import { writeAtomically } from '../results/write-atomically.ts';
import type { Reporter } from './reporter.ts';

/** More than any cell leaves. */
const mostBytes = 1024 * 1024;

/** Where a browser has something else than browser-compat-data says: the evidence `compat.json` of a cell. */
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

/**
 * What cells found against browser-compat-data; null where none looked.
 * @param dir the folder of their run
 * @param say hears of what cannot be read, a sentence each
 */
export async function differencesIn(
  cells: AsyncIterable<Pick<Cell, 'evidence'>> | Iterable<Pick<Cell, 'evidence'>>,
  dir: string,
  say: (problem: string) => void,
): Promise<Difference[] | null> {
  const reader = new EvidenceReader(dir);
  const all: Difference[] = [];
  let looked = false;
  for await (const { evidence } of cells) {
    for (const piece of evidence) {
      const { kind, path } = piece;
      if (kind !== 'trace' || !/(?:^|-)compat(?:\.\d+)?\.json$/.test(basename(path))) continue;
      const found = await reader.find(piece);
      if ('problem' in found) say(found.problem);
      if (!('content' in found)) continue;
      const parsed =
        found.content.length <= mostBytes
          ? differences.safeParse(jsonIn(found.content.toString('utf8')))
          : { success: false as const };
      looked ||= parsed.success;
      if (parsed.success) all.push(...parsed.data);
      else say(`${join(dir, path)} is not what compat.json is made of.`);
    }
  }
  return looked ? all : null;
}

/** Writes `compat.json` where browsers differ from browser-compat-data: ready to be sent there. */
export const write: Reporter['write'] = async ({ cells, dir, say }) => {
  const all = (await differencesIn(cells(), dir, say)) ?? [];
  if (all.length > 0)
    await writeAtomically(join(dir, 'compat.json'), `${JSON.stringify(compatOf(all), null, 2)}\n`);
};
