import { z } from 'zod';
import type { KnownBrowsers } from './known-browsers.ts';
import type { Cell, Reason } from './schema.ts';
import { browserPattern, sidePattern } from './version-range.ts';

export const lackSchema = z.strictObject({
  browser: z
    .string()
    .regex(sidePattern)
    .describe('A browser by its id, kind or engine; versions may follow, as in "gecko >=153".'),
  names: z
    .array(z.string().min(1))
    .describe(
      'Capabilities that it lacks, as scenarios require them; with `*` at the end, any that begins so may be missing.',
    ),
  why: z.string().min(1).describe('Why it lacks them, for people.'),
  installation: z
    .literal(true)
    .optional()
    .describe(
      'An installation may be without them, and another may have them: a plug-in, a build, a graphics card.',
    ),
});

/** What a browser is known to lack. Anything else that a browser named here lacks is unexpected. */
export type Lack = z.infer<typeof lackSchema>;

/** What one side lacks. */
export interface Missing {
  /** The browser's id; null if the reason names a side that the cell does not have. */
  browser: string | null;
  names: string[];
}

/** What the sides of an unsupported cell lack, according to its reason; none if another reason was given. */
export function missingIn({
  offerer,
  answerer,
  reason,
}: Pick<Cell, 'offerer' | 'answerer' | 'reason'>): Missing[] {
  if (reason?.code !== 'lacks-capability') return [];
  return textsOf(reason).flatMap((text) => {
    const { role, names } =
      /^(?<role>offerer|answerer|single) \S+ has no (?<names>.+)$/.exec(text)?.groups ?? {};
    if (names === undefined) return [];
    return [{ browser: role === 'answerer' ? answerer : offerer, names: names.split(', ') }];
  });
}

const textsOf = ({ message }: Reason): string[] => message.replace(/, says its probe$/, '').split('; ');

/** What browsers are known to lack, compared with unsupported cells. */
export class Lacks {
  readonly #all: readonly { pattern: ReturnType<typeof browserPattern>; names: ReadonlySet<string> }[];
  readonly #browsers: KnownBrowsers;

  constructor(all: readonly Lack[], browsers: KnownBrowsers) {
    this.#all = all.map(({ browser, names }) => ({
      pattern: browserPattern(browser),
      names: new Set(names),
    }));
    this.#browsers = browsers;
  }

  /** Whether anything is known about what a browser lacks. */
  #isKnown(id: string | null): boolean {
    return this.#all.some(({ pattern }) => this.#browsers.isMeant(pattern, id));
  }

  /** Whether a browser is known to lack a capability. */
  isLacking(id: string | null, name: string): boolean {
    const isNamed = (names: ReadonlySet<string>): boolean =>
      names.has(name) || [...names].some((each) => each.endsWith('*') && name.startsWith(each.slice(0, -1)));
    return this.#all.some(({ pattern, names }) => isNamed(names) && this.#browsers.isMeant(pattern, id));
  }

  /**
   * What is missing unexpectedly in an unsupported cell, which must therefore have been supported before. One thing that a
   * side is known to lack explains the cell, whatever else is missing; about a browser that is not named nothing is known.
   */
  unexplained(cell: Pick<Cell, 'offerer' | 'answerer' | 'reason'>): string | undefined {
    const missing = missingIn(cell);
    if (missing.length === 0) {
      const sides = [cell.offerer, cell.answerer ?? cell.offerer];
      return sides.every((id) => this.#isKnown(id)) ? 'what it lacks is not said' : undefined;
    }
    for (const { browser, names } of missing) {
      if (!this.#isKnown(browser) || names.some((name) => this.isLacking(browser, name))) return undefined;
    }
    return missing
      .map(({ browser, names }) => `${browser ?? 'a side'} is not known to lack ${names.join(', ')}`)
      .join('; ');
  }
}
