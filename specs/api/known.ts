import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { isAtLeast, type Product } from './product.ts';

const families = z.enum(['chromium', 'firefox', 'safari', 'webkitgtk']);

const knownSchema = z.partialRecord(
  families,
  z.object({
    version: z.string().describe('The version that was measured.'),
    lacks: z
      .record(z.string(), z.array(z.string()))
      .describe(
        'Members that it does not have, by interface; a later version that lacks another one has lost it.',
      ),
  }),
);
export type Known = z.infer<typeof knownSchema>;

/** Written by `npm run api:known -- RUN…`. */
export const knownFile = fileURLToPath(new URL('known.json', import.meta.url));

let read: Known | undefined;

/** What each browser is known to lack. */
export const known = (): Known => (read ??= knownSchema.parse(JSON.parse(readFileSync(knownFile, 'utf8'))));

/** What of a version names its release: builds of one have the same members. */
const releaseOf = (family: Product['family'], version: string): string =>
  version
    .split('.')
    .slice(0, family === 'safari' || family === 'webkitgtk' ? 2 : 1)
    .join('.');

/**
 * Whether a browser may be without a member: it is known to be, or nothing is known of it or of a version so old. What
 * an earlier version had, a later one may not lack.
 */
export function mayLack(
  { family, version }: Pick<Product, 'family' | 'version'>,
  name: string,
  member: string,
  all: Known = known(),
): boolean {
  const of = all[family];
  if (!of || !isAtLeast(version, releaseOf(family, of.version))) return true;
  return of.lacks[name]?.includes(member) === true;
}
