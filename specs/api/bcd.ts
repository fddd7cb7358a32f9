import { createRequire } from 'node:module';
import type {
  CompatData,
  CompatStatement,
  Identifier,
  SimpleSupportStatement,
} from '@mdn/browser-compat-data/types';
import type { Answer, MemberQuestion } from '../../fixtures/peer-page/idl/question.ts';
import { isAtLeast, type Product } from './product.ts';

let loaded: CompatData | undefined;

/** MDN's data: 20 MB, read when it is first asked for. */
const data = (): CompatData => {
  // JSON from a package that brings its own types
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  loaded ??= createRequire(import.meta.url)('@mdn/browser-compat-data') as CompatData;
  return loaded;
};

/** The key under which a feature has its statement. */
const own = '__compat';

/** The key of a member below its interface; undefined for what browser-compat-data has no keys for. */
export function keyOf(
  name: string,
  member: string,
  question: MemberQuestion | undefined,
): string | undefined {
  if (member === 'interface') return '';
  if (member === 'constructor') return name;
  if (question?.is === 'operation' && question.static) return `${member}_static`;
  if (question?.is === 'attribute' && question.type.is === 'event handler') return `${member.slice(2)}_event`;
  return /^\w+$/.test(member) ? member : innerKeyOf(name, member);
}

/** The key of something inside a member: of an argument, a result or a value. */
function innerKeyOf(name: string, member: string): string | undefined {
  const { call, argument, read } =
    /^(?<call>\w+)\((?<argument>\w+)\.(?<read>\w+)\)$/.exec(member)?.groups ?? {};
  if (call !== undefined && argument !== undefined && read !== undefined) {
    const above = call === 'constructor' ? name : call;
    const forms = [`${argument}_${read}_parameter`, `${read}_option`, `${read}_constraint`];
    return forms.map((form) => `${above}.${form}`).find((key) => compatOf(name, key));
  }
  const { from, property } = /^(?<from>\w+)\(\)\.(?<property>\w+)$/.exec(member)?.groups ?? {};
  if (from !== undefined && property !== undefined) return `${from}.return_object_property_${property}`;
  const { attribute, value } = /^(?<attribute>\w+) = "(?<value>[^"]+)"$/.exec(member)?.groups ?? {};
  return attribute !== undefined && value !== undefined ? `${attribute}.${value}_value` : undefined;
}

/** What MDN says of a member: the statement, and the path that leads to it. */
export function compatOf(name: string, key: string): { path: string; compat: CompatStatement } | undefined {
  const names = [name, ...(key === '' ? [] : key.split('.'))];
  let at: Identifier | undefined = data().api;
  for (const each of names) at = at?.[each];
  const compat = at?.[own];
  return compat ? { path: ['api', ...names].join('.'), compat } : undefined;
}

/** A member that browser-compat-data knows but no specification here does. */
export interface OtherMember {
  member: string;
  key: string;
  /** Whether it is on the interface itself. */
  static: boolean;
}

/** The members that browser-compat-data has of an interface, besides those that were asked about. */
export function otherMembers(name: string, asked: ReadonlySet<string>): OtherMember[] {
  const above: Identifier = data().api[name] ?? {};
  return Object.keys(above).flatMap((key) => {
    const compat = above[key]?.[own];
    // A key of several words says something about a member but names none: `worker_support`, `returns_promise`.
    const [, member = '', kind] = /^([a-zA-Z]+)(_event|_static)?$/.exec(key) ?? [];
    if (member === '' || member === name || asked.has(key)) return [];
    // What MDN explains elsewhere is not a member either: `RTCDataChannel.transferable`.
    if (compat?.mdn_url?.includes(`/${name}/`) === false) return [];
    return [{ member: kind === '_event' ? `on${member}` : member, key, static: kind === '_static' }];
  });
}

/** The answers about such members. An event needs no attribute for its handler: without one nothing is known about it. */
export const answersOf = (found: readonly (OtherMember & { found: boolean })[]): Answer[] =>
  found
    .filter(({ key, found: isThere }) => isThere || !key.endsWith('_event'))
    .map(({ member, found: isThere }) => ({ member, found: isThere, wrong: [] }));

/** Interfaces that MDN has and these specifications do not. */
export const otherInterfaces = (specified: ReadonlySet<string>): string[] =>
  Object.keys(data().api).filter((name) => /^(?:RTC|Media)/.test(name) && !specified.has(name));

/** What MDN says of a browser at a version. */
export interface Said {
  supported: boolean;
  /** `since 56`, `no`, `since 22 as moz…`, `behind a flag`. */
  words: string;
}

/** null: MDN says nothing of this browser. */
export function saidOf({ support }: CompatStatement, { bcd, version }: Product): Said | null {
  const given = bcd === null ? undefined : support[bcd];
  if (given === undefined) return null;
  const statements: readonly SimpleSupportStatement[] = Array.isArray(given) ? given : [given];
  const now = statements.filter((each) => isNow(each, version));
  const plain = now.find(({ flags, prefix, alternative_name: other }) => !flags && !prefix && !other);
  if (plain) return { supported: true, words: `since ${String(plain.version_added)}` };
  const [other] = now;
  if (!other) return { supported: false, words: removed(statements) };
  const { flags, prefix, alternative_name: alternative } = other;
  return { supported: false, words: flags ? 'behind a flag' : `as ${alternative ?? `${prefix ?? ''}…`}` };
}

function isNow(
  { version_added: added, version_removed: removedIn }: SimpleSupportStatement,
  version: string,
): boolean {
  if (added === false || added === 'preview') return false;
  if (!isAtLeast(version, added.replace('≤', ''))) return false;
  return removedIn === undefined || !isAtLeast(version, removedIn.replace('≤', ''));
}

const removed = (statements: readonly SimpleSupportStatement[]): string => {
  const [last] = statements;
  if (last?.version_added === false || last === undefined) return 'no';
  return last.version_removed === undefined ? `from ${last.version_added}` : `until ${last.version_removed}`;
};

/** A difference, in the form of browser-compat-data: the report makes `compat.json` from these. */
export interface Difference {
  /** `api.RTCPeerConnection.restartIce`. */
  path: string;
  browser: NonNullable<Product['bcd']>;
  support: SimpleSupportStatement;
  status: NonNullable<CompatStatement['status']>;
}

/** @param found whether this version has it under its own name */
export function differenceOf(
  { path, compat }: { path: string; compat: CompatStatement },
  { bcd, version }: Product,
  found: boolean,
): Difference | undefined {
  if (bcd === null) return undefined;
  const release =
    bcd === 'safari' ? version.split('.').slice(0, 2).join('.') : (version.split('.')[0] ?? version);
  return {
    path,
    browser: bcd,
    // Only one version was measured: since when it has been there, only others tell.
    support: { version_added: found ? `≤${release}` : false },
    status: compat.status ?? { experimental: false, standard_track: true, deprecated: false },
  };
}
