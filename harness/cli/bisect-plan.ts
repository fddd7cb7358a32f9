import {
  browserName,
  isDriven,
  parseBrowserSpec,
  type BrowserSpec,
  type DrivenSpec,
} from '../config/browser-spec.ts';
import { versionProblem } from '../config/browsers.ts';
import { uniqueBrowsers } from '../config/lists.ts';
import { UsageError } from '../errors.ts';
import { compareVersions } from '../results/version-range.ts';

/** A cell by its name. */
export interface NamedCell {
  scenario: string;
  offerer: string;
  /** null for a single scenario. */
  answerer: string | null;
}

/**
 * Reads the name of a cell, as `cellName` writes it; which of its repeats is meant does not matter.
 * @throws {UsageError} `bad-cell`
 */
export function parseCell(text: string): NamedCell {
  const found =
    /^(?<scenario>[^/]+\/[^/]+\/[^/]+)\/(?<offerer>[^/:]+)(?::(?<answerer>[^/:]+))?(?:\/\d+)?$/.exec(
      text,
    )?.groups;
  const { scenario, offerer, answerer = null } = found ?? {};
  if (scenario !== undefined && offerer !== undefined) return { scenario, offerer, answerer };
  throw new UsageError(
    'bad-cell',
    `"${text}" names no cell. A cell is named by its scenario and its pair, e.g. codecs/video/vp8/chrome:firefox.`,
  );
}

const sidesOf = ({ offerer, answerer }: NamedCell): string[] => [...new Set([offerer, answerer ?? offerer])];

/** A browser as a configuration or the command line knows it; undefined if neither does. */
function specOf(name: string, configured: readonly BrowserSpec[]): BrowserSpec | undefined {
  const known = configured.find(({ id }) => id === name);
  if (known) return known;
  try {
    return parseBrowserSpec(name);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}

/**
 * The browser of a cell that a search is about, as the cell names it.
 * @param named as given to `--browser`: its name in the cell, or its kind
 * @param configured the browsers that names may stand for
 * @throws {UsageError} `which-browser`
 */
export function searched(
  cell: NamedCell,
  named: string | undefined,
  configured: readonly BrowserSpec[],
): { side: string; base: DrivenSpec } {
  const sides = sidesOf(cell);
  const exact = sides.filter((side) => side === named);
  const ofKind = sides.filter((side) => named === undefined || specOf(side, configured)?.kind === named);
  const [side, ...more] = exact.length > 0 ? exact : ofKind;
  const base =
    side === undefined
      ? undefined
      : (specOf(side, configured) ?? (named === undefined ? undefined : specOf(named, configured)));
  if (side === undefined || more.length > 0 || base === undefined || !isDriven(base)) {
    const which =
      named === undefined ? 'say which by --browser' : `--browser ${named} is not one of them alone`;
    throw new UsageError(
      'which-browser',
      `The cell has ${sides.join(' and ')}: ${which}. It has to be a browser that the harness starts here.`,
    );
  }
  return { side, base };
}

/** The browser of a search without the settings that determine which version is started. */
function withoutVersion(spec: DrivenSpec): DrivenSpec {
  const { executable: _path, channel: _channel, version: _version, configured: _configured, ...rest } = spec;
  return rest;
}

/**
 * A version of a browser as the command line names it: `150`, `beta`, `name=/path/to/executable`, or a browser of the
 * configuration.
 * @throws {UsageError} `bad-version`
 */
export function versionSpec(text: string, base: DrivenSpec, configured: readonly BrowserSpec[]): DrivenSpec {
  const { name, path } = /^(?<name>[^=]+)=(?<path>.+)$/s.exec(text)?.groups ?? {};
  if (name !== undefined && path !== undefined) {
    if (browserName.pattern.test(name)) return { ...withoutVersion(base), id: name, executable: path };
    throw new UsageError('bad-browser-name', `The name "${name}" may have ${browserName.says}.`);
  }
  const known = configured.find(({ id }) => id === text);
  if (known && isDriven(known)) return known;
  const version = text.startsWith(`${base.kind}@`) ? text.slice(base.kind.length + 1) : text;
  const problem = versionProblem(base.kind, version);
  if (problem === undefined) return { ...withoutVersion(base), id: `${base.kind}@${version}`, version };
  throw new UsageError(
    'bad-version',
    `"${text}" is no version: ${problem}. Or name executables: --versions old=/path,new=/path.`,
  );
}

/** What the names on the command line stand for: the versions of a search, or its two ends. */
export interface Ends {
  good: DrivenSpec;
  bad: DrivenSpec;
  /** The versions that were named; null if each milestone between the ends is one. */
  listed: readonly DrivenSpec[] | null;
}

/** @throws {UsageError} if something is missing, or is no version */
export function endsOf(
  flags: { good?: string; bad?: string; versions?: readonly string[] },
  base: DrivenSpec,
  configured: readonly BrowserSpec[],
): Ends {
  const listed = flags.versions?.map((text) => versionSpec(text, base, configured)) ?? null;
  if (listed) uniqueBrowsers(listed);
  const named = (text: string | undefined, otherwise: DrivenSpec | undefined): DrivenSpec => {
    if (text === undefined) {
      if (otherwise) return otherwise;
      throw new UsageError('bad-version', 'Name both ends of the search: --good 150 --bad 156.');
    }
    if (!listed) return versionSpec(text, base, configured);
    const found = listed.find(({ id }) => id === text || id === `${base.kind}@${text}`);
    if (found) return found;
    throw new UsageError(
      'bad-version',
      `"${text}" is not among --versions, which are ${listed.map(({ id }) => id).join(', ')}.`,
    );
  };
  const [good, bad] = [named(flags.good, listed?.[0]), named(flags.bad, listed?.at(-1))];
  if (good.id === bad.id)
    throw new UsageError('bad-version', `${good.id} cannot be good and bad: name two versions.`);
  if (!listed && (good.version === undefined || bad.version === undefined))
    throw new UsageError(
      'bad-version',
      'What is between two executables is not known: list it by --versions.',
    );
  return { good, bad, listed };
}

const milestoneOf = (version: string): number => Number.parseInt(version, 10);

/**
 * The versions from one end to the other, the oldest first: those that were listed, or each milestone between.
 * @param versions of the ends, as they are once installed: `156.0.8078.108`
 */
export function versionsBetween(
  { good, bad, listed }: Ends,
  versions: { good: string; bad: string },
): DrivenSpec[] {
  if (listed) {
    const at = [listed.indexOf(good), listed.indexOf(bad)];
    return listed.slice(Math.min(...at), Math.max(...at) + 1);
  }
  const isGoodFirst = compareVersions(versions.good, versions.bad) <= 0;
  const [first, last] = isGoodFirst ? [good, bad] : [bad, good];
  const [from, to] = [milestoneOf(versions.good), milestoneOf(versions.bad)].toSorted((a, b) => a - b);
  const count = Math.max((to ?? 0) - (from ?? 0) - 1, 0);
  const between = Array.from({ length: count }, (_, at): DrivenSpec => {
    const version = String((from ?? 0) + 1 + at);
    return { ...withoutVersion(good), id: `${good.kind}@${version}`, version };
  });
  return [first, ...between, last];
}

/** The cell with one of its browsers under another name. */
export const withSide = <T extends NamedCell>(cell: T, side: string, id: string): T => ({
  ...cell,
  offerer: cell.offerer === side ? id : cell.offerer,
  answerer: cell.answerer === side ? id : cell.answerer,
});
