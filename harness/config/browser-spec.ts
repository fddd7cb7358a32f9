import { withoutCredentials } from './endpoint.ts';
import { UsageError } from '../errors.ts';
import {
  browserKinds,
  driverNames,
  type BrowserKind,
  type ChannelName,
  versionProblem,
  type DriverName,
} from './browsers.ts';

export { browserKinds, type BrowserKind, type DriverName };

/** One browser as the user named it, before anything else is known about it. */
export interface BrowserSpec {
  /** The name of its row and column: a built-in name, or the user's. */
  id: string;
  /** `url`: whatever opens an address; `command`: a program that does. */
  kind: BrowserKind | UndrivenKind;
  /** The driver that the user chose; default: that of the kind. */
  driver?: DriverName;
  /** Its executable, absolute; default: it is searched for. */
  executable?: string;
  /** The program that drives it by WebDriver, absolute; default: it is searched for. */
  driverProgram?: string;
  /** A WebDriver endpoint, `http://host:port`; see `endpointOf` for what it may contain. */
  endpoint?: string;
  /** With `--module`, which makes columns: the id of the browser of which this is one. */
  variantOf?: string;
  /** With `--module`: modules that its pages load instead of those that scenarios declare, by name. */
  modules?: Readonly<Record<string, string>>;
  /** Its release channel; default: the stable one. */
  channel?: ChannelName;
  /** A version or release channel that `@puppeteer/browsers` has: `150`, `beta`. */
  version?: string;
  /** W3C capabilities that override those of the harness, for WebDriver. */
  capabilities?: Readonly<Record<string, unknown>>;
  /** Arguments after those of the harness. */
  args?: readonly string[];
  /** Preferences of Firefox that override those of the harness. */
  prefs?: Readonly<Record<string, string | number | boolean>>;
  /** The largest number of pages that it shows at once. */
  maxPages?: number;
  /** The largest number of simultaneous sessions on its server, each with a browser of its own. Default: one. */
  slots?: number;
  /** `false`: classic WebDriver, without BiDi. */
  bidi?: boolean;
  /** Which address of the fixture its pages get; see `signalingOf`. */
  signaling?: SignalingPlace;
  /** Environment of its process; overrides that of the harness. */
  env?: Readonly<Record<string, string>>;
  /** `true`: it is in the configuration, so its name alone is enough. */
  configured?: true;
}

/** A browser that a driver starts. */
export interface DrivenSpec extends BrowserSpec {
  kind: BrowserKind;
}

/** Kinds that only open an address; nobody drives them. */
export const undrivenKinds = ['url', 'command'] as const;
export type UndrivenKind = (typeof undrivenKinds)[number];

export const isDriven = (spec: BrowserSpec): spec is DrivenSpec => isKind(spec.kind);

/** `loopback`: the address for this machine; `public`: the one that `signaling` of the configuration opens to others. */
export const signalingPlaces = ['loopback', 'public'] as const;
export type SignalingPlace = (typeof signalingPlaces)[number];

const isKind = (text: string): text is BrowserKind => browserKinds.some((kind) => kind === text);
const isUndriven = (text: string): text is UndrivenKind => undrivenKinds.some((kind) => kind === text);
const isDriver = (text: string): text is DriverName => driverNames.some((name) => name === text);
const spec = /^(?:(?<name>[^=]+)=)?(?<kind>[a-z]+)(?:\+(?<driver>[a-z]+))?(?:(?<by>[:@])(?<where>.+))?$/;

/** What follows `@` when it is a version: a number or a word. */
const isVersion = /^(?:\d[\w.]*|[a-z]+)$/;

/** What the name of a browser may be: it becomes part of file names. */
export const browserName = {
  pattern: /^[\w.@-]{1,64}$/,
  says: 'letters, digits, ".", "_", "-" and "@" only, 64 at most',
};

/**
 * Reads one browser from the command line: a built-in name, `kind@version`, `name=kind:/path/to/executable`,
 * `name=kind@http://host:port`, each with `kind+driver` for `kind`, `name=url`, `name=command:PROGRAM`.
 * @throws {UsageError} which says what is wrong and what is accepted.
 */
export function parseBrowserSpec(text: string): BrowserSpec {
  if (isKind(text)) return { id: text, kind: text };
  const { name, kind, driver, by, where } = spec.exec(text)?.groups ?? {};
  const version = by === '@' && where !== undefined && isVersion.test(where) ? where : undefined;
  const id = name ?? (version === undefined ? undefined : `${kind}@${version}`);
  if (id === undefined || kind === undefined) {
    throw new UsageError(
      'unknown-browser',
      `Unknown browser "${withoutCredentials(text)}". Use ${browserKinds.join(', ')}, or kind@version, name=kind:/path/to/executable, name=kind@http://host:port, name=url or name=command:/path/to/program.`,
    );
  }
  if (!browserName.pattern.test(id))
    throw new UsageError('bad-browser-name', `The browser name "${id}" may have ${browserName.says}.`);
  if (!isKind(kind) && !isUndriven(kind)) {
    throw new UsageError(
      'unknown-browser',
      `Unknown kind "${kind}" in "${text}". Use ${[...browserKinds, ...undrivenKinds].join(', ')}.`,
    );
  }
  if (isUndriven(kind) && (driver !== undefined || by !== (kind === 'command' ? ':' : undefined))) {
    throw new UsageError(
      'bad-browser',
      `"${withoutCredentials(text)}": nobody drives it. Use name=url for a device that opens an address, name=command:/path/to/program for a program that does.`,
    );
  }
  if (driver !== undefined && !isDriver(driver)) {
    throw new UsageError(
      'unknown-driver',
      `Unknown driver "${driver}" in "${text}". Use ${driverNames.join(' or ')}.`,
    );
  }
  const wrong = version === undefined || !isKind(kind) ? undefined : versionProblem(kind, version);
  if (wrong !== undefined) throw new UsageError('bad-version', `"${text}" is not understood: ${wrong}.`);
  if (by === '@' && version === undefined && where !== undefined && !/^https?:\/\/[^/]+/.test(where)) {
    throw new UsageError(
      'bad-endpoint',
      `"${withoutCredentials(where)}" in "${withoutCredentials(text)}" is neither a version nor a WebDriver endpoint. Use a number, a release channel or http://host:port.`,
    );
  }
  return {
    id,
    kind,
    ...(driver === undefined ? {} : { driver }),
    ...(by === ':' && where !== undefined ? { executable: where } : {}),
    ...(version === undefined ? {} : { version }),
    ...(by === '@' && version === undefined && where !== undefined ? { endpoint: where } : {}),
  };
}
