import { withoutCredentials } from './endpoint.ts';
import { UsageError } from '../errors.ts';
import {
  browserKinds,
  driverNames,
  type BrowserKind,
  type ChannelName,
  type DriverName,
} from './browsers.ts';

export { browserKinds, type BrowserKind, type DriverName };

/** One browser as the user named it, before anything is looked up. */
export interface BrowserSpec {
  /** The name of its row and column: a built-in name, or the user's. */
  id: string;
  /** `url`: whatever opens an address; `command`: a program that does. */
  kind: BrowserKind | UndrivenKind;
  /** The driver that the user forced; default: that of the kind. */
  driver?: DriverName;
  /** Its executable, absolute; default: it is looked for. */
  executable?: string;
  /** The program that drives it by WebDriver, absolute; default: it is looked for. */
  driverProgram?: string;
  /** A WebDriver endpoint, `http://host:port`; see `endpointOf` for what it may contain. */
  endpoint?: string;
  /** The id of the browser that this is a column of, where `--module` makes columns. */
  variantOf?: string;
  /** Modules that its pages load instead of those that scenarios declare, by name: a column of `--module`. */
  modules?: Readonly<Record<string, string>>;
  /** Its release channel; default: the stable one. */
  channel?: ChannelName;
  /** W3C capabilities over those of the harness, for WebDriver. */
  capabilities?: Readonly<Record<string, unknown>>;
  /** Arguments after those of the harness. */
  args?: readonly string[];
  /** Preferences of Firefox over those of the harness. */
  prefs?: Readonly<Record<string, string | number | boolean>>;
  /** The most pages that it shows at once. */
  maxPages?: number;
  /** The most sessions of its server at once, each with a browser of its own. Default: one. */
  slots?: number;
  /** `false`: classic WebDriver, without BiDi. */
  bidi?: boolean;
  /** Which address of the fixture its pages are given; see `signalingOf`. */
  signaling?: SignalingPlace;
  /** Environment of its process, over that of the harness. */
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
const spec = /^(?<id>[^=]+)=(?<kind>[a-z]+)(?:\+(?<driver>[a-z]+))?(?:(?<by>[:@])(?<where>.+))?$/;

/**
 * Reads one browser from the command line: a built-in name, `name=kind:/path/to/executable`,
 * `name=kind@http://host:port`, either with `kind+driver`, `name=url`, `name=command:PROGRAM`.
 * @throws {UsageError} with what is wrong and what is accepted.
 */
export function parseBrowserSpec(text: string): BrowserSpec {
  if (isKind(text)) return { id: text, kind: text };
  const { id, kind, driver, by, where } = spec.exec(text)?.groups ?? {};
  if (id === undefined || kind === undefined) {
    throw new UsageError(
      'unknown-browser',
      `Unknown browser "${text}". Use ${browserKinds.join(', ')}, or name=kind:/path/to/executable, name=kind@http://host:port, name=url or name=command:/path/to/program.`,
    );
  }
  if (!/^[\w.-]{1,64}$/.test(id)) {
    throw new UsageError(
      'bad-browser-name',
      `The browser name "${id}" may have letters, digits, ".", "_" and "-" only, 64 at most: it becomes part of file names.`,
    );
  }
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
  if (by === '@' && where !== undefined && !/^https?:\/\/[^/]+/.test(where)) {
    throw new UsageError(
      'bad-endpoint',
      `"${withoutCredentials(where)}" in "${withoutCredentials(text)}" is no WebDriver endpoint. Use http://host:port.`,
    );
  }
  return {
    id,
    kind,
    ...(driver === undefined ? {} : { driver }),
    ...(by === ':' && where !== undefined ? { executable: where } : {}),
    ...(by === '@' && where !== undefined ? { endpoint: where } : {}),
  };
}
