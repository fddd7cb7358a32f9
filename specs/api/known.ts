import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';
import { isAtLeast, type Product } from './product.ts';

const families = z.enum(['chromium', 'firefox', 'safari', 'webkitgtk']);
const byInterface = z.record(z.string(), z.array(z.string()));

const knownSchema = z.partialRecord(
  families,
  z.object({
    version: z.string().describe('The version that was measured.'),
    has: byInterface.describe(
      'Members that it has, by interface: a later version without one has lost it. One that is not named may be absent.',
    ),
    byFlag: byInterface.describe("Those of them that it has with this harness's flags only."),
  }),
);
export type Known = z.infer<typeof knownSchema>;

/** Written by `npm run api:known -- RUN…`. */
export const knownFile = fileURLToPath(new URL('known.json', import.meta.url));

let read: Known | undefined;

/** What each browser is known to have. */
export const known = (): Known => (read ??= knownSchema.parse(JSON.parse(readFileSync(knownFile, 'utf8'))));

/** The part of a version that names its release: builds of one release have the same members. */
const releaseOf = (family: Product['family'], version: string): string =>
  version
    .split('.')
    .slice(0, family === 'safari' || family === 'webkitgtk' ? 2 : 1)
    .join('.');

/**
 * Whether a browser has to have a member, because this release or an earlier one had it. A member that a new
 * specification adds is due nowhere; nothing is due in a browser that was never measured, or in an older release.
 * @param launch without the harness's flags, what only these flags bring is not due
 */
export function isDue(
  { family, version }: Pick<Product, 'family' | 'version'>,
  name: string,
  member: string,
  { launch, all = known() }: { launch?: 'as-shipped' | undefined; all?: Known } = {},
): boolean {
  const of = all[family];
  if (!of || !isAtLeast(version, releaseOf(family, of.version))) return false;
  const isIn = (members: z.infer<typeof byInterface>): boolean => members[name]?.includes(member) === true;
  return isIn(of.has) && !(launch === 'as-shipped' && isIn(of.byFlag));
}
